import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { uploadInParts } from '../../shared/transfer/inParts';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import type { PartSession } from '../../shared/transfer/partTarget';
import type { Checkpoint } from '../../shared/transfer/checkpoints';
import { OwnCheckpoint } from '../../shared/transfer/checkpoints';
import type { FilledSession } from '../../shared/transfer/sessionFill';
import { retryUnclear } from '../api/retries';
import { commitUntilStored } from '../api/commit';
import { boxCodes, changedSince, nameInUse } from '../api/failures/codes';
import type { StoredItem, UploadPart, UploadSession } from '../api/types';
import type { Since } from './lookup';
import { lookAgain, mayBeOnlyEtag, namedIn, nothingStored, verified } from './lookup';
import { AT_START, fromStart, NO_STORE } from './resumeAtStart';
import { SessionTarget } from './sessionTarget';
import type { SendContext } from './uploadContext';
import type { FileToUpload, ResolvedTarget } from './types';
import { nameOf, sessionKey } from './types';

/** So often the etag may change between a look and a commit. */
const MAX_ETAGS = 5;
const LOOKS_AFTER_COMMIT = 3;
/** Box has other parts than those that were sent, or other bytes in them. */
const OTHER_PARTS = new Set(['bad_digest', 'digest_mismatch', 'parts_mismatch']);

const NOT_THIS_FILE =
	"Check that nothing changes the file while it's read, and the proxy of the n8n server: the file was sent twice, and nothing was stored. If both are fine, contact Box support with the request ID.";
/** Where Commit Box Session has another one. */
const REMEDIES: Readonly<Record<string, string>> = {
	bad_digest: NOT_THIS_FILE,
	digest_mismatch: NOT_THIS_FILE,
	conflict: nameInUse.remedy,
	item_name_in_use: nameInUse.remedy,
	'http/409': nameInUse.remedy,
	precondition_failed: changedSince.remedy,
	'http/412': changedSince.remedy,
	'commit/processing': 'Run this again later, or raise Wait At Most.',
};

/** A file is sent anew once when its session proves useless at the commit. */
const MAX_ROUNDS = 2;

interface SessionEvents {
	/** Nothing is left to read. */
	readonly onRead: () => void;
	/** All of the content is at Box. */
	readonly onSent: () => void;
}

/** Sends a large file through an upload session. */
export async function sendInSession(
	file: FileToUpload,
	resolved: ResolvedTarget,
	context: SendContext,
	{ onRead, onSent }: SessionEvents,
): Promise<Outcome<StoredItem>> {
	const { connection, resume, settings } = context;
	const { attributes, source } = file;
	const key = `${connection.client.accountKey}:${sessionKey(resolved, attributes)}:${source.sizeBytes}`;
	const note = new OwnCheckpoint(settings.resume ? fromStart(resume) : NO_STORE, key);
	try {
		return await new SessionUpload(file, resolved, context, note, { onRead, onSent }).run();
	} finally {
		note.release();
	}
}

class SessionUpload {
	private readonly target: SessionTarget;
	/** SHA-1 of what a commit may have stored that came to no clear end. */
	private openCommit: string | undefined;
	/** Nor could a look say what has become of it: sending it again would be blind. */
	private isUnsettled = false;

	constructor(
		private readonly file: FileToUpload,
		private resolved: ResolvedTarget,
		private readonly context: SendContext,
		private readonly note: OwnCheckpoint,
		private readonly events: SessionEvents,
	) {
		const { connection, limiter, warn } = context;
		this.target = new SessionTarget(connection, resolved, file.source, {
			onOpened: async (session) => {
				await note.save({ ...session, ...AT_START });
			},
			onOpeningLost: () =>
				warn(
					`${nameOf(file.place)}: an answer of Box was lost. It may hold an upload session that was not used; it ends by itself after 7 days.`,
				),
			onPart: (outcome) => noteSpeed(outcome, limiter),
		});
	}

	async run(): Promise<Outcome<StoredItem>> {
		let resumeFrom = this.recordOfUser();
		for (let round = 1; ; round++) {
			const filled = await this.fill(resumeFrom);
			if (filled.ok) this.events.onSent();
			const outcome = filled.ok ? await this.commit(filled.value.hash) : filled;
			const isSettled = outcome.ok || round === 1;
			const settled = isSettled ? outcome : await this.storedBefore(outcome.failure);
			if (settled.ok) {
				await this.note.clear();
				return settled;
			}
			const { failure } = settled;
			const helpsAnew = filled.ok && !this.isUnsettled && this.helpsAnew(failure);
			if (round >= MAX_ROUNDS || !helpsAnew) return failed(await this.end(failure));
			resumeFrom = undefined;
			await this.note.clear();
		}
	}

	private async fill(
		resumeFrom: Checkpoint | undefined,
	): Promise<Outcome<FilledSession<PartSession>>> {
		const { context, file, target } = this;
		const { connection, settings, limiter, buffers, memory, canceled, progress, thrown } = context;
		const { cancelSignal } = connection.client;
		return await uploadInParts(file.source, target, {
			limiter,
			buffers,
			memory,
			memoryLimitBytes: settings.memoryLimitBytes,
			note: this.note,
			resumeFrom,
			cancelSignal,
			canceled,
			thrown,
			onBytes: (sizeBytes) => progress.bytesSent(sizeBytes),
			onRead: this.events.onRead,
		});
	}

	/** Again when only what is said about the file has changed: its etag is another one then, its version is not. */
	private async commit(sha1: string): Promise<Outcome<StoredItem>> {
		const ready = await this.target.filled();
		if (!ready.ok) return ready;
		for (let tries = 1; ; tries++) {
			const { etag } = this;
			const committed = await this.commitOnce(ready.value, sha1);
			if (committed.ok) return committed;
			const { failure } = committed;
			if (!this.mustLook(failure)) return committed;
			const since = await this.look(failure, sha1);
			if (!since.ok) {
				if (namedIn(since.failure) !== undefined)
					return this.mayBeStored(failure) ? since : committed;
				this.isUnsettled = failure.stored === 'unknown';
				return committed;
			}
			if ('item' in since.value) {
				// Box may keep the session of what it has stored; one that it has used up is gone already.
				if (failure.status !== 404 && failure.status !== 410) await this.target.giveUp();
				return success(since.value.item);
			}
			this.resolved = since.value.resolved;
			const isOnlyEtag = failure.status === 412 && this.etag !== etag;
			if (!isOnlyEtag || tries >= MAX_ETAGS) return failed(nothingStored(failure));
		}
	}

	private async commitOnce(
		{ session, parts }: { readonly session: UploadSession; readonly parts: readonly UploadPart[] },
		sha1: string,
	): Promise<Outcome<StoredItem>> {
		const { connection, settings } = this.context;
		const { source, attributes } = this.file;
		const committed = await commitUntilStored(connection, session, {
			parts: async () => await Promise.resolve(success(parts)),
			digest: Buffer.from(sha1, 'hex').toString('base64'),
			attributes,
			ifMatch: this.etag,
			ifNoneMatch: undefined,
			deadlineMs: settings.deadlineMsFor(source.sizeBytes),
		});
		if (committed.ok) return verified(committed.value, sha1);
		const { failure } = committed;
		const remedy = REMEDIES[failure.path];
		return failed(remedy === undefined ? failure : { ...failure, remedy });
	}

	private get etag(): string | undefined {
		return this.resolved.kind === 'newVersion' ? this.resolved.etag : undefined;
	}

	private mustLook(failure: Failure): boolean {
		if (failure.path === 'canceled') return false;
		return this.mayBeStored(failure) || mayBeOnlyEtag(failure, this.resolved);
	}

	/** A session that is gone may have become the file. */
	private mayBeStored(failure: Failure): boolean {
		return failure.stored === 'unknown' || this.target.isSessionLost(failure);
	}

	/** What a commit has left open is seen a moment later than Box knows it. */
	private async look(failure: Failure, sha1: string): Promise<Outcome<Since>> {
		const { connection } = this.context;
		const { sizeBytes } = this.file.source;
		const mayBeStored = this.mayBeStored(failure);
		if (mayBeStored) this.openCommit = sha1;
		const isGone = failure.path === 'outcome_unknown';
		let asked = 0;
		return await retryUnclear(
			connection,
			async () => await lookAgain(connection, this.resolved, { sha1, sizeBytes, mayBeStored }),
			(since) => !isGone || !since.ok || 'item' in since.value || ++asked >= LOOKS_AFTER_COMMIT,
		);
	}

	/** What an earlier round's commit has stored after all stands in the way of this one. */
	private async storedBefore(failure: Failure): Promise<Outcome<StoredItem>> {
		const { connection } = this.context;
		const { openCommit: sha1, resolved } = this;
		const isConflict = failure.status === 409 || failure.status === 412;
		if (sha1 === undefined || !isConflict) return failed(failure);
		const { sizeBytes } = this.file.source;
		const since = await lookAgain(connection, resolved, { sha1, sizeBytes, mayBeStored: true });
		if (!since.ok)
			return namedIn(since.failure) ? since : failed({ ...failure, stored: 'unknown' });
		if (!('item' in since.value)) return failed(failure);
		await this.target.giveUp();
		return success(since.value.item);
	}

	/** Box does not let the session's parts become this file, whoever commits it again. */
	private helpsAnew(failure: Failure): boolean {
		return OTHER_PARTS.has(failure.path) || this.target.isSessionLost(failure);
	}

	/** Also what nobody can explain, and what is refused in a second run: it would be so for 7 days. */
	private isUseless(failure: Failure): boolean {
		const { path, status } = failure;
		const isExplained = Object.hasOwn(boxCodes, path) || path.startsWith('http/');
		const isRefused = status === 400 && (!isExplained || this.target.isReopened);
		return isRefused || this.helpsAnew(failure);
	}

	/** The session stays for a later try, and the failure says so, or it is given up. */
	private async end(failure: Failure): Promise<Failure> {
		const { context, file, target } = this;
		const { current } = target;
		if (current === undefined) return failure;
		const resume = {
			...current,
			...AT_START,
			...failure.resume,
			sessionId: current.sessionId,
			target: sessionKey(this.resolved, this.file.attributes),
		};
		if (failure.path === 'canceled') {
			// n8n drops what a cancelled node returns; the log is the only place left.
			context.log(
				`canceled; the upload of ${nameOf(file.place)} can go on from byte ${resume.offset} of ${file.source.sizeBytes} in session ${resume.sessionId}`,
			);
			return { ...failure, resume };
		}
		const isKept =
			failure.stored === 'unknown' ||
			(context.settings.resume &&
				(target.hasParts || !target.isKnown) &&
				!this.isUseless(failure) &&
				!this.isElsewhereNow(failure));
		if (isKept) {
			const note = context.settings.resume ? KEPT : MAY_BE_USED;
			return { ...failure, remedy: `${failure.remedy} ${note}`, resume };
		}
		await this.note.clear();
		const given = await target.giveUp(failure);
		if (given.ok) return { ...failure, resume: undefined };
		return { ...failure, remedy: `${failure.remedy} ${LEFT_OPEN}`, resume };
	}

	/** A session is for one name: the file gets another one, is for the file that has it, or may be that file. */
	private isElsewhereNow({ path }: Failure): boolean {
		const { ifExists, skipUnchanged } = this.file;
		return path === 'item_name_in_use' && (ifExists !== 'fail' || skipUnchanged);
	}

	/** What a failed item gave, if it is of a session for this very place. */
	private recordOfUser(): Checkpoint | undefined {
		const { attributes, resumeFrom } = this.file;
		const isForThis = resumeFrom?.target === sessionKey(this.resolved, attributes);
		return isForThis ? { ...resumeFrom, ...AT_START } : undefined;
	}
}

const KEPT = 'What Box has of the file stays there for up to 7 days; the next run goes on with it.';
const MAY_BE_USED =
	'Its upload session was not given up, as Box may be using it; it ends by itself after 7 days.';
const LEFT_OPEN = 'Its upload session could not be given up and ends by itself after 7 days.';
