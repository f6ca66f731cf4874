import { PacedBody } from '../../../nodes/shared/http/pacedBody';
import { releaseMemory } from '../../../nodes/shared/releaseMemory';

const content = Buffer.from(Array.from({ length: 300 * 1024 }, (_, index) => index % 251));

const progress = () => ({ begun: jest.fn(), took: jest.fn() });

test('goes out in pieces, without a copy, and as often as it is asked for', () => {
	const body = new PacedBody(content, 'application/octet-stream', progress());
	for (let time = 1; time <= 2; time++) {
		const pieces = [...body.stream()];
		expect(pieces.map(({ length }) => length / 1024)).toEqual([128, 128, 44]);
		expect(Buffer.concat(pieces).equals(content)).toBe(true);
		for (const piece of pieces) expect(piece.buffer).toBe(content.buffer);
	}
});

test('ends when its memory is given back meanwhile', () => {
	const body = new PacedBody(Buffer.from(content), 'application/octet-stream', progress());
	const pieces = body.stream();
	expect(pieces.next().value).toHaveLength(128 * 1024);
	releaseMemory(body.content);
	expect(pieces.next()).toEqual({ done: true, value: undefined });
});

test('is what n8n and its HTTP client take for a blob with content', () => {
	const body = new PacedBody(content, 'application/octet-stream', progress());
	expect(Object.prototype.toString.call(body)).toBe('[object Blob]');
	expect({ size: body.size, type: body.type }).toEqual({
		size: content.length,
		type: 'application/octet-stream',
	});
	// n8n leaves out a body without keys of its own.
	expect(Object.keys(body)).toContain('content');
});

test('tells what was taken from it, and that it has begun anew', () => {
	const told = progress();
	const body = new PacedBody(content, 'application/octet-stream', told);
	const pieces = body.stream();
	pieces.next();
	expect([told.begun.mock.calls.length, told.took.mock.calls]).toEqual([1, []]);
	pieces.next();
	expect(told.took.mock.calls).toEqual([[128 * 1024]]);
	expect([...body.stream()]).toHaveLength(3);
	expect(told.begun).toHaveBeenCalledTimes(2);
	expect(told.took.mock.calls.flat().slice(1)).toEqual([128, 128, 44].map((kib) => kib * 1024));
});
