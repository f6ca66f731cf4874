import { PartBuffers } from '../../../nodes/shared/transfer/bufferPool';

const memoryOf = ({ buffer }: Buffer): ArrayBufferLike => buffer;

test('the next file gets the memory of the one before', () => {
	const buffers = new PartBuffers();
	const first = buffers.of(1000).take(1000);
	const second = buffers.of(1000).take(300);
	expect(memoryOf(second)).not.toBe(memoryOf(first));
	expect(second).toHaveLength(300);
	buffers.of(1000).giveBack(second);
	const third = buffers.of(1000).take(1000);
	expect(memoryOf(third)).toBe(memoryOf(second));
	expect(third).toHaveLength(1000);
});

test('nothing of another part size is kept', () => {
	const buffers = new PartBuffers();
	const small = buffers.of(1000);
	const sent = small.take(1000);
	const waiting = small.take(1000);
	small.giveBack(waiting);
	const large = buffers.of(2000).take(2000);
	expect(large).toHaveLength(2000);
	// A part of the file before that arrives only now.
	small.giveBack(sent);
	const known = [sent, waiting].map(memoryOf);
	expect(known).not.toContain(memoryOf(small.take(1000)));
	expect(known).not.toContain(memoryOf(buffers.of(1000).take(1000)));
});

test('at the end nothing is kept', () => {
	const buffers = new PartBuffers();
	const pool = buffers.of(1000);
	const part = pool.take(1000);
	buffers.close();
	// It was still on its way.
	pool.giveBack(part);
	for (const one of [pool, buffers.of(1000)]) {
		expect(memoryOf(one.take(1000))).not.toBe(memoryOf(part));
	}
});
