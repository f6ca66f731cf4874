import type { Failure } from '../../../nodes/shared/failure';
import {
	noteLetIn,
	reasonToRest,
	restAccount,
	restLeftMs,
} from '../../../nodes/shared/http/accountPause';
import { waitMs } from '../../../nodes/shared/http/wait';

const failure = { code: 'too_many_requests' } as Failure;
/** A minute for each refusal in a row, so that a rest tells how many there were. */
const restMs = (strikes: number) => strikes * 60_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the rest of an account', () => {
	const refuse = (account: string, sentAtMs = Date.now() + 1) => {
		const newRestMs = restAccount(account, { sentAtMs, failure, restMs });
		return [newRestMs, restLeftMs(account)];
	};

	it('is that of every call of the account, and of none of another', () => {
		expect(refuse('one')).toEqual([60_000, 60_000]);
		expect(restLeftMs('other')).toBe(0);
		expect(reasonToRest('one')).toBe(failure);
		expect(reasonToRest('other')).toBeUndefined();
		jest.advanceTimersByTime(59_999);
		expect(restLeftMs('one')).toBe(1);
		jest.advanceTimersByTime(2);
		expect(restLeftMs('one')).toBe(0);
	});

	it('counts once for requests that were under way together, and is never made shorter', () => {
		const sentAtMs = Date.now();
		jest.advanceTimersByTime(50);
		expect(refuse('two', sentAtMs)).toEqual([60_000, 60_000]);
		jest.advanceTimersByTime(10_000);
		expect(refuse('two', sentAtMs + 40)).toEqual([undefined, 60_000]);
		restAccount('two', { sentAtMs, failure, restMs: () => 1 });
		expect(restLeftMs('two')).toBe(60_000);
	});

	it('grows while refusals go on, and falls back by a step with each success after it', () => {
		const strike = () => {
			const [restedMs = 0] = refuse('three');
			jest.advanceTimersByTime(restedMs + 1);
			return restedMs;
		};
		expect([strike(), strike(), strike()]).toEqual([60_000, 120_000, 180_000]);
		// It was sent before the rest, and says nothing about the time after it.
		noteLetIn('three', Date.now() - 180_002);
		expect(strike()).toBe(240_000);
		noteLetIn('three', Date.now());
		noteLetIn('three', Date.now());
		expect(strike()).toBe(180_000);
		for (let success = 0; success < 5; success++) noteLetIn('three', Date.now());
		expect(reasonToRest('three')).toBeUndefined();
		expect(strike()).toBe(60_000);
	});

	it('is remembered for a thousand accounts', () => {
		for (let account = 0; account < 1_001; account++) refuse(`many ${account}`);
		expect(restLeftMs('many 0')).toBe(0);
		expect(restLeftMs('many 1')).toBe(60_000);
		expect(restLeftMs('many 1000')).toBe(60_000);
	});
});

describe('a wait', () => {
	it.each([0, 1, 999, 1_000, 1_001, 60_000])('lasts %d ms', async (delayMs) => {
		const beganAtMs = Date.now();
		const waiting = waitMs(delayMs);
		await jest.runAllTimersAsync();
		expect(await waiting).toBe(true);
		expect(Date.now() - beganAtMs).toBe(delayMs);
	});

	it('ends with a cancel, and leaves a timer for no longer than a second', async () => {
		const canceled = new AbortController();
		const waiting = waitMs(300_000, canceled.signal);
		await jest.advanceTimersByTimeAsync(10_500);
		expect(jest.getTimerCount()).toBe(1);
		canceled.abort();
		expect(await waiting).toBe(false);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not begin for a run that is cancelled', async () => {
		expect(await waitMs(60_000, AbortSignal.abort())).toBe(false);
		expect(jest.getTimerCount()).toBe(0);
	});
});
