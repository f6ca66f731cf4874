import type { Failure } from '../../../nodes/shared/failure';
import { budgetOf, hostOf, OutageBudget } from '../../../nodes/shared/http/outageBudget';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;
const failure: Failure = {
	vendor: 'Box',
	code: 'http/503',
	message: 'Box is away',
	remedy: 'Try again.',
	class: 'transient',
	retryable: true,
	stored: 'unknown',
	status: 503,
	requestId: 'abc',
	subject: 'a.txt',
	retries: 4,
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the outage budget of a run', () => {
	/** How many waits one after the other it holds. */
	const waits = (budget: OutageBudget, delayMs: number, host = 'one'): number => {
		for (let count = 0; count < 1_000; count++) {
			if (!budget.mayWait(host, delayMs)) return count;
			jest.advanceTimersByTime(delayMs);
		}
		return Infinity;
	};

	it.each([
		[1_000, 610],
		[30_000, 20],
		[300_000, 2],
		// The random part of a rest is no reason to end.
		[301_000, 2],
	])('holds ten minutes in waits of %d ms', (delayMs, count) => {
		expect(waits(new OutageBudget(), delayMs)).toBe(count);
	});

	it('is one for all calls that wait at the same time', () => {
		const budget = new OutageBudget();
		for (let call = 0; call < 100; call++) expect(budget.mayWait('one', 5 * MINUTE_MS)).toBe(true);
		jest.advanceTimersByTime(MINUTE_MS);
		expect(budget.mayWait('one', 5 * MINUTE_MS)).toBe(true);
		expect(budget.waitedMs('service')).toBe(6 * MINUTE_MS);
		expect(budget.waitedMs('links')).toBe(0);
	});

	it('is not spent by one request that hangs while others get through', () => {
		const budget = new OutageBudget();
		const sentAtMs = Date.now();
		for (let minute = 0; minute < 15; minute++) {
			jest.advanceTimersByTime(MINUTE_MS);
			budget.noteSuccess('one');
		}
		budget.noteFailedTry('one', sentAtMs, 4 * MIB);
		expect(waits(budget, MINUTE_MS)).toBe(10);
	});

	it('lets one request that has hung for long be sent once more', () => {
		const budget = new OutageBudget();
		const sentAtMs = Date.now();
		jest.advanceTimersByTime(30 * MINUTE_MS);
		budget.noteFailedTry('one', sentAtMs, 0);
		expect(waits(budget, MINUTE_MS)).toBe(5);
	});

	it('is full again after a success, and counts on what was waited in all', () => {
		const budget = new OutageBudget();
		expect(waits(budget, MINUTE_MS)).toBe(10);
		budget.noteSuccess('one');
		expect(waits(budget, MINUTE_MS)).toBe(10);
		expect(budget.waitedMs('service')).toBe(20 * MINUTE_MS);
	});

	it('is one for each host: one may be away while the others answer', () => {
		const budget = new OutageBudget();
		expect(waits(budget, MINUTE_MS)).toBe(10);
		budget.noteSuccess('other');
		expect(budget.mayWait('one', MINUTE_MS)).toBe(false);
		expect(budget.mayWait('other', MINUTE_MS)).toBe(true);
	});

	it('counts tries that take minutes to fail, and not what their bytes may take', () => {
		const budget = new OutageBudget();
		for (let tries = 0; tries < 5; tries++) {
			const sentAtMs = Date.now();
			jest.advanceTimersByTime(2 * MINUTE_MS);
			budget.noteFailedTry('one', sentAtMs, 0);
			// It may have sent all of this time: 16 KiB a second.
			budget.noteFailedTry('two', sentAtMs, 2 * MIB);
		}
		expect(budget.mayWait('one', MINUTE_MS)).toBe(false);
		expect(budget.mayWait('two', 9 * MINUTE_MS)).toBe(true);
		// Of waiting alone, which a try is not.
		expect(budget.waitedMs('service')).toBe(9 * MINUTE_MS);
	});

	it('does not count the time in which the machine slept', () => {
		const budget = new OutageBudget();
		expect(budget.mayWait('one', MINUTE_MS)).toBe(true);
		jest.advanceTimersByTime(600 * MINUTE_MS);
		expect(waits(budget, MINUTE_MS)).toBe(9);
	});

	it('ends the run with what it has waited, and nothing of the call that found out', () => {
		const budget = new OutageBudget();
		waits(budget, MINUTE_MS);
		expect(budget.endOf('one')).toBeUndefined();
		expect(budget.endSpent('one', failure, 'Box')).toEqual({
			...failure,
			remedy:
				'Run the workflow again later. The run waited 10 min for Box, no request got through, and it stopped. Files stored before that stay stored.',
			stored: 'no',
			requestId: undefined,
			subject: undefined,
			retries: undefined,
		});
		expect(budget.endOf('one')).toMatchObject({ code: 'http/503', stored: 'no' });
		expect(budget.endOf('other')).toBeUndefined();
		// One that was under way has got through all the same.
		budget.noteSuccess('one');
		expect(budget.endOf('one')).toBeUndefined();
		expect(budget.mayWait('one', MINUTE_MS)).toBe(true);
	});

	it('ends for an account whatever gets through for another one', () => {
		const budget = new OutageBudget();
		budget.end('account', failure);
		budget.noteSuccess('one');
		expect(budget.endOf('one', 'account')).toMatchObject({ code: 'http/503' });
		expect(budget.endOf('one', 'another')).toBeUndefined();
	});

	it('belongs to the context of the run, and is small for a list in the editor', () => {
		const run = { getExecutionCancelSignal: () => undefined };
		const list = {};
		expect(budgetOf(run)).toBe(budgetOf(run));
		expect(budgetOf(run)).not.toBe(budgetOf({ ...run }));
		expect(budgetOf(run).mayWait('one', 5 * MINUTE_MS)).toBe(true);
		expect(budgetOf(list).mayWait('one', MINUTE_MS)).toBe(false);
		expect(budgetOf(list).endSpent('one', failure, 'Box').remedy).toBe('Try again.');
	});
});

test('a host is the one of the URL, with its port', () => {
	expect(hostOf('https://upload.box.com/api/2.0/files')).toBe('upload.box.com');
	expect(hostOf('http://127.0.0.1:8080/a')).toBe('127.0.0.1:8080');
});
