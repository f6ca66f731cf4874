import type { Failure, Outcome } from '../failure';
import { afterRetries, failed } from '../failure';
import { withoutSecrets } from '../redact';
import { pauseAccount, waitWhilePaused } from './accountPause';
import type { RetryPolicy } from './retry';
import { parseRetryAfterMs, retryDelayMs } from './retry';
import type { HttpClient, HttpReply, HttpRequest, NoReply, Sent } from './types';
import { waitMs } from './wait';

/** Turns what came back into a value or a readable failure; one for each vendor. */
export interface ReplyReader<T> {
	read(reply: HttpReply): Outcome<T>;
	noReply(noReply: NoReply): Failure;
	/** The wait that the body of a 429 asks for, where the vendor puts it there. */
	retryAfterMs?(reply: HttpReply): number | undefined;
}

/** One request, how its answer is read, and what may be done when there is none. */
export interface Call<T> {
	readonly request: HttpRequest;
	readonly reader: ReplyReader<T>;
	readonly policy: RetryPolicy;
	/**
	 * `repeat`: the vendor's session, offset or job id makes a second sending harmless.
	 * `settle`: after a lost answer the caller looks first; nothing is sent again blindly.
	 */
	readonly afterLostAnswer: 'repeat' | 'settle';
	/** No further try begins after this moment; the first one always does. */
	readonly giveUpAtMs?: number;
}

/** What a call came to, and what happened on the way. */
export type CallOutcome<T> = Outcome<T> & {
	/**
	 * True when at least one try may have reached the vendor without us knowing: of a call that stores a
	 * file nobody can say then that it is not stored.
	 */
	readonly answerLost: boolean;
	readonly retries: number;
	/** Whether the vendor asked to slow down at least once. */
	readonly rateLimited: boolean;
};

/** One call until its outcome is known: waits for the account's pause, repeats what passes by itself. Never throws. */
export async function call<T>(
	client: HttpClient,
	{ request, reader, policy, afterLostAnswer, giveUpAtMs }: Call<T>,
): Promise<CallOutcome<T>> {
	let answerLost = false;
	let rateLimited = false;
	for (let attempt = 1; ; attempt++) {
		const sent: Sent = (await waitWhilePaused(client, giveUpAtMs))
			? await client.send(request)
			: { kind: 'canceled', inFlight: answerLost };
		const read: Outcome<T> =
			sent.kind === 'reply' ? reader.read(sent.reply) : failed(reader.noReply(sent));
		const outcome: Outcome<T> = read.ok
			? read
			: failed(withoutSecrets(read.failure, request.secrets ?? []));
		const mayHaveActed: boolean = !outcome.ok && leavesOpen(sent);
		const done = (end: Outcome<T>): CallOutcome<T> => ({
			...(end.ok ? end : failed(afterRetries(end.failure, attempt - 1))),
			answerLost: answerLost || mayHaveActed,
			retries: attempt - 1,
			rateLimited,
		});
		// What passes by itself is the catalogues' decision; a cancelled run is not repeated.
		const passes = !outcome.ok && outcome.failure.retryable && sent.kind !== 'canceled';
		const isAway = passes && !(sent.kind === 'reply' && sent.reply.status === 429);
		client.traffic.noteAnswer(request.url, !isAway);
		if (outcome.ok) return done(outcome);
		if (mayHaveActed && afterLostAnswer === 'settle') return done(outcome);

		const retryAfterMs = sent.kind === 'reply' ? askedForMs(reader, sent.reply) : undefined;
		const remainingMs = giveUpAtMs === undefined ? Infinity : giveUpAtMs - Date.now();
		const delayMs = retryDelayMs({
			attempt,
			passes: passes && client.traffic.mayRetry(request.url, policy),
			retryAfterMs,
			policy,
			remainingMs,
			random: Math.random(),
		});
		if (sent.kind === 'reply' && sent.reply.status === 429) {
			rateLimited = true;
			// Also when this call has no try left: the next one would only be refused as well.
			pauseAccount(client.accountKey, delayMs ?? waitedForMs(retryAfterMs, policy));
		}
		if (delayMs === undefined) {
			const longestMs = Math.min(policy.maxRetryAfterMs, remainingMs);
			return done(failed(withLongWait(outcome.failure, retryAfterMs, longestMs)));
		}
		client.traffic.retried(outcome.failure.path);
		client.debug(
			`${request.method} ${new URL(request.url).pathname}: ${outcome.failure.path}, try ${attempt + 1} in ${Math.round(delayMs)} ms`,
		);
		answerLost = answerLost || mayHaveActed;
		if (!(await waitMs(delayMs, client.cancelSignal)))
			return done(failed(reader.noReply({ kind: 'canceled', inFlight: answerLost })));
	}
}

function askedForMs<T>(reader: ReplyReader<T>, reply: HttpReply): number | undefined {
	return (
		parseRetryAfterMs(reply.headers['retry-after'], Date.now()) ?? reader.retryAfterMs?.(reply)
	);
}

/** Nobody waits for longer than allowed. */
function waitedForMs(retryAfterMs = 0, { maxRetryAfterMs }: RetryPolicy): number {
	return retryAfterMs > maxRetryAfterMs ? 0 : retryAfterMs;
}

/** Past the longest wait the node has not waited, whatever the catalogue's remedy says. */
function withLongWait(
	failure: Failure,
	retryAfterMs: number | undefined,
	longestMs: number,
): Failure {
	if (retryAfterMs === undefined || retryAfterMs <= longestMs) return failure;
	const minutes = Math.ceil(retryAfterMs / 60_000);
	return {
		...failure,
		remedy: `Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. The service asks to wait that long, which is longer than the node waits.`,
	};
}

/** Whether the vendor may have acted on a request that got no readable answer. */
function leavesOpen(sent: Sent): boolean {
	if (sent.kind === 'canceled') return sent.inFlight;
	// Who answers with a redirect has not handled the call.
	if (sent.kind === 'unacceptable') return sent.reason === 'too_long';
	if (sent.kind !== 'reply') return sent.kind === 'lost';
	return sent.reply.status >= 500 || sent.reply.status < 300;
}
