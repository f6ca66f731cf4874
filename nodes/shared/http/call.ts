import { readableDuration } from '../duration';
import type { Failure, Outcome } from '../failure';
import { afterRetries, failed } from '../failure';
import { internalFailure } from '../net';
import { withoutSecrets } from '../redact';
import { hostOf } from './outageBudget';
import { withLongWait } from './longWait';
import { byteLengthOf } from './pacedBody';
import { noteLetIn, reasonToRest, restAccount, restLeftMs } from './accountPause';
import type { RetryPolicy } from './retry';
import { backOffMs, boundedWaitMs, parseRetryAfterMs, retryDelayMs } from './retry';
import type { HttpClient, HttpReply, HttpRequest, NoReply, Sent } from './types';
import { waitMs } from './wait';

/** Turns what came back into a value or a readable failure; one for each vendor. */
export interface ReplyReader<T> {
	readonly vendor: Failure['vendor'];
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
	readonly afterLostResponse: 'repeat' | 'settle';
	/** No further try begins after this moment; the first one always does. */
	readonly giveUpAtMs?: number;
}

/** What a call came to, and what happened on the way. */
export type CallOutcome<T> = Outcome<T> & {
	/**
	 * True when at least one try may have reached the vendor without us knowing: of a call that stores a
	 * file nobody can say then that it is not stored.
	 */
	readonly responseLost: boolean;
	readonly retries: number;
	/**
	 * Fewer at once may be better: the vendor asked to slow down, or a body made no progress. When the last try began
	 * that showed it.
	 */
	readonly tooFastAtMs: number | undefined;
};

/** One call until its outcome is known: rests with its account, repeats what passes by itself. Never throws. */
export async function call<T>(client: HttpClient, theCall: Call<T>): Promise<CallOutcome<T>> {
	let tries: Tries<T> | undefined;
	try {
		tries = new Tries(client, theCall);
		return await tries.run();
	} catch (error) {
		// Whoever asked goes on with a failure: an answer may be such that reading it throws.
		const failure = internalFailure(theCall.reader.vendor, error);
		const { isSent = false, retries = 0 } = tries ?? {};
		const told: Failure = { ...failure, stored: isSent ? 'unknown' : 'no' };
		return { ...failed(told), responseLost: isSent, retries, tooFastAtMs: undefined };
	}
}

/** The tries of one call. */
class Tries<T> {
	private readonly host: string;
	/** Whether something may have reached the vendor. */
	isSent = false;
	retries = 0;
	private responseLost = false;
	private tooFastAtMs: number | undefined;
	/** Failures of the call's own, which use its tries up; a rest of the account is none. */
	private failures = 0;

	constructor(
		private readonly client: HttpClient,
		private readonly theCall: Call<T>,
	) {
		this.host = hostOf(theCall.request.url);
	}

	async run(): Promise<CallOutcome<T>> {
		const { client, theCall } = this;
		for (;;) {
			const ended = await this.untilItsTurn();
			if (ended !== undefined) return this.done(ended);
			const sentAtMs = Date.now();
			this.isSent = true;
			const sent = await client.send(theCall.request);
			const outcome = await this.read(sent);
			this.note(outcome, sent, sentAtMs);
			if (outcome.ok) return this.done(outcome);
			const mayHaveActed = leavesOpen(sent);
			this.responseLost ||= mayHaveActed;
			if (sent.kind === 'lost' && sent.isStuck === true) this.tooFastAtMs = sentAtMs;
			if (mayHaveActed && theCall.afterLostResponse === 'settle') return this.done(outcome);
			const end =
				sent.kind === 'reply' && sent.reply.status === 429
					? this.afterRefusal(outcome.failure, sent.reply, sentAtMs)
					: await this.afterFailure(outcome.failure, sent);
			if (end !== undefined) return this.done(failed(end));
			this.retries += 1;
			client.traffic.retried(outcome.failure.code);
		}
	}

	private async read(sent: Sent): Promise<Outcome<T>> {
		const { reader, request } = this.theCall;
		const read: Outcome<T> =
			sent.kind === 'reply' ? reader.read(sent.reply) : failed(reader.noReply(sent));
		if (read.ok) return read;
		const failure = withoutSecrets(read.failure, request.secrets ?? []);
		return failed(withoutSecrets(failure, await this.client.secrets()));
	}

	/** Waits while the account rests. An outcome where nothing can be sent any more. */
	private async untilItsTurn(): Promise<Outcome<T> | undefined> {
		const { client, host } = this;
		const { accountKey, cancelSignal, outage } = client;
		for (;;) {
			if (cancelSignal?.aborted) return this.canceled();
			const given = outage.endOf(host, accountKey);
			if (given !== undefined) return failed(given);
			// Whoever has to give up before the rest is over asks once all the same.
			const restMs = Math.min(restLeftMs(accountKey), this.remainingMs());
			if (restMs <= 0) return undefined;
			const reason = reasonToRest(accountKey);
			if (!outage.mayWait(host, restMs) && reason !== undefined) {
				return failed(outage.endSpent(host, reason, reason.vendor));
			}
			await waitMs(restMs, cancelSignal);
		}
	}

	/** A 429: the account rests, and the call is no poorer by a try. A failure when it is not sent again. */
	private afterRefusal(failure: Failure, reply: HttpReply, sentAtMs: number): Failure | undefined {
		const { client, theCall } = this;
		const { policy, reader } = theCall;
		const { accountKey, outage } = client;
		this.tooFastAtMs = sentAtMs;
		const retryAfterMs = askedForMs(reader, reply, client.serverNowMs());
		if (retryAfterMs !== undefined && retryAfterMs > policy.maxRetryAfterMs) {
			const told = withLongWait(failure, retryAfterMs);
			// The rest of the run would only be told the same.
			outage.end(accountKey, told);
			return told;
		}
		const restMs = (strikes: number): number =>
			backOffMs({ attempt: strikes, retryAfterMs, policy, random: Math.random() });
		// Also when this call is not sent again: the next one would only be refused as well.
		const newRestMs = restAccount(accountKey, { sentAtMs, failure, restMs });
		if (newRestMs !== undefined && newRestMs >= WORTH_TELLING_MS) {
			client.tell(
				`${failure.vendor} asked to slow down, so the run rests for ${readableDuration(newRestMs)}`,
			);
		}
		if (policy.maxRetries === 0) return failure;
		const leftMs = restLeftMs(accountKey);
		return leftMs > this.remainingMs() ? withLongWait(failure, leftMs) : undefined;
	}

	/** A failure of the call's own; told when it is not repeated. */
	private async afterFailure(failure: Failure, sent: Sent): Promise<Failure | undefined> {
		const { client, host, theCall } = this;
		const { reader, policy, request } = theCall;
		this.failures += 1;
		const retryAfterMs =
			sent.kind === 'reply' ? askedForMs(reader, sent.reply, client.serverNowMs()) : undefined;
		const remainingMs = this.remainingMs();
		const delayMs = retryDelayMs({
			attempt: this.failures,
			// What passes by itself is the catalogues' decision; a cancelled run is not repeated.
			passes: failure.retryable && sent.kind !== 'canceled',
			retryAfterMs,
			policy,
			remainingMs,
			random: Math.random(),
		});
		if (delayMs === undefined) {
			const longestMs = Math.min(policy.maxRetryAfterMs, remainingMs);
			const isTooLong = retryAfterMs !== undefined && retryAfterMs > longestMs;
			return isTooLong ? withLongWait(failure, retryAfterMs) : failure;
		}
		if (!client.outage.mayWait(host, delayMs)) {
			const { remedy } = client.outage.endSpent(host, failure, failure.vendor);
			return { ...failure, remedy };
		}
		client.debug(
			`${request.method} ${new URL(request.url).pathname}: ${failure.code}, try ${this.retries + 2} in ${Math.round(delayMs)} ms`,
		);
		// A cancel meanwhile is heard before the next try.
		await waitMs(delayMs, client.cancelSignal);
		return undefined;
	}

	/** What the answer says about whether anything gets through. */
	private note(outcome: Outcome<T>, sent: Sent, sentAtMs: number): void {
		const { client, host, theCall } = this;
		if (sent.kind === 'canceled') return;
		const isReply = sent.kind === 'reply';
		const isRefusal = isReply && sent.reply.status === 429;
		const isDefinite = outcome.ok || (isReply && !isRefusal && !outcome.failure.retryable);
		if (isDefinite) client.outage.noteSuccess(host);
		else client.outage.noteFailedTry(host, sentAtMs, byteLengthOf(theCall.request.body));
		const isLetIn = isReply && !isRefusal && sent.reply.status < 500;
		if (isLetIn) noteLetIn(client.accountKey, sentAtMs);
	}

	private canceled(): Outcome<T> {
		const { reader } = this.theCall;
		return failed(reader.noReply({ kind: 'canceled', inFlight: this.responseLost }));
	}

	private remainingMs(): number {
		const { giveUpAtMs } = this.theCall;
		return giveUpAtMs === undefined ? Infinity : giveUpAtMs - Date.now();
	}

	private done(end: Outcome<T>): CallOutcome<T> {
		const { responseLost, tooFastAtMs, retries } = this;
		const told = end.ok ? end : failed(afterRetries(end.failure, retries));
		return { ...told, responseLost, retries, tooFastAtMs };
	}
}

/** Shorter rests are over before somebody has read of them. */
const WORTH_TELLING_MS = 5_000;

function askedForMs<T>(
	reader: ReplyReader<T>,
	reply: HttpReply,
	nowMs: number,
): number | undefined {
	const inHeader = parseRetryAfterMs(reply.headers['retry-after'], nowMs);
	const asked = inHeader ?? reader.retryAfterMs?.(reply);
	return asked === undefined ? undefined : boundedWaitMs(asked);
}

/** Whether the vendor may have acted on a request that got no readable answer. */
function leavesOpen(sent: Sent): boolean {
	if (sent.kind === 'canceled') return sent.inFlight;
	// Who answers with a redirect has not handled the call.
	if (sent.kind === 'unacceptable') return sent.reason === 'too_long';
	if (sent.kind !== 'reply') return sent.kind === 'lost';
	return sent.reply.status >= 500 || sent.reply.status < 300;
}
