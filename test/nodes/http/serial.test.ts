import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { oneAtATime } from '../../../nodes/shared/http/serial';

const turns = (count: number) => Array.from({ length: count }, (_, index) => index);

test('one runs after the other, in the order of asking', async () => {
	const seen: string[] = [];
	await Promise.all(
		turns(3).map(
			async (turn) =>
				await oneAtATime('key', undefined, async () => {
					seen.push(`${turn} begins`);
					await new Promise((resolve) => setImmediate(resolve));
					seen.push(`${turn} ends`);
				}),
		),
	);
	expect(seen).toEqual(turns(3).flatMap((turn) => [`${turn} begins`, `${turn} ends`]));
});

test('one that fails does not hold up the next', async () => {
	const failing = oneAtATime('key', undefined, async () => await Promise.reject(new Error('no')));
	const next = oneAtATime('key', undefined, async () => await Promise.resolve('fine'));
	await expect(failing).rejects.toThrow('no');
	expect(await next).toBe('fine');
});

test('keeps no result of those that have ended, while somebody is always waiting', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const results: Array<WeakRef<object>> = [];
	const work = async (): Promise<object> => {
		await new Promise((resolve) => setImmediate(resolve));
		const result = { of: results.length };
		results.push(new WeakRef(result));
		return result;
	};
	/** Asks again before the one before has ended. */
	const always = async (): Promise<void> => {
		for (let turn = 0; turn < 20; turn++) await oneAtATime('busy', undefined, work);
	};
	let alive = Infinity;
	const busy = Promise.all([always(), always()]);
	await Promise.race([
		busy,
		(async () => {
			while (results.length < 30) await new Promise((resolve) => setImmediate(resolve));
			collect();
			alive = results.filter((result) => result.deref() !== undefined).length;
		})(),
	]);
	await busy;
	expect(alive).toBeLessThan(10);
});

describe('a turn that is long in coming', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	const waitFor = (atMostMs: number) => {
		const said: string[] = [];
		let begun = false;
		const ended = oneAtATime(
			'slow',
			undefined,
			async () => {
				begun = true;
				return await Promise.resolve('done');
			},
			{
				what: 'the second',
				atMostMs,
				onWait: (busyWith, waitedMs) => said.push(`${busyWith} ${waitedMs / 1_000}`),
				giveUp: () => 'given up',
			},
		);
		return { said, ended, hasBegun: () => begun };
	};
	const holdTurn = (what: string) => {
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		const waiting = { what, atMostMs: Infinity, onWait: () => {}, giveUp: () => {} };
		const ended = oneAtATime('slow', undefined, async () => await held, waiting);
		return { release, ended };
	};

	test('says what it waits for, after 5 seconds and each minute', async () => {
		const first = holdTurn('the first');
		const { said, ended } = waitFor(1_800_000);
		await jest.advanceTimersByTimeAsync(130_000);
		first.release();
		await jest.advanceTimersByTimeAsync(0);
		expect(await ended).toBe('done');
		expect(said).toEqual(['the first 5', 'the first 65', 'the first 125']);
	});

	test('is given up when one and the same work goes on for too long, and nobody is overtaken', async () => {
		const first = holdTurn('the first');
		const { ended, hasBegun } = waitFor(60_000);
		const third = waitFor(600_000);
		await jest.advanceTimersByTimeAsync(65_000);
		expect(await ended).toBe('given up');
		expect([hasBegun(), third.hasBegun()]).toEqual([false, false]);
		first.release();
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await third.ended).toBe('done');
	});

	test('is waited for longer when it is the turn of another in between', async () => {
		const first = holdTurn('the first');
		const second = holdTurn('one more');
		const { ended, said } = waitFor(60_000);
		await jest.advanceTimersByTimeAsync(50_000);
		first.release();
		await jest.advanceTimersByTimeAsync(50_000);
		second.release();
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await ended).toBe('done');
		expect(said).toEqual(['the first 5', 'one more 65']);
	});
});
