/** A commit takes its time, and whoever comes meanwhile may be turned away. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Call, Handler } from './call';
import { Contention } from './contention';
import { CallRefused, rateLimited } from './errors';

/** Of an account: Dropbox takes its lock for each commit, whatever the root. */
export class CommitLock {
	private readonly held = new Set<string>();

	async run(handler: Handler, call: Call<unknown>): Promise<unknown> {
		const { state, view } = call;
		const { commitMs, overlapRefusedAs } = state.settings;
		const { accountId } = view.account;
		if (overlapRefusedAs !== undefined && this.held.has(accountId)) {
			if (overlapRefusedAs === '429') throw tooManyWrites();
			const contention = new Contention();
			contention.failNext(Infinity);
			contention.reportedAsPath = overlapRefusedAs === 'path';
			return await handler({ ...call, state: { ...state, contention } });
		}
		let completed: Promise<void> | undefined;
		this.held.add(accountId);
		try {
			if (commitMs > 0) await sleep(commitMs);
			return await handler({
				...call,
				holdKeyUntil: (end) => {
					completed = end;
					call.holdKeyUntil(end);
				},
			});
		} finally {
			const release = () => this.held.delete(accountId);
			if (completed === undefined) release();
			else void completed.then(release);
		}
	}

	reset(): void {
		this.held.clear();
	}
}

function tooManyWrites(): CallRefused {
	const answer = rateLimited(1, 'too_many_write_operations');
	if (answer.kind !== 'reply') throw new Error('a 429 is a reply');
	const { status, headers, body } = answer;
	return new CallRefused({ status, headers, text: body });
}
