/** The parts that an upload is put together from, each by itself. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { contentHashInTurns } from '../../../nodes/DropboxUpload/api/contentHash';
import type { PackedFile } from '../../../nodes/DropboxUpload/uploadFiles/packs';
import { planPacks } from '../../../nodes/DropboxUpload/uploadFiles/packs';
import {
	PART_UNIT_BYTES,
	partCountOf,
	partSizeFor,
} from '../../../nodes/DropboxUpload/uploadFiles/partSize';
import { failed, success } from '../../../nodes/shared/failure';
import { internalFailure } from '../../../nodes/shared/net';
import { OutcomeTable } from '../../../nodes/shared/run/outcomeTable';
import { EarlierTries } from '../../../nodes/shared/run/earlierTries';
import { ConcurrencyLimiter } from '../../../nodes/shared/transfer/concurrencyLimiter';
import { Lanes } from '../../../nodes/shared/transfer/lanes';
import { MemoryLimit } from '../../../nodes/shared/transfer/memoryLimit';
import { cutIntoParts, endOfPart, SizeMismatch } from '../../../nodes/shared/source/parts';
import { createHttpClient } from '../../../nodes/shared/http/n8nClient';
import { Progress, readableBytes } from '../../../nodes/shared/run/progress';
import { contentHash } from '../../cloud/dropbox';
import { MIB } from './uploads';

/** Lets everything run that does not wait for a timer. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Lanes', () => {
	/** Work that ends when it is told to. */
	function startWork(limiter: ConcurrencyLimiter, count: number) {
		const ends: Array<() => void> = [];
		let running = 0;
		for (let index = 0; index < count; index++) {
			const work = async (): Promise<void> => {
				running += 1;
				await new Promise<void>((end) => ends.push(end));
				running -= 1;
			};
			void limiter.start(work, () => {}, 0);
		}
		return { ends, running: () => running };
	}

	it('let so much work run at once, and the next when one ends', async () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 3, maxLimit: 3 }));
		const { ends, running } = startWork(limiter, 5);
		await settled();
		expect(running()).toBe(3);
		ends.shift()?.();
		await settled();
		expect(running()).toBe(3);
		for (; ends.length > 0; await settled()) ends.shift()?.();
		await limiter.idle();
		expect(running()).toBe(0);
	});

	it('are halved when the vendor says to slow down, once for what was under way together', async () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 8, maxLimit: 8 }));
		const sentAtMs = Date.now();
		limiter.slowDown(sentAtMs);
		limiter.slowDown(sentAtMs);
		expect(limiter.parallel).toBe(4);
		const { ends, running } = startWork(limiter, 10);
		await settled();
		expect(running()).toBe(4);
		for (let ended = 0; ended < 10; await settled()) {
			expect(running()).toBeLessThanOrEqual(4);
			for (; ends.length > 0; ended++) ends.shift()?.();
		}
		await limiter.idle();
	});

	it('are halved once for requests that were sent together, however late each of them says so', () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 8, maxLimit: 8 }));
		const now = jest.spyOn(Date, 'now');
		const slowedAt = (nowMs: number, sentAtMs: number): number => {
			now.mockReturnValue(nowMs);
			limiter.slowDown(sentAtMs);
			return limiter.parallel;
		};
		try {
			expect([3_000, 4_200, 5_400].map((nowMs) => slowedAt(nowMs, 500))).toEqual([4, 4, 4]);
			expect(slowedAt(8_000, 5_500)).toBe(2);
		} finally {
			now.mockRestore();
		}
	});

	it('grow back one by one, to what they were and not beyond', () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 4, maxLimit: 4 }));
		limiter.slowDown(Date.now());
		const seen = new Set<number>();
		for (let index = 0; index < 100; index++) {
			limiter.wentWell();
			seen.add(limiter.parallel);
		}
		expect([...seen]).toEqual([2, 3, 4]);
	});

	it('never fall below one', () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 1, maxLimit: 1 }));
		limiter.slowDown(Date.now());
		expect(limiter.parallel).toBe(1);
	});
});

describe('MemoryLimit', () => {
	/** Whether the reservation has been granted by now. */
	async function isGranted(reservation: Promise<unknown>): Promise<boolean> {
		let granted = false;
		void reservation.then(() => (granted = true));
		await settled();
		return granted;
	}

	it('grants up to the ceiling, and more when something is given back', async () => {
		const memory = new MemoryLimit();
		const first = await memory.reserve(6, 10);
		const second = memory.reserve(5, 10);
		expect(await isGranted(second)).toBe(false);
		first.release();
		expect(await isGranted(second)).toBe(true);
		expect(memory.held).toBe(5);
	});

	it('is not spoilt by a size that nobody knows', async () => {
		const memory = new MemoryLimit();
		const room = await memory.reserve(NaN, 100);
		expect(memory.held).toBe(100);
		room.release();
		expect(memory.held).toBe(0);
		(await memory.reserve(60, 100)).release();
		expect(memory.held).toBe(0);
	});

	it('lets what is larger than the ceiling go alone', async () => {
		const memory = new MemoryLimit();
		const small = await memory.reserve(1, 10);
		const large = memory.reserve(50, 10);
		expect(await isGranted(large)).toBe(false);
		small.release();
		expect(await isGranted(large)).toBe(true);
		expect(await isGranted(memory.reserve(1, 10))).toBe(false);
	});

	it('does not let small ones overtake a large one for ever', async () => {
		const memory = new MemoryLimit();
		const first = await memory.reserve(5, 10);
		const large = memory.reserve(10, 10);
		const small = memory.reserve(1, 10);
		expect(await isGranted(small)).toBe(false);
		first.release();
		expect(await isGranted(large)).toBe(true);
		expect(await isGranted(small)).toBe(false);
	});

	it('makes nobody wait for nothing: it could hold what the first in the queue waits for', async () => {
		const memory = new MemoryLimit();
		const whole = await memory.reserve(20, 10);
		const waiting = memory.reserve(5, 10);
		expect(await isGranted(memory.reserve(0, 10))).toBe(true);
		whole.release();
		expect(await isGranted(waiting)).toBe(true);
	});

	it('takes the same room back only once', async () => {
		const memory = new MemoryLimit();
		const [first] = [await memory.reserve(4, 10), await memory.reserve(4, 10)];
		first.release();
		first.release();
		expect(memory.held).toBe(4);
	});

	it('lets a cancelled one go, and the next one in', async () => {
		const memory = new MemoryLimit();
		const canceled = new AbortController();
		const first = await memory.reserve(8, 10);
		const large = memory.reserve(10, 10, canceled.signal);
		const small = memory.reserve(2, 10);
		expect(await isGranted(small)).toBe(false);
		canceled.abort();
		expect(await isGranted(large)).toBe(true);
		expect(await isGranted(small)).toBe(true);
		expect(memory.held).toBe(10);
		(await large).release();
		expect(memory.held).toBe(10);
		first.release();
		expect(memory.held).toBe(2);
		expect(await isGranted(memory.reserve(99, 10, canceled.signal))).toBe(true);
		expect(memory.held).toBe(2);
	});
});

describe('planPacks', () => {
	const limits = { maxBytes: 100, maxHeaderCharacters: 10_000, maxEntries: 1_000 };
	const filesOf = (sizes: readonly number[]): PackedFile[] =>
		sizes.map((sizeBytes, index) => ({
			file: { source: { sizeBytes } } as PackedFile['file'],
			sessionId: `session ${index}`,
			sizeBytes,
		}));
	const sizesOf = (packs: Iterable<PackedFile[]>) =>
		[...packs].map((pack) => pack.map(({ file }) => file.source.sizeBytes));

	it('fills packs in order, up to the bytes', () => {
		expect(sizesOf(planPacks(filesOf([60, 40, 1, 99, 100, 1]), () => limits))).toEqual([
			[60, 40],
			[1, 99],
			[100],
			[1],
		]);
	});

	it('heeds the number of entries and the length of the header', () => {
		const files = filesOf(Array<number>(10).fill(1));
		expect(
			sizesOf(planPacks(files, () => ({ ...limits, maxEntries: 4 }))).map((pack) => pack.length),
		).toEqual([4, 4, 2]);
		const short = { ...limits, maxHeaderCharacters: 400 };
		for (const pack of planPacks(files, () => short)) {
			const entries = pack.map(({ sessionId }) => ({
				cursor: { session_id: sessionId, offset: 0 },
				length: 1,
				close: true,
			}));
			const header = JSON.stringify({ entries, content_hash: 'f'.repeat(64) });
			expect(header.length).toBeLessThanOrEqual(400);
		}
	});

	it('gives a file that is over a limit by itself a pack of its own', () => {
		const short = { ...limits, maxHeaderCharacters: 10 };
		expect(sizesOf(planPacks(filesOf([500, 500]), () => short))).toEqual([[500], [500]]);
	});

	it('follows limits that change on the way', () => {
		const files = filesOf(Array<number>(9).fill(1));
		let maxEntries = 5;
		const sizes: number[] = [];
		for (const pack of planPacks(files, () => ({ ...limits, maxEntries }))) {
			sizes.push(pack.length);
			maxEntries = 2;
		}
		expect(sizes).toEqual([5, 2, 2]);
	});

	it('has no packs for no files', () => {
		expect([...planPacks([], () => limits)]).toEqual([]);
	});
});

describe('partSizeFor', () => {
	it.each([
		[10 * MIB, undefined, 4 * MIB],
		[127 * MIB, undefined, 4 * MIB],
		[128 * MIB, undefined, 8 * MIB],
		[10 * MIB, 32 * MIB, 32 * MIB],
		[200 * 1024 * MIB, 8 * MIB, 24 * MIB],
	])('%d bytes with %s chosen: %d', (sizeBytes, chosenBytes, expected) => {
		expect(partSizeFor(sizeBytes, chosenBytes)).toBe(expected);
	});

	it('stays a multiple of 4 MiB that one request may carry, up to the largest file', () => {
		for (const sizeBytes of [1, 79e9, 81e9, 1.6e12, 2 ** 41 - 2 ** 22]) {
			const partSizeBytes = partSizeFor(sizeBytes, undefined);
			expect(partSizeBytes % (4 * MIB)).toBe(0);
			expect(partSizeBytes).toBeLessThanOrEqual(150 * MIB);
		}
	});
});

describe('partCountOf', () => {
	it.each([
		[4 * MIB + 1, undefined, 2],
		[127 * MIB, undefined, 32],
		[128 * MIB, undefined, 17],
		[132 * MIB, undefined, 17],
		[133 * MIB, undefined, 18],
		[64 * MIB, 64 * MIB, 2],
		[3 * MIB, 64 * MIB, 1],
	])(
		'%d bytes with %s chosen: %d, of which the last is at most 4 MiB',
		(sizeBytes, chosenBytes, expected) => {
			const partSizeBytes = partSizeFor(sizeBytes, chosenBytes);
			let parts = 0;
			for (let end = 0; end < sizeBytes; parts += 1) {
				end = endOfPart(end, sizeBytes, { partSizeBytes, lastPartBytes: PART_UNIT_BYTES });
			}
			expect(partCountOf(sizeBytes, chosenBytes)).toBe(expected);
			expect(parts).toBe(expected);
		},
	);
});

describe('the content hash of a long body', () => {
	it.each([0, 1, MIB, 4 * MIB, 4 * MIB + 1, 8 * MIB])(
		'is that of Dropbox at %i B',
		async (size) => {
			const content = Buffer.alloc(size, 'content ');
			await expect(contentHashInTurns(content)).resolves.toBe(contentHash(content));
		},
	);

	it('lets the event loop turn while it is computed', async () => {
		let nowMs = 0;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => (nowMs += 10));
		let hasTurned = false;
		setImmediate(() => (hasTurned = true));
		await contentHashInTurns(Buffer.alloc(2 * MIB));
		clock.mockRestore();
		expect(hasTurned).toBe(true);
	});
});

describe('cutIntoParts', () => {
	async function* chunksOf(sizes: readonly number[]): AsyncGenerator<Buffer> {
		let next = 0;
		for (const size of sizes) {
			await settled();
			yield Buffer.from(Array.from({ length: size }, () => next++ % 251));
		}
	}
	async function cut(sizes: readonly number[], declaredBytes: number, partSizeBytes: number) {
		const parts = [];
		for await (const part of cutIntoParts(chunksOf(sizes), declaredBytes, { partSizeBytes }))
			parts.push(part);
		return parts;
	}

	it.each([
		['an empty file', [], 0, [0]],
		['one byte', [1], 1, [1]],
		['an exact multiple', [8], 8, [4, 4]],
		['a multiple plus one', [9], 9, [4, 4, 1]],
		['chunks that do not fit', [3, 3, 3], 9, [4, 4, 1]],
		['empty chunks', [0, 4, 0, 4, 0], 8, [4, 4]],
	])('%s', async (_, sizes, declaredBytes, expected) => {
		const parts = await cut(sizes, declaredBytes, 4);
		expect(parts.map(({ content }) => content.length)).toEqual(expected);
		expect(parts.map(({ last }) => last)).toEqual(
			expected.map((_size, index) => index === expected.length - 1),
		);
		expect(Buffer.concat(parts.map(({ content }) => content))).toEqual(
			Buffer.from(Array.from({ length: declaredBytes }, (_byte, index) => index % 251)),
		);
	});

	it.each([
		['shorter', [7], 8],
		['longer', [8, 1], 8],
		['longer in one chunk', [9], 8],
		['not there at all', [], 8],
		['there, though declared empty', [1], 0],
	])('throws for a file that is %s, before its last part', async (_, sizes, declaredBytes) => {
		const given: boolean[] = [];
		const reading = (async () => {
			for await (const { last } of cutIntoParts(chunksOf(sizes), declaredBytes, {
				partSizeBytes: 4,
			}))
				given.push(last);
		})();
		await expect(reading).rejects.toBeInstanceOf(SizeMismatch);
		expect(given).not.toContain(true);
	});
});

describe('the time that a request may take', () => {
	interface Helper {
		(this: IExecuteFunctions, type: string, options: { timeout: number }): Promise<unknown>;
	}

	function clientOf(httpRequestWithAuthentication: Helper) {
		const context = {
			getNode: () => ({ credentials: {} }),
			getExecutionCancelSignal: () => undefined,
			logger: { debug: () => {} },
			helpers: { httpRequestWithAuthentication },
		} as unknown as IExecuteFunctions;
		const client = createHttpClient(context, 'credential', { scope: '' });
		const request = {
			method: 'POST',
			url: 'https://content.dropboxapi.com/',
			headers: {},
		} as const;
		return async (body: Buffer | undefined) => await client.send({ ...request, body });
	}

	/** n8n's helper counts it from the first byte sent to the first byte of the answer. */
	async function timeoutMsOf(body: Buffer | undefined): Promise<number> {
		const timeouts: number[] = [];
		const send = clientOf(async (_type, { timeout }) => {
			timeouts.push(timeout);
			return await Promise.resolve({ statusCode: 200, headers: {}, body: undefined });
		});
		await send(body);
		return timeouts[0] ?? NaN;
	}

	it('is two minutes, and as much more as a slow line needs for the content', async () => {
		expect(await timeoutMsOf(undefined)).toBe(120_000);
		expect(await timeoutMsOf(Buffer.alloc(32 * 1024))).toBe(122_000);
	});

	it('is over when nothing of a long body moves, also where n8n does not hear of it', async () => {
		const looks: AbortController[] = [];
		const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
			const look = new AbortController();
			looks.push(look);
			return look.signal;
		});
		const heard: Array<AbortSignal | undefined> = [];
		const send = clientOf(async function () {
			heard.push(this.getExecutionCancelSignal());
			return await new Promise(() => {});
		});
		const sent = send(Buffer.alloc(8 * MIB));
		for (let look = 1; look <= 9; look++) {
			expect(heard.map((signal) => signal?.aborted)).toEqual([false]);
			looks.shift()?.abort();
			await settled();
		}
		expect(heard.map((signal) => signal?.aborted)).toEqual([true]);
		expect(await sent).toMatchObject({ kind: 'lost', isStuck: true });
		looks.shift()?.abort();
		expect(looks).toEqual([]);
		timeout.mockRestore();
	});

	it('has no end for a long body, which is looked after', async () => {
		expect(await timeoutMsOf(Buffer.alloc(8 * MIB))).toBe(0);
	});
});

describe('EarlierTries', () => {
	const MINUTE_MS = 60_000;

	beforeEach(() => {
		jest.useFakeTimers({ doNotFake: ['setImmediate'] });
	});
	afterEach(() => {
		jest.useRealTimers();
	});

	const run = (key: string, maxTries = 3) => ({ key, maxTries });

	it('keep what a try has stored for the next one', () => {
		const tries = new EarlierTries<string>();
		tries.begin(run('run')).set('item', 'stored');
		tries.end(run('run'), { allWell: false });
		expect([...tries.begin(run('run'))]).toEqual([['item', 'stored']]);
		expect([...tries.begin(run('another'))]).toEqual([]);
	});

	it('keep nothing when all went well', () => {
		const tries = new EarlierTries<string>();
		tries.begin(run('run')).set('item', 'stored');
		tries.end(run('run'), { allWell: true });
		expect(tries.size).toBe(0);
	});

	it('keep nothing after the last try', () => {
		const tries = new EarlierTries<string>();
		for (let index = 0; index < 3; index++) {
			tries.begin(run('run')).set('item', 'stored');
			expect(tries.size).toBe(1);
			tries.end(run('run'), { allWell: false });
		}
		expect(tries.size).toBe(0);
	});

	it('forget a run that nobody tries again, and never one that is still under way', () => {
		const tries = new EarlierTries<string>();
		tries.begin(run('over')).set('item', 'stored');
		tries.end(run('over'), { allWell: false });
		tries.begin(run('under way')).set('item', 'stored');
		jest.advanceTimersByTime(60 * MINUTE_MS);
		tries.begin(run('another'));
		expect(tries.begin(run('over')).size).toBe(0);
		expect(tries.begin(run('under way')).size).toBe(1);
	});

	it('hold 100,000 files of runs that have ended at most, the newest run whole', () => {
		const tries = new EarlierTries<number>();
		const fill = (key: string, files: number): void => {
			const values = tries.begin(run(key));
			for (let file = 0; file < files; file++) values.set(String(file), file);
			tries.end(run(key), { allWell: false });
		};
		fill('first', 60_000);
		fill('second', 40_000);
		expect(tries.size).toBe(100_000);
		fill('third', 50_000);
		expect(tries.size).toBe(90_000);
		expect(tries.begin(run('first')).size).toBe(0);
		tries.end(run('first'), { allWell: true });
		fill('large', 150_000);
		expect(tries.size).toBe(150_000);
	});
});

describe('OutcomeTable', () => {
	const tableOf = (items: number) => {
		const bugs: string[] = [];
		return { bugs, table: new OutcomeTable(items, (line) => bugs.push(line)) };
	};

	it('keeps the first of two outcomes, and tells the second as a bug', () => {
		const { bugs, table } = tableOf(1);
		expect(table.settle(0, success({ first: true }), 10)).toBe(true);
		expect(table.settle(0, failed(internalFailure('Box', new Error())), 10)).toBe(false);
		expect(table.results()).toEqual([{ itemIndexes: [0], outcome: success({ first: true }) }]);
		expect(table.counts()).toEqual({
			files: 1,
			stored: 1,
			skipped: 0,
			failed: 0,
			bytesStored: 10,
			bytesNotSent: 0,
		});
		expect(bugs).toEqual(['item 0 was settled twice']);
	});

	it('tells each item that nothing has settled, and counts it nowhere', () => {
		const { bugs, table } = tableOf(3);
		table.settle(1, success({}), 10);
		expect(table.counts()).toMatchObject({ files: 3, stored: 1, failed: 0 });
		expect(table.unsettled()).toEqual([0, 2]);
		expect(bugs).toEqual(['item 0 was never settled', 'item 2 was never settled']);
	});
});

describe('the net', () => {
	it.each([
		[new RangeError('Authorization: Bearer secret'), /^RangeError in units\.test\.ts:\d+$/],
		['a text', /^A thrown string$/],
		[
			Object.assign(new Error(), { name: 'secret name!', stack: undefined }),
			/^Error in unknown:0$/,
		],
	])('tells kind and place of what was thrown, and none of its text', (error, reason) => {
		const failure = internalFailure('Box', error);
		expect(failure).toMatchObject({ code: 'internal', class: 'internal', stored: 'unknown' });
		expect(failure.reason).toMatch(reason);
		expect(JSON.stringify(failure)).not.toContain('secret');
	});

	it('lanes survive a throw, and tell it', async () => {
		const limiter = new ConcurrencyLimiter(new Lanes({ startLimit: 1, maxLimit: 1 }));
		const thrown: unknown[] = [];
		const work = async (): Promise<void> => await Promise.reject(new Error('thrown'));
		for (let index = 0; index < 3; index++)
			await limiter.start(work, (error) => thrown.push(error), 0);
		await limiter.idle();
		expect(thrown).toHaveLength(3);
	});
});

describe('Progress', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});
	afterEach(() => {
		jest.useRealTimers();
	});

	const progressOf = (
		files: number,
		bytes: number,
		requests = 7,
		retriedFor: ReadonlyArray<readonly [string, number]> = [],
		waitedMs: ReadonlyArray<readonly [string, number]> = [],
	) => {
		const lines: string[] = [];
		const table = new OutcomeTable(files, () => {});
		const progress = new Progress(
			() => table.counts(),
			bytes,
			() => ({ requests, retriedFor: new Map(retriedFor), waitedMs: new Map(waitedMs) }),
			(line) => lines.push(line),
		);
		return { lines, progress, table };
	};

	it('reports at most once in five seconds', () => {
		const { lines, progress } = progressOf(1_200, 12e6);
		for (let second = 0; second < 12; second++) {
			for (let call = 0; call < 10; call++) progress.bytesSent(10_000);
			jest.advanceTimersByTime(1_000);
		}
		expect(lines).toEqual([
			'0 of 1,200 files, 510 KB of 12.0 MB (4 %), 102 KB/s, 7 requests',
			'0 of 1,200 files, 1.01 MB of 12.0 MB (8 %), 101 KB/s, 7 requests',
		]);
	});

	it('sums up what was stored, skipped and failed', () => {
		const { progress, table } = progressOf(4, 400, 9, [
			['network/answer_lost', 1],
			['too_many_requests', 2],
		]);
		table.settle(0, success({}), 1_500);
		table.settle(1, success({}), 500);
		table.settle(2, success({ skipped: 'exists' }), 100);
		table.settle(3, failed(internalFailure('Box', new Error())), 100);
		jest.advanceTimersByTime(1_250);
		expect(progress.totals().text).toBe(
			'2 files uploaded (2.00 KB), 1 file skipped, 1 file failed, 9 requests, 3 retries (2 × too_many_requests, network/answer_lost), 1.3 s',
		);
	});

	it('says nothing of what did not happen', () => {
		const { progress, table } = progressOf(1, 0, 1);
		table.settle(0, success({}), 0);
		expect(progress.totals().text).toBe('1 file uploaded (0 B), 1 request, 0.0 s');
	});

	it('counts bytes that were sent twice for no more than all', () => {
		const { lines, progress } = progressOf(1, 1_000);
		jest.advanceTimersByTime(5_000);
		progress.bytesSent(1_800);
		expect(lines[0]).toContain('(100 %)');
	});

	it.each([
		[0, '0 B'],
		[999, '999 B'],
		[1_000, '1.00 KB'],
		[999_499, '999 KB'],
		[999_500, '1.00 MB'],
		[4.5e9, '4.50 GB'],
		[2e15, '2.00e+3 TB'],
	])('%d bytes are %s', (bytes, text) => {
		expect(readableBytes(bytes)).toBe(text);
	});
});
