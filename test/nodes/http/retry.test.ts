import {
	DEFAULT_RETRY_POLICY,
	backOffMs,
	boundedWaitMs,
	parseRetryAfterMs,
	retryDelayMs,
	type RetryQuestion,
} from '../../../nodes/shared/http/retry';

const policy = { maxRetries: 3, baseDelayMs: 500, maxDelayMs: 1_500, maxRetryAfterMs: 60_000 };
const delayMs = (question: Partial<RetryQuestion>) =>
	retryDelayMs({ attempt: 1, passes: true, policy, random: 0, ...question });

describe('retryDelayMs', () => {
	it.each([
		[1, 250, 500],
		[2, 500, 1_000],
		[3, 750, 1_500],
	])('before try %i + 1: between half and all of a doubling wait', (attempt, least, most) => {
		expect(delayMs({ attempt, random: 0 })).toBe(least);
		expect(delayMs({ attempt, random: 1 })).toBe(most);
	});

	it('gives no further try after Max Retries, nor for what does not pass', () => {
		expect(delayMs({ attempt: 4 })).toBeUndefined();
		expect(delayMs({ passes: false })).toBeUndefined();
		expect(delayMs({ policy: { ...policy, maxRetries: 0 } })).toBeUndefined();
	});

	it('waits at least as long as the vendor asks for, and little more', () => {
		expect(delayMs({ retryAfterMs: 8_000, random: 0 })).toBe(8_000);
		expect(delayMs({ retryAfterMs: 8_000, random: 1 })).toBe(9_000);
		expect(delayMs({ retryAfterMs: 400, random: 1 })).toBe(500);
	});

	it('gives up on a wait that is longer than allowed', () => {
		expect(delayMs({ retryAfterMs: 60_000 })).toBe(60_000);
		expect(delayMs({ retryAfterMs: 60_001 })).toBeUndefined();
	});

	it('gives up on a wait that the caller has no time for', () => {
		expect(delayMs({ remainingMs: 250 })).toBe(250);
		expect(delayMs({ remainingMs: 249 })).toBeUndefined();
		expect(delayMs({ remainingMs: 10_000, retryAfterMs: 10_001 })).toBeUndefined();
	});

	it('waits half a minute at most by its own choice', () => {
		expect(delayMs({ attempt: 6, random: 1, policy: DEFAULT_RETRY_POLICY })).toBe(16_000);
		const patient = { ...DEFAULT_RETRY_POLICY, maxRetries: 20 };
		expect(delayMs({ attempt: 20, random: 1, policy: patient })).toBe(30_000);
	});
});

describe('the rest of an account', () => {
	const restMs = (attempt: number, retryAfterMs?: number) =>
		backOffMs({ attempt, retryAfterMs, policy: DEFAULT_RETRY_POLICY, random: 1 });

	it('grows with each refusal in a row, to half a minute', () => {
		expect([1, 2, 3, 4, 5, 6, 7, 8, 2_000].map((strikes) => restMs(strikes))).toEqual([
			500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
		]);
	});

	it('outlasts a window of a minute in which Retry-After is always one second', () => {
		const rests = [1, 2, 3, 4, 5, 6, 7].map((strikes) => restMs(strikes, 1_000));
		expect(rests[0]).toBe(1_250);
		expect(rests.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(60_000);
	});

	it('is as long as the service asks for where that is longer', () => {
		expect(restMs(1, 60_000)).toBe(61_000);
		expect(restMs(7, 10_000)).toBe(30_000);
	});
});

describe('parseRetryAfterMs', () => {
	const nowMs = Date.parse('2026-05-12T15:50:38Z');

	const DAY_MS = 24 * 60 * 60_000;

	it.each([
		['3', 3_000],
		['0', 0],
		['1.5', 1_500],
		[' 7 ', 7_000],
		['-2', 0],
		['+2', 2_000],
		['86401', DAY_MS],
		['99999999999999999999', DAY_MS],
		['Tue, 12 May 2026 15:50:48 GMT', 10_000],
		['Tue, 12 May 2026 15:50:00 GMT', 0],
		['Tuesday, 12-May-26 15:50:48 GMT', 10_000],
		['Fri, 31 Dec 9999 23:59:59 GMT', DAY_MS],
		['Thu, 01 Jan 1970 00:00:00 GMT', 0],
	])('reads %j', (value, expected) => {
		expect(parseRetryAfterMs(value, nowMs)).toBe(expected);
	});

	it.each([
		undefined,
		'',
		'  ',
		'soon',
		'Infinity',
		'-Infinity',
		'NaN',
		'1e308',
		'0x10',
		'1,5',
		'3 seconds',
		'Sun, soon',
		'null',
	])('has nothing to say about %j', (value) => {
		expect(parseRetryAfterMs(value, nowMs)).toBeUndefined();
	});
});

describe('boundedWaitMs', () => {
	it.each([
		[5, 5],
		[-1, 0],
		[Infinity, 24 * 60 * 60_000],
		[-Infinity, 0],
		[NaN, undefined],
	])('makes %d sane', (wantedMs, expected) => {
		expect(boundedWaitMs(wantedMs)).toBe(expected);
	});
});
