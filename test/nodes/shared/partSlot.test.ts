import { BufferPool } from '../../../nodes/shared/transfer/bufferPool';
import { limiterFor } from '../../../nodes/shared/transfer/concurrencyLimiter';
import { MemoryLimit } from '../../../nodes/shared/transfer/memoryLimit';
import { PartSlot } from '../../../nodes/shared/transfer/partSlot';

const SIZE = 1000;
const RUN = { accountKey: 'account', isOver: () => false };

async function newSlot() {
	const memory = new MemoryLimit();
	const buffers = new BufferPool(SIZE);
	const slot = new PartSlot(await memory.reserve(SIZE, SIZE), buffers);
	const content = slot.take(SIZE);
	const isReused = (): boolean => buffers.take(SIZE).buffer === content.buffer;
	return { memory, slot, isReused };
}

test('what was sent gives back its memory and its buffer, once', async () => {
	const { memory, slot, isReused } = await newSlot();
	const limiter = limiterFor(RUN, { startLimit: 1, maxLimit: 1 });
	const thrown: unknown[] = [];
	await slot.send(
		limiter,
		SIZE,
		async () => {
			expect(memory.held).toBe(SIZE);
			slot.giveBack();
			await Promise.resolve();
		},
		(error) => thrown.push(error),
	);
	await limiter.idle();
	slot.giveBack();
	slot.drop();
	expect(thrown).toEqual([]);
	expect(memory.held).toBe(0);
	expect(isReused()).toBe(true);
	expect(isReused()).toBe(false);
});

test('after a failure the memory and the lane are free, and the buffer is not used again', async () => {
	const { memory, slot, isReused } = await newSlot();
	const limiter = limiterFor(RUN, { startLimit: 1, maxLimit: 1 });
	const thrown: unknown[] = [];
	const error = new Error('broken');
	await slot.send(
		limiter,
		SIZE,
		async () => await Promise.reject(error),
		(reason) => thrown.push(reason),
	);
	// Resolves only if the lane is free.
	await limiter.start(
		async () => await Promise.resolve(),
		() => {},
		0,
	);
	await limiter.idle();
	slot.giveBack();
	expect(thrown).toEqual([error]);
	expect(memory.held).toBe(0);
	expect(isReused()).toBe(false);
});
