import type { Failure, Outcome } from '../../failure';
import { afterRetries, failed, success } from '../../failure';
import type { Download, Fetch } from '../../http/download';
import type { OutageBudget } from '../../http/outageBudget';
import { hostOf } from '../../http/outageBudget';
import type { RetryPolicy } from '../../http/retry';
import { parseRetryAfterMs, retryDelayMs } from '../../http/retry';
import type { NoReply } from '../../http/types';
import { waitMs } from '../../http/wait';
import { printableUrl } from '../../redact';
import { statusFailure, unreachedFailure } from './failures';

/** How a run gets files from other servers. */
export interface Downloader {
	readonly vendor: Failure['vendor'];
	readonly fetch: Fetch;
	readonly policy: RetryPolicy;
	readonly cancelSignal: AbortSignal | undefined;
	readonly outage: OutageBudget;
	/** Something was asked for again, for this reason. */
	readonly retried: (reason: string) => void;
}

/** Asks until there is an answer with a file in it, as patiently as the vendor is asked. */
export async function ask(
	{ vendor, fetch, policy, cancelSignal, outage, retried }: Downloader,
	url: string,
	range: Readonly<Record<string, string>> = {},
): Promise<Outcome<Download>> {
	const host = hostOf(url);
	const isFine = (status: number): boolean =>
		status === 200 || ('Range' in range && (status === 206 || status === 416));
	for (let attempt = 1; ; attempt++) {
		const given = outage.endOf(host);
		if (given !== undefined) return failed({ ...given, subject: printableUrl(url) });
		const sentAtMs = Date.now();
		const answer = await fetch(url, range);
		if (answer.kind === 'download' && isFine(answer.status)) {
			outage.noteSuccess(host);
			return success(answer);
		}
		const { failure, retryAfterMs } = refusalOf(vendor, answer, url);
		if (answer.kind === 'canceled') return failed(failure);
		if (failure.retryable) outage.noteFailedTry(host, sentAtMs, 0);
		const delayMs = retryDelayMs({
			attempt,
			passes: failure.retryable,
			retryAfterMs,
			policy,
			random: Math.random(),
		});
		if (delayMs === undefined) return failed(afterRetries(failure, attempt - 1));
		if (!outage.mayWait(host, delayMs, 'links')) {
			const { remedy } = outage.endSpent(host, failure, 'the server of the link');
			return failed(afterRetries({ ...failure, remedy }, attempt - 1));
		}
		retried(failure.code);
		if (!(await waitMs(delayMs, cancelSignal))) {
			return failed(unreachedFailure(vendor, { kind: 'canceled', inFlight: false }, url));
		}
	}
}

function refusalOf(
	vendor: Failure['vendor'],
	answer: Download | NoReply,
	url: string,
): { readonly failure: Failure; readonly retryAfterMs?: number } {
	if (answer.kind !== 'download') return { failure: unreachedFailure(vendor, answer, url) };
	const { headers, status } = answer;
	answer.close();
	const serverMs = Date.parse(headers.date ?? '');
	const nowMs = Number.isNaN(serverMs) ? Date.now() : serverMs;
	const retryAfterMs = parseRetryAfterMs(headers['retry-after'], nowMs);
	return {
		failure: statusFailure(vendor, status, url),
		...(retryAfterMs !== undefined && { retryAfterMs }),
	};
}
