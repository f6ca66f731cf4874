import { pauseAccount, waitWhilePaused } from '../../../nodes/shared/http/accountPause';
import type { HttpClient } from '../../../nodes/shared/http/types';

const clientOf = (accountKey: string, cancelSignal?: AbortSignal) =>
	({ accountKey, cancelSignal }) as HttpClient;

describe('the rest of an account', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	const endsAfterMs = async (waiting: Promise<boolean>): Promise<[boolean, number]> => {
		const beganAtMs = Date.now();
		const timers = jest.runAllTimersAsync();
		const goesOn = await waiting;
		const waitedMs = Date.now() - beganAtMs;
		await timers;
		return [goesOn, waitedMs];
	};

	it('is waited for by every call of the account, and by none of another', async () => {
		pauseAccount('one', 60_000);
		expect(await endsAfterMs(waitWhilePaused(clientOf('other')))).toEqual([true, 0]);
		expect(await endsAfterMs(waitWhilePaused(clientOf('one')))).toEqual([true, 60_000]);
	});

	it('holds nobody up who has to give up before its end', async () => {
		pauseAccount('two', 60_000);
		const waiting = waitWhilePaused(clientOf('two'), Date.now() + 10_000);
		expect(await endsAfterMs(waiting)).toEqual([true, 10_000]);
		expect(await endsAfterMs(waitWhilePaused(clientOf('two')))).toEqual([true, 50_000]);
	});

	it('ends at once for a run that is cancelled', async () => {
		pauseAccount('three', 60_000);
		const canceled = AbortSignal.abort();
		expect(await endsAfterMs(waitWhilePaused(clientOf('three', canceled)))).toEqual([false, 0]);
	});
});
