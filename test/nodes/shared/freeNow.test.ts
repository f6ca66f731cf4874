import { releaseMemory } from '../../../nodes/shared/releaseMemory';

const CHUNK_BYTES = 1024 * 1024;

test('gives the memory back without waiting for the garbage collector', () => {
	const chunks = Array.from({ length: 64 }, () => Buffer.allocUnsafeSlow(CHUNK_BYTES));
	const heldBytes = process.memoryUsage().arrayBuffers;
	for (const chunk of chunks) releaseMemory(chunk);
	// They are still referred to, so no collection can have done this.
	expect(heldBytes - process.memoryUsage().arrayBuffers).toBeGreaterThan(63 * CHUNK_BYTES);
	expect(chunks.map(({ length }) => length)).toEqual(chunks.map(() => 0));
});

test('leaves alone what shares its memory with others', () => {
	const whole = Buffer.alloc(100, 7);
	releaseMemory(whole.subarray(0, 99));
	releaseMemory(Buffer.from('from the pool of Node.js'));
	expect(whole).toEqual(Buffer.alloc(100, 7));
	const shared = Buffer.from(new SharedArrayBuffer(10));
	releaseMemory(shared);
	expect(shared).toHaveLength(10);
});

test('an empty chunk is no problem', () => {
	expect(() => releaseMemory(Buffer.allocUnsafeSlow(0))).not.toThrow();
});
