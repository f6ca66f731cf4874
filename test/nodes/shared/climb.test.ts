/** How many requests at once: on a modeled line, in virtual time. */
import type { Climb } from '../../../nodes/shared/transfer/climb';
import { nextClimb, slowedClimb } from '../../../nodes/shared/transfer/climb';
import { ConcurrencyLimiter, limiterFor } from '../../../nodes/shared/transfer/concurrencyLimiter';
import { Lanes } from '../../../nodes/shared/transfer/lanes';

const MIB = 1024 * 1024;
const PART_BYTES = 8 * MIB;

const runOf = (accountKey: string) => ({ accountKey, isOver: () => false });

const PIECE_BYTES = 64 * 1024;
const EACH_BYTES_PER_MS = 20_000;

/** Bytes arrive one after the other; the rate doubles with every round trip of 50 ms. As the bench's line has it. */
class Pipe {
	private readyAtMs = 0;
	private leftBytes: number;

	constructor(
		private windowBytes: number,
		private readonly mostBytes: number,
		private readonly roundTripMs: number,
	) {
		this.leftBytes = windowBytes;
	}

	/** When these bytes have arrived. */
	take(bytes: number): number {
		this.readyAtMs = Math.max(this.readyAtMs, Date.now());
		for (let left = bytes; left > 0;) {
			const now = Math.min(left, this.leftBytes);
			this.readyAtMs += (now / this.windowBytes) * this.roundTripMs;
			this.leftBytes -= now;
			left -= now;
			if (this.leftBytes > 0) continue;
			this.windowBytes = Math.min(this.windowBytes * 2, this.mostBytes);
			this.leftBytes = this.windowBytes;
		}
		return this.readyAtMs;
	}
}

/** A connection for each request, 150 ms before its first byte, slow start, and one rate for all together. */
class Line {
	readonly landings: number[] = [];
	/** How many were under way at once. */
	most = 0;
	private underWay = 0;
	private readonly all: Pipe;

	constructor(totalBytesPerMs = 100_000) {
		this.all = new Pipe(totalBytesPerMs, totalBytesPerMs, 1);
	}

	async send(bytes: number): Promise<void> {
		this.most = Math.max(this.most, ++this.underWay);
		await pause(150);
		const own = new Pipe(14_000, EACH_BYTES_PER_MS * 50, 50);
		for (let left = bytes; left > 0; left -= PIECE_BYTES) {
			const piece = Math.min(left, PIECE_BYTES);
			await pause(Math.max(this.all.take(piece), own.take(piece)) - Date.now());
		}
		this.underWay -= 1;
		this.landings.push(Date.now());
	}

	/** In parts, from `sinceMs` on. */
	landedBetween(sinceMs: number, untilMs: number): number {
		return this.landings.filter((atMs) => atMs > sinceMs && atMs <= untilMs).length;
	}
}

async function pause(ms: number): Promise<void> {
	if (ms >= 1) await new Promise((done) => setTimeout(done, ms));
}

/** Sends parts until it is told to end. */
function sendOver(line: Line, limiter: ConcurrencyLimiter) {
	let isOver = false;
	const seen: number[] = [];
	const done = (async () => {
		while (!isOver) {
			await limiter.start(
				async () => {
					await line.send(PART_BYTES);
					limiter.wentWell();
					seen.push(limiter.parallel);
				},
				() => {},
				PART_BYTES,
			);
		}
		await limiter.idle();
	})();
	return {
		seen,
		end: async () => ((isOver = true), await jest.advanceTimersByTimeAsync(60_000), await done),
	};
}

describe('the number of requests on a line', () => {
	const box = { startLimit: 4, maxLimit: 12 };
	let line: Line;
	let isOver = false;

	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	const after = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

	it('climbs while that pays, and brings nine tenths of what the most would after a few part times', async () => {
		const rateOf = async (parallelism: typeof box): Promise<number> => {
			line = new Line();
			const sending = sendOver(line, new ConcurrencyLimiter(new Lanes(parallelism)));
			const startedAtMs = Date.now();
			await after(12_000);
			const parts = line.landedBetween(startedAtMs + 4_000, startedAtMs + 12_000);
			await sending.end();
			return parts;
		};
		const atMost = await rateOf({ startLimit: 12, maxLimit: 12 });
		const climbed = await rateOf(box);
		const atLeast = await rateOf({ startLimit: 4, maxLimit: 4 });
		expect(climbed / atMost).toBeGreaterThan(0.9);
		expect(atLeast / atMost).toBeLessThan(0.6);
	});

	it('goes back from a number that brings nothing', async () => {
		line = new Line(10_000);
		const { seen, end } = sendOver(line, new ConcurrencyLimiter(new Lanes(box)));
		await after(120_000);
		await end();
		expect(Math.max(...seen)).toBe(8);
		const last = seen.slice(-60);
		expect(Math.min(...last)).toBe(4);
		// It is tried again, for shorter than it is left alone.
		expect(last.filter((limit) => limit === 8).length).toBeLessThan(30);
	});

	it('climbs after the first requests, while what ends is spaced anew', async () => {
		line = new Line();
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		// The account is known before its first part is read.
		await after(1_000);
		const { seen, end } = sendOver(line, limiter);
		await after(1_500);
		await end();
		expect(seen.slice(0, 5)).toEqual([4, 4, 4, 4, 8]);
	});

	describe('before anything is known of the line', () => {
		const limiterAfter = (answeredAfterMs: number, lanes = new Lanes(box)): number => {
			const limiter = new ConcurrencyLimiter(lanes);
			limiter.answeredAfter(answeredAfterMs);
			return limiter.parallel;
		};

		it.each([
			['is the least near by', 99, 4],
			['is the next one far away', 100, 8],
		])('%s', (_, answeredAfterMs, expected) => {
			expect(limiterAfter(answeredAfterMs)).toBe(expected);
		});

		it('is the same for the second file', () => {
			const lanes = new Lanes(box);
			limiterAfter(200, lanes);
			expect(limiterAfter(200, lanes)).toBe(8);
		});

		it('is the one that the user has set', () => {
			expect(limiterAfter(200, new Lanes({ startLimit: 4, maxLimit: 4 }))).toBe(4);
		});

		it('is not raised after the vendor has asked to slow down', async () => {
			const lanes = new Lanes(box);
			lanes.slowDown(Date.now());
			for (let count = 0; count < 100; count++) lanes.wentWell();
			expect(limiterAfter(200, lanes)).toBe(4);
		});

		it('is not raised by a later answer, which a busy n8n may have kept waiting', async () => {
			const lanes = new Lanes(box);
			expect(limiterAfter(10, lanes)).toBe(4);
			expect(limiterAfter(200, lanes)).toBe(4);
		});

		it('is not raised once a request has ended', async () => {
			const lanes = new Lanes(box);
			const limiter = new ConcurrencyLimiter(lanes);
			await limiter.start(
				async () => await pause(100),
				() => {},
				0,
			);
			const idle = limiter.idle();
			await after(100);
			await idle;
			expect(limiterAfter(200, lanes)).toBe(4);
		});
	});

	it('a request that waits for its turn to begin has its lane, so that the next part can be read', async () => {
		line = new Line();
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		const begun: number[] = [];
		const startFour = async (): Promise<void> => {
			for (let count = 0; count < 4; count++) {
				const work = async () => {
					begun.push(Date.now());
					await line.send(PART_BYTES);
				};
				await limiter.start(work, () => {}, PART_BYTES);
			}
		};
		await startFour();
		await after(2_000);
		let isEntered = false;
		const entered = startFour().then(() => (isEntered = true));
		await after(0);
		expect(isEntered).toBe(true);
		expect(begun).toHaveLength(5);
		await after(1_000);
		await entered;
		expect(begun).toHaveLength(8);
	});

	it('waits with one request alone for a pace that the vendor has shown, so that a cancelled run ends soon', async () => {
		line = new Line();
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		for (let success = 0; success < 24; success++) limiter.wentWell();
		await after(24_000);
		limiter.slowDown(Date.now());
		const begun: number[] = [];
		const startFour = (async () => {
			for (let count = 0; count < 4; count++) {
				const work = async () => void begun.push(Date.now());
				await limiter.start(work, () => {}, PART_BYTES);
			}
		})();
		await after(0);
		let isIdle = false;
		void limiter.idle().then(() => (isIdle = true));
		await after(1_000);
		expect(isIdle).toBe(true);
		await after(3_000);
		await startFour;
		expect(begun.slice(1).map((atMs, index) => atMs - (begun[index] ?? 0))).toEqual([
			1_000, 1_000, 1_000,
		]);
	});

	it('lets a run that sends nothing more end at once', async () => {
		const lanes = new Lanes(box);
		const first = new ConcurrencyLimiter(lanes);
		for (let success = 0; success < 24; success++) first.wentWell();
		await after(24_000);
		first.slowDown(Date.now());
		const canceled = new ConcurrencyLimiter(lanes, () => true);
		let ended = 0;
		const startAll = (async () => {
			for (let count = 0; count < 1_000; count++) {
				await canceled.start(
					async () => void ended++,
					() => {},
					PART_BYTES,
				);
			}
			await canceled.idle();
		})();
		await after(0);
		await startAll;
		expect(ended).toBe(1_000);
		// Nor has it used up the starts of the others.
		const startedAtMs = Date.now();
		await first.start(
			async () => {},
			() => {},
			PART_BYTES,
		);
		expect(Date.now()).toBe(startedAtMs);
	});

	it('begins soon again when the clock of the machine was set back', async () => {
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		for (let success = 0; success < 24; success++) limiter.wentWell();
		await after(24_000);
		limiter.slowDown(Date.now());
		const start = async () =>
			await limiter.start(
				async () => {},
				() => {},
				PART_BYTES,
			);
		await start();
		jest.setSystemTime(Date.now() - 600_000);
		let hasBegun = false;
		void start().then(() => (hasBegun = true));
		await after(10_000);
		expect(hasBegun).toBe(true);
	});

	it('judges a number on trial by full lanes, not by those that fill after a rest', async () => {
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		const seen: number[] = [];
		// The line is never full: every number pays.
		const sendUntil = async (isOver: () => boolean): Promise<void> => {
			while (!isOver()) {
				const work = async () => {
					await pause(1_000);
					limiter.wentWell();
					seen.push(limiter.parallel);
				};
				await limiter.start(work, () => {}, PART_BYTES);
			}
			await limiter.idle();
		};
		const first = sendUntil(() => limiter.parallel === 12);
		await after(10_000);
		await first;
		await after(5_000);
		seen.length = 0;
		const second = sendUntil(() => seen.length > 60);
		await after(20_000);
		await second;
		expect(Math.min(...seen)).toBe(12);
	});

	it('does not climb while there is too little to send, or no memory for more', async () => {
		line = new Line();
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		const seen: number[] = [];
		const ends = [sendInTurn(), sendInTurn(), sendInTurn()];
		await after(60_000);
		isOver = true;
		await after(10_000);
		await Promise.all(ends);
		expect(new Set(seen)).toEqual(new Set([4]));
		expect(seen.length).toBeGreaterThan(100);

		async function sendInTurn(): Promise<void> {
			while (!isOver) {
				await new Promise<void>((landed) => {
					const work = async () => {
						await line.send(PART_BYTES);
						seen.push(limiter.parallel);
						// The next part has to be read first.
						setTimeout(landed, 20);
					};
					void limiter.start(work, () => {}, PART_BYTES);
				});
			}
		}
	});

	it('does not let requests end together', async () => {
		line = new Line();
		const { end } = sendOver(line, new ConcurrencyLimiter(new Lanes(box)));
		await after(10_000);
		const { landings } = line;
		const lately = landings.filter((atMs) => atMs > Date.now() - 4_000);
		const gaps = lately.slice(1).map((atMs, index) => atMs - (lately[index] ?? 0));
		await end();
		// In lockstep nothing lands for a whole part time, 830 ms.
		expect(Math.max(...gaps)).toBeLessThan(500);
	});

	it('two runs of one account share it, and get about the same', async () => {
		line = new Line();
		const lanes = new Lanes(box);
		const runs = [0, 1].map(() => sendOver(line, new ConcurrencyLimiter(lanes)));
		await after(40_000);
		const [first = [], second = []] = runs.map(({ seen }) => [...seen]);
		const { most } = line;
		await Promise.all(runs.map(async ({ end }) => await end()));
		expect(first.length / second.length).toBeGreaterThan(0.6);
		expect(first.length / second.length).toBeLessThan(1.6);
		expect(lanes.parallel).toBe(12);
		expect(most).toBe(12);
	});

	it('one run has all of it again when the other has ended', async () => {
		line = new Line();
		const lanes = new Lanes({ startLimit: 8, maxLimit: 8 });
		const [first, second] = [0, 1].map(() => sendOver(line, new ConcurrencyLimiter(lanes)));
		await after(2_000);
		const ended = first?.end();
		await after(10_000);
		line.most = 0;
		await after(2_000);
		expect(line.most).toBe(8);
		await Promise.all([ended, second?.end()]);
	});

	it('the next run of an account begins with what the last one has found', async () => {
		line = new Line();
		const { end } = sendOver(line, limiterFor(runOf('account 1'), box));
		await after(12_000);
		await end();
		expect(limiterFor(runOf('account 1'), box).parallel).toBe(12);
		expect(limiterFor(runOf('account 2'), box).parallel).toBe(4);
		// What a user has set is nobody else's.
		expect(limiterFor(runOf('account 1'), { startLimit: 3, maxLimit: 3 }).parallel).toBe(3);
		await after(11 * 60_000);
		expect(limiterFor(runOf('account 1'), box).parallel).toBe(4);
	});

	it('is halved when the vendor asks to slow down, and does not climb at once', async () => {
		line = new Line();
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		const { end } = sendOver(line, limiter);
		await after(6_000);
		const before = limiter.parallel;
		limiter.slowDown(Date.now());
		expect(limiter.parallel).toBe(Math.floor(before / 2));
		await after(1_000);
		expect(limiter.parallel).toBeLessThanOrEqual(before / 2 + 1);
		await end();
	});

	it('keeps to the rate that the vendor has let in', async () => {
		line = new Line();
		const vendor = { windowMs: 6_000, uploads: 240, endsAtMs: 0, taken: 0, refusals: 0 };
		const limiter = new ConcurrencyLimiter(new Lanes(box));
		const upload = async (): Promise<void> => {
			let refusedAtMs: number | undefined;
			for (;;) {
				if (Date.now() >= vendor.endsAtMs) {
					vendor.endsAtMs = Date.now() + vendor.windowMs;
					vendor.taken = 0;
				}
				if (vendor.taken < vendor.uploads) break;
				vendor.refusals += 1;
				refusedAtMs = Date.now();
				await pause(vendor.endsAtMs - Date.now() + 1);
			}
			vendor.taken += 1;
			await line.send(20_000);
			if (refusedAtMs !== undefined) limiter.slowDown(refusedAtMs);
			else limiter.wentWell();
		};
		const startedAtMs = Date.now();
		let endedAtMs: number | undefined;
		const done = (async () => {
			for (let sent = 0; sent < 1_000; sent++) await limiter.start(upload, () => {}, 20_000);
			await limiter.idle();
			endedAtMs = Date.now();
		})();
		await after(60_000);
		await done;
		// The limit alone takes four windows.
		expect((endedAtMs ?? Infinity) - startedAtMs).toBeLessThan(1.15 * 4 * vendor.windowMs);
		expect(vendor.refusals).toBeGreaterThan(0);
		expect(vendor.refusals).toBeLessThan(0.02 * 1_000);
	});
});

describe('the next number', () => {
	const at = (limit: number, rest: Partial<Climb> = {}): Climb => ({
		limit,
		lower: undefined,
		hold: 0,
		unpaid: 0,
		...rest,
	});

	/** Has been looked at once, and brought this. */
	const seen = (seenBytesPerMs: number) => ({ limit: 4, bytesPerMs: 100, seenBytesPerMs });

	it.each([
		['is twice as many at first', at(4), 100, at(8, { lower: { limit: 4, bytesPerMs: 100 } })],
		['is not more than the most', at(8), 100, at(12, { lower: { limit: 8, bytesPerMs: 100 } })],
		[
			'is looked at once more when a fifth more was not brought',
			at(8, { lower: { limit: 4, bytesPerMs: 100 }, unpaid: 1 }),
			119,
			at(8, { lower: seen(119), unpaid: 1 }),
		],
		[
			'goes on when the second look brings enough',
			at(8, { lower: seen(80) }),
			121,
			at(12, { lower: { limit: 8, bytesPerMs: 121 } }),
		],
		[
			'is the one before when a fifth more was not brought twice',
			at(8, { lower: seen(80) }),
			119,
			at(4, { hold: 8, unpaid: 1 }),
		],
		[
			'is tried again later each time that it was not',
			at(8, { lower: seen(80), unpaid: 2 }),
			119,
			at(4, { hold: 32, unpaid: 3 }),
		],
		[
			'is tried again at the latest after 32 measurements',
			at(8, { lower: seen(80), unpaid: 9 }),
			119,
			at(4, { hold: 32, unpaid: 10 }),
		],
		[
			'goes on when it was',
			at(8, { lower: { limit: 4, bytesPerMs: 100 }, unpaid: 2 }),
			121,
			at(12, { lower: { limit: 8, bytesPerMs: 121 } }),
		],
		['stays where one thread can do no more', at(4), 200_000, at(4)],
		[
			'stays where it was paid and one thread can do no more',
			at(8, { lower: { limit: 4, bytesPerMs: 100 } }),
			200_000,
			at(8),
		],
		['stays while it is held', at(4, { hold: 2 }), 1, at(4, { hold: 1 })],
		['stays at the most', at(12), 100, at(12, { hold: 32 })],
	])('%s', (_, climb, bytesPerMs, expected) => {
		expect(nextClimb(climb, bytesPerMs, 12)).toEqual(expected);
	});

	it.each([
		[12, 6],
		[8, 4],
		[4, 4],
	])('after %i and a request to slow down is %i', (limit, expected) => {
		expect(slowedClimb(at(limit), 4)).toEqual(at(expected, { hold: 32 }));
	});
});
