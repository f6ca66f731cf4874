import { PacedBody } from '../../../nodes/shared/http/pacedBody';
import { releaseMemory } from '../../../nodes/shared/releaseMemory';

const content = Buffer.from(Array.from({ length: 300 * 1024 }, (_, index) => index % 251));

test('goes out in pieces, without a copy, and as often as it is asked for', () => {
	const body = new PacedBody(content, 'application/octet-stream');
	for (let time = 1; time <= 2; time++) {
		const pieces = [...body.stream()];
		expect(pieces.map(({ length }) => length / 1024)).toEqual([128, 128, 44]);
		expect(Buffer.concat(pieces).equals(content)).toBe(true);
		for (const piece of pieces) expect(piece.buffer).toBe(content.buffer);
	}
});

test('ends when its memory is given back meanwhile', () => {
	const body = new PacedBody(Buffer.from(content), 'application/octet-stream');
	const pieces = body.stream();
	expect(pieces.next().value).toHaveLength(128 * 1024);
	releaseMemory(body.content);
	expect(pieces.next()).toEqual({ done: true, value: undefined });
});

test('is what n8n and its HTTP client take for a blob with content', () => {
	const body = new PacedBody(content, 'application/octet-stream');
	expect(Object.prototype.toString.call(body)).toBe('[object Blob]');
	expect({ size: body.size, type: body.type }).toEqual({
		size: content.length,
		type: 'application/octet-stream',
	});
	// n8n leaves out a body without keys of its own.
	expect(Object.keys(body)).toContain('content');
});
