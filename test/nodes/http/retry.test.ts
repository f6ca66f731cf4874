import {
	DEFAULT_RETRY_POLICY,
	parseRetryAfterMs,
	patienceMs,
	retryDelayMs,
	type RetryQuestion,
} from '../../../nodes/shared/http/retry';
import { Traffic } from '../../../nodes/shared/http/traffic';

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

describe('the patience of a run', () => {
	const [uploads, other] = ['https://upload.box.com/api', 'https://api.box.com/2.0'];

	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('is about five minutes by default, and less for who asks for fewer retries', () => {
		expect(patienceMs(DEFAULT_RETRY_POLICY)).toBe(315_000);
		expect(patienceMs({ ...DEFAULT_RETRY_POLICY, maxRetries: 1 })).toBe(5_000);
		expect(patienceMs({ ...DEFAULT_RETRY_POLICY, maxRetries: 20 })).toBeLessThan(5_000_000);
	});

	it('ends when nothing gets through for so long, and is back with the first answer', () => {
		const traffic = new Traffic();
		expect(traffic.mayRetry(uploads, DEFAULT_RETRY_POLICY)).toBe(true);
		traffic.noteAnswer(uploads, false);
		jest.advanceTimersByTime(314_000);
		traffic.noteAnswer(uploads, false);
		expect(traffic.mayRetry(uploads, DEFAULT_RETRY_POLICY)).toBe(true);
		jest.advanceTimersByTime(1_000);
		expect(traffic.mayRetry(uploads, DEFAULT_RETRY_POLICY)).toBe(false);
		expect(traffic.mayRetry(other, DEFAULT_RETRY_POLICY)).toBe(true);
		traffic.noteAnswer(other, true);
		expect(traffic.mayRetry(uploads, DEFAULT_RETRY_POLICY)).toBe(false);
		traffic.noteAnswer(uploads, true);
		expect(traffic.mayRetry(uploads, DEFAULT_RETRY_POLICY)).toBe(true);
	});
});

describe('parseRetryAfterMs', () => {
	const nowMs = Date.parse('2026-05-12T15:50:38Z');

	it.each([
		['3', 3_000],
		['0', 0],
		['1.5', 1_500],
		[' 7 ', 7_000],
		['-2', 0],
		['Tue, 12 May 2026 15:50:48 GMT', 10_000],
		['Tue, 12 May 2026 15:50:00 GMT', 0],
	])('reads %j', (value, expected) => {
		expect(parseRetryAfterMs(value, nowMs)).toBe(expected);
	});

	it.each([undefined, '', '  ', 'soon', 'Infinity', 'NaN'])(
		'has nothing to say about %j',
		(value) => {
			expect(parseRetryAfterMs(value, nowMs)).toBeUndefined();
		},
	);
});
