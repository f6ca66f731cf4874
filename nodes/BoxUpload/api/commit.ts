import { passing } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { PollAnswer } from '../../shared/http/poll';
import { pollUntilDone } from '../../shared/http/poll';
import { parseRetryAfterMs } from '../../shared/http/retry';
import type { Connection } from './connection';
import { afterLostCommit } from './failures/lostCommit';
import { toFailure } from './failures/read';
import * as shapes from './shapes';
import type { Files, UploadPart, UploadSession } from './types';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 10_000;

/** Another change in the folder is under way: the commit waits for it as long as for the parts. */
const BLOCKED = new Set(['operation_blocked_temporary', 'name_temporarily_reserved']);

/** What a commit answers: the file, or that Box is still at work on the parts. */
type CommitResponse =
	| { readonly files: Files }
	| { readonly processing: true; readonly retryAfterMs: number | undefined };

/** What a file is made of, and on which condition. */
interface Commit {
	readonly parts: readonly UploadPart[];
	/** Base64 of the whole file's SHA-1. */
	readonly digest: string;
	readonly attributes: object;
	readonly ifMatch: string | undefined;
	readonly ifNoneMatch: string | undefined;
	readonly giveUpAtMs: number;
}

interface CommitJob extends Omit<Commit, 'parts' | 'giveUpAtMs'> {
	/** Asked for anew when Box has said that they are not the parts it has. */
	readonly parts: () => Promise<Outcome<readonly UploadPart[]>>;
	readonly deadlineMs: number;
	/** How often the same parts are tried again after Box said that they are not its own; default: as any call. */
	readonly mismatchRetries?: number;
	/** An earlier try of the run has sent this commit, and its outcome is open. */
	readonly mayBeStored?: boolean;
}

/**
 * Commits until the file is there: Box answers 202 as long as it is still at work on the parts, and
 * the same commit is sent again then.
 */
export async function commitUntilStored(
	connection: Connection,
	session: UploadSession,
	job: CommitJob,
): Promise<Outcome<Files>> {
	const parts = await job.parts();
	if (!parts.ok) return parts;
	const tries = new CommitTries(connection, session, job, parts.value);
	const polled = await pollUntilDone(async (giveUpAtMs) => await tries.next(giveUpAtMs), {
		deadlineMs: job.deadlineMs,
		firstDelayMs: FIRST_DELAY_MS,
		maxDelayMs: MAX_DELAY_MS,
		cancelSignal: connection.client.cancelSignal,
	});
	if (polled.kind === 'done') return polled.value;
	return failed(polled.kind === 'canceled' ? CANCELED : tries.open);
}

/** The tries of one commit. */
class CommitTries {
	/** What the commit has failed with when no time is left for another try. */
	open: Failure = STILL_PROCESSING;
	private responseLost: boolean;
	private isAccepted = false;
	private mismatches = 0;
	private sendings = 0;

	constructor(
		private readonly connection: Connection,
		private readonly session: UploadSession,
		private readonly job: CommitJob,
		private parts: readonly UploadPart[],
	) {
		this.responseLost = job.mayBeStored ?? false;
	}

	async next(giveUpAtMs: number): Promise<PollAnswer<Outcome<Files>>> {
		const { connection, job, session } = this;
		if (this.mismatches > 0) {
			const parts = await job.parts();
			if (!parts.ok) return ended(parts);
			this.parts = parts.value;
		}
		const commit = { ...job, parts: this.parts, giveUpAtMs };
		const response = await commitSession(connection, session, commit);
		this.responseLost ||= response.responseLost;
		this.sendings += response.retries + 1;
		if (!response.ok) return this.afterRefusal(response.failure);
		if ('files' in response.value) return ended(success(response.value.files));
		this.isAccepted = true;
		const { retryAfterMs } = response.value;
		this.open = STILL_PROCESSING;
		return { done: false, ...(retryAfterMs !== undefined && { waitMs: retryAfterMs }) };
	}

	private afterRefusal(refusal: Failure): PollAnswer<Outcome<Files>> {
		const read = afterLostCommit(refusal, this.responseLost, this.isAccepted);
		const failure = afterRetries(read, this.sendings - 1);
		const { maxRetries } = this.connection.policy;
		const mostMismatches = Math.min(maxRetries, this.job.mismatchRetries ?? Infinity);
		// Right after the last part Box may not know it yet, nor may its list have had it.
		const isBehind = failure.code === 'parts_mismatch' && this.mismatches++ < mostMismatches;
		if (!isBehind && !BLOCKED.has(failure.code)) return ended(failed(failure));
		this.open = failure;
		return { done: false };
	}
}

function ended(value: Outcome<Files>): PollAnswer<Outcome<Files>> {
	return { done: true, value };
}

/**
 * Makes a file of the parts, in the order of their offsets. Box checks them against the digest of the whole file.
 * https://developer.box.com/reference/post-files-upload-sessions-id-commit
 */
async function commitSession(
	connection: Connection,
	session: UploadSession,
	commit: Commit,
): Promise<CallOutcome<CommitResponse>> {
	const { parts, digest, attributes, ifMatch, ifNoneMatch, giveUpAtMs } = commit;
	return await connection.send<CommitResponse>({
		method: 'POST',
		url: session.session_endpoints.commit,
		headers: {
			'Content-Type': 'application/json',
			Digest: `sha=${digest}`,
			...(ifMatch !== undefined && { 'If-Match': ifMatch }),
			...(ifNoneMatch !== undefined && { 'If-None-Match': ifNoneMatch }),
		},
		body: JSON.stringify({ parts, ...(Object.keys(attributes).length > 0 && { attributes }) }),
		shape: (value) => {
			const files = shapes.files(value);
			return files && { files };
		},
		ofStatus: (status, headers) =>
			status === 202
				? { processing: true, retryAfterMs: parseRetryAfterMs(headers['retry-after'], Date.now()) }
				: undefined,
		giveUpAtMs,
		step: 'commit',
	});
}

const STILL_PROCESSING: Failure = {
	...toFailure(
		'commit/processing',
		passing(
			'Box was still processing the parts when the wait ended',
			"Run 'Commit Box Session' again, or set a longer 'Max Wait'. The upload session stays open.",
		),
	),
	stored: 'unknown',
};

const CANCELED: Failure = {
	...STILL_PROCESSING,
	code: 'canceled',
	message: 'The execution was canceled while Box was processing the parts',
};
