/** Which parts a vendor is asked about, and that nobody waits for ever for the memory of others. */
import {
	firstAsking,
	nextAsking,
	questionsWithoutHits,
	windowParts,
} from '../../../nodes/shared/transfer/asking';
import { BufferPool } from '../../../nodes/shared/transfer/bufferPool';
import type { Room } from '../../../nodes/shared/transfer/memoryLimit';
import { MemoryLimit } from '../../../nodes/shared/transfer/memoryLimit';
import { PartSlot } from '../../../nodes/shared/transfer/partSlot';
import { PartWindow } from '../../../nodes/shared/transfer/partWindow';

const MIB = 1024 * 1024;
const slotIn = (room: Room) => new PartSlot(room, new BufferPool(1));

test.each([
	[8 * MIB, 96 * MIB, 6],
	[64 * MIB, 96 * MIB, 1],
	[8 * MIB, 4 * MIB, 1],
	[8 * MIB, 1024 * MIB, 16],
])('parts of %d bytes in a limit of %d: %d a question', (partBytes, limitBytes, parts) => {
	expect(windowParts(partBytes, limitBytes)).toBe(parts);
});

describe('when to ask', () => {
	test('two parts, then a window, then one part in nine, until there is a hit', () => {
		let asking = firstAsking(6);
		expect(asking).toMatchObject({ sendFirst: 0, askParts: 2 });
		asking = nextAsking(asking, 2, 0, 6);
		expect(asking).toMatchObject({ sendFirst: 0, askParts: 6 });
		asking = nextAsking(asking, 6, 0, 6);
		expect(asking).toMatchObject({ sendFirst: 8, askParts: 1 });
		asking = nextAsking(asking, 1, 1, 6);
		expect(asking).toMatchObject({ sendFirst: 0, askParts: 6, missedInRow: 0 });
	});

	test.each([
		[0, 0],
		[1, 1],
		[2, 1],
		[3, 2],
		[8, 2],
		[16, 2],
		[17, 3],
		[128, 15],
	])('a file of %d parts takes %d questions when there is no hit', (parts, questions) => {
		expect(questionsWithoutHits(parts, 6)).toBe(questions);
	});
});

/** A reader of parts of one byte, as an upload has one; resolves with the number of questions. */
async function read(memory: MemoryLimit, parts: number, mostParts: number): Promise<number> {
	const LIMIT = 4;
	const sent: Array<Promise<void>> = [];
	let questions = 0;
	const window = new PartWindow(mostParts, {
		goesOn: () => true,
		mayAsk: () => true,
		ask: async () => {
			questions += 1;
			return await Promise.resolve(new Set<number>());
		},
		send: async ({ slot }) => {
			sent.push(Promise.resolve().then(() => slot.drop()));
			await Promise.resolve();
		},
		isThere: ({ slot }) => slot.drop(),
		onThrow: (error) => {
			throw error;
		},
	});
	for (let offset = 0; offset < parts; offset++) {
		const room = await window.roomFor(
			async () => await memory.reserve(1, LIMIT),
			memory.hasRoom(1, LIMIT),
			async () => await Promise.all(sent),
		);
		const part = { offset, content: Buffer.alloc(1), last: false, hash: '' };
		await window.add({ part, slot: slotIn(room), prefixHash: '' });
	}
	await window.end();
	await Promise.all(sent);
	return questions;
}

test('two files that fill the memory with half a window each go on', async () => {
	const memory = new MemoryLimit();
	await Promise.all([read(memory, 40, 4), read(memory, 40, 4), read(memory, 40, 4)]);
	expect(memory.held).toBe(0);
});

test('a file alone asks as often as foreseen', async () => {
	expect(await read(new MemoryLimit(), 40, 2)).toBe(questionsWithoutHits(40, 2));
});

test('parts go out unasked while the question about one of them is open, and are held again after a hit', async () => {
	const sent: number[] = [];
	const asked: number[][] = [];
	const answers: Array<(offsets: number[]) => void> = [];
	const window = new PartWindow(4, {
		goesOn: () => true,
		mayAsk: () => true,
		ask: async (parts) => {
			asked.push(parts.map(({ offset }) => offset));
			return new Set(await new Promise<number[]>((resolve) => answers.push(resolve)));
		},
		send: async ({ part }) => {
			sent.push(part.offset);
			await Promise.resolve();
		},
		isThere: () => {},
		onThrow: (error) => {
			throw error;
		},
	});
	const room = await new MemoryLimit().reserve(1, 1);
	const add = async (offset: number) =>
		await window.add({
			part: { offset, content: Buffer.alloc(1), last: false, hash: '' },
			slot: slotIn(room),
			prefixHash: '',
		});
	const answer = async (offsets: number[]) => {
		answers.shift()?.(offsets);
		await new Promise((resolve) => setImmediate(resolve));
	};
	const upTo = (end: number) => Array.from({ length: end }, (_, offset) => offset);
	for (const offset of [0, 1]) await add(offset);
	await answer([]);
	for (const offset of [2, 3, 4, 5]) await add(offset);
	await answer([]);
	// Eight unasked, then the question about one.
	for (let offset = 6; offset < 15; offset++) await add(offset);
	expect(asked).toEqual([[0, 1], [2, 3, 4, 5], [14]]);
	expect(sent).toEqual(upTo(14));
	for (const offset of [15, 16]) await add(offset);
	expect(sent).toEqual([...upTo(14), 15, 16]);
	await answer([14]);
	for (const offset of [17, 18, 19]) await add(offset);
	expect(sent).toEqual([...upTo(14), 15, 16]);
	await add(20);
	expect(asked.at(-1)).toEqual([17, 18, 19, 20]);
	await answer([17, 18, 19, 20]);
	await window.end();
	expect(sent).toEqual([...upTo(14), 15, 16]);
});

test.each([
	['ends', async (window: PartWindow) => await window.end()],
	['drops what it holds', async (window: PartWindow) => await window.drop()],
])('a file that is to be read again sends nothing that is held, and %s', async (_what, finish) => {
	const memory = new MemoryLimit();
	const sent: number[] = [];
	let goesOn = true;
	let answer = (): void => {};
	const window = new PartWindow(4, {
		goesOn: () => goesOn,
		mayAsk: () => true,
		ask: async () => {
			await new Promise<void>((resolve) => (answer = resolve));
			return new Set<number>();
		},
		send: async ({ part, slot }) => {
			sent.push(part.offset);
			slot.drop();
			await Promise.resolve();
		},
		isThere: ({ slot }) => slot.drop(),
		onThrow: (error) => {
			throw error;
		},
	});
	for (const offset of [0, 1, 2, 3]) {
		const part = { offset, content: Buffer.alloc(1), last: false, hash: '' };
		await window.add({ part, slot: slotIn(await memory.reserve(1, 8)), prefixHash: '' });
	}
	goesOn = false;
	const finished = finish(window);
	answer();
	await finished;
	expect(sent).toEqual([]);
	expect(memory.held).toBe(0);
});

test('a file that is to be read again does not wait for the room that it holds itself', async () => {
	const memory = new MemoryLimit();
	let goesOn = true;
	const window = new PartWindow(4, {
		goesOn: () => goesOn,
		mayAsk: () => true,
		ask: async () => await Promise.resolve(new Set<number>()),
		send: async () => await Promise.resolve(),
		isThere: () => {},
		onThrow: (error) => {
			throw error;
		},
	});
	const part = { offset: 0, content: Buffer.alloc(1), last: false, hash: '' };
	await window.add({ part, slot: slotIn(await memory.reserve(1, 1)), prefixHash: '' });
	goesOn = false;
	const room = await window.roomFor(
		async () => await memory.reserve(1, 1),
		memory.hasRoom(1, 1),
		async () => await Promise.resolve(),
	);
	room.release();
	expect(memory.held).toBe(0);
});
