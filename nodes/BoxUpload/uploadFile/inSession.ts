import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { uploadInParts } from '../../shared/transfer/inParts';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import type { PartSession } from '../../shared/transfer/partTarget';
import type { Checkpoint } from '../../shared/transfer/checkpoints';
import { OwnCheckpoint } from '../../shared/transfer/checkpoints';
import type { FilledSession } from '../../shared/transfer/filledSession';
import { knownCode } from '../api/failures/codes';
import type { StoredItem } from '../api/types';
import { KnownParts } from './knownParts';
import { AT_START, fromStart, NO_STORE } from './resumeAtStart';
import { SessionCommit } from './sessionCommit';
import { asksForParts } from './skipParts';
import { SessionTarget } from './sessionTarget';
import type { BoxUploadContext } from './uploadContext';
import type { FileToUpload, ResolvedTarget } from './types';
import { nameOf, sessionKey } from './types';

/** Box has other parts than those that were sent, or other bytes in them. */
const OTHER_PARTS = new Set(['bad_digest', 'digest_mismatch', 'parts_mismatch']);

/** Permission, a name or version in the way, too many requests. */
const OTHER_REASONS = new Set([401, 403, 409, 412, 429]);

/** A file is sent anew once when its session proves useless at the commit. */
const MAX_ROUNDS = 2;

export interface SendEvents {
	/** Box has opened an upload session. */
	readonly onOpened?: () => void;
	/** Nothing is left to read. */
	readonly onRead: () => void;
	/** All of the content is at Box. */
	readonly onSent: () => void;
}

/** Sends a large file through an upload session. */
export async function sendInSession(
	file: FileToUpload,
	resolved: ResolvedTarget,
	context: BoxUploadContext,
	events: SendEvents,
): Promise<Outcome<StoredItem>> {
	const { connection, resume, settings } = context;
	const { attributes, source } = file;
	const key = `${connection.client.signInKey}:${sessionKey(resolved, attributes)}:${source.sizeBytes}`;
	const checkpoint = new OwnCheckpoint(settings.resume ? fromStart(resume) : NO_STORE, key);
	try {
		return await new SessionUpload(file, resolved, context, checkpoint, events).run();
	} finally {
		checkpoint.release();
	}
}

class SessionUpload {
	private readonly known: KnownParts;
	private readonly target: SessionTarget;
	private readonly commit: SessionCommit;

	constructor(
		private readonly file: FileToUpload,
		resolved: ResolvedTarget,
		private readonly context: BoxUploadContext,
		private readonly checkpoint: OwnCheckpoint,
		private readonly events: SendEvents,
	) {
		const { connection, limiter, settings, warn } = context;
		const asks = asksForParts(settings.skipParts, resolved, connection.client.accountKey);
		this.known = new KnownParts(connection, asks);
		this.target = new SessionTarget(connection, resolved, file.source, this.known, {
			onOpened: async (session) => {
				events.onOpened?.();
				await checkpoint.save({ ...session, ...AT_START });
			},
			onOpeningLost: () =>
				warn(
					`${nameOf(file.destination)}: a response from Box was lost. An unused upload session may remain, which expires after 7 days.`,
				),
			onPart: (outcome) => noteSpeed(outcome, limiter),
		});
		this.commit = new SessionCommit(file, resolved, context, this.target);
	}

	async run(): Promise<Outcome<StoredItem>> {
		let resumeFrom = this.recordOfUser();
		for (let round = 1; ; round++) {
			const filled = await this.fill(resumeFrom);
			const { notSentBytes } = this.known;
			if (filled.ok) this.events.onSent();
			const outcome = filled.ok ? await this.commit.run(filled.value.hash) : filled;
			const isSettled = outcome.ok || round === 1;
			const settled = isSettled ? outcome : await this.commit.storedBefore(outcome.failure);
			if (settled.ok) {
				await this.checkpoint.clear();
				this.known.rememberRefusal();
				return success(withNotSent(settled.value, notSentBytes));
			}
			const { failure } = settled;
			if (filled.ok) this.doubtHits(failure);
			const helpsAnew = filled.ok && !this.commit.isUnsettled && this.helpsAnew(failure);
			if (round >= MAX_ROUNDS || !helpsAnew) return failed(await this.end(failure));
			resumeFrom = undefined;
			await this.checkpoint.clear();
		}
	}

	/** A commit that is refused for what is in it: the parts that Box named may be why, so they are sent from now on. */
	private doubtHits({ status = 0 }: Failure): void {
		const isAboutElse = OTHER_REASONS.has(status) || status < 400;
		if (this.known.count === 0 || isAboutElse) return;
		this.known.distrust();
		this.context.log(
			`${nameOf(this.file.destination)}: Box refused parts that it said it has, so all parts are sent`,
		);
	}

	private async fill(
		resumeFrom: Checkpoint | undefined,
	): Promise<Outcome<FilledSession<PartSession>>> {
		const { context, file, target } = this;
		return await uploadInParts(file.source, target, {
			...context,
			memoryLimitBytes: context.settings.memoryLimitBytes,
			memoryForParts: context.settings.memoryForParts,
			cancelSignal: context.connection.client.cancelSignal,
			note: this.checkpoint,
			resumeFrom,
			onBytes: (sizeBytes) => context.progress.bytesSent(sizeBytes),
			onRead: this.events.onRead,
		});
	}

	/** Box does not let the session's parts become this file, whoever commits it again. */
	private helpsAnew(failure: Failure): boolean {
		const hitsMayBeWrong = this.known.count > 0 && failure.status === 400;
		return OTHER_PARTS.has(failure.code) || hitsMayBeWrong || this.target.isSessionLost(failure);
	}

	/** Also what nobody can explain, and what is refused in a second run: it would be so for 7 days. */
	private isUseless(failure: Failure): boolean {
		const { code, status } = failure;
		const isExplained = knownCode(code) !== undefined || code.startsWith('http/');
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
			target: sessionKey(this.commit.resolved, this.file.attributes),
		};
		if (failure.code === 'canceled') {
			// n8n drops what a cancelled node returns; the log is the only place left.
			context.log(
				`canceled; the upload of ${nameOf(file.destination)} can resume from byte ${resume.offset} of ${file.source.sizeBytes} in session ${resume.sessionId}`,
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
			const stays = context.settings.resume ? KEPT : MAY_BE_USED;
			return { ...failure, remedy: `${failure.remedy} ${stays}`, resume };
		}
		await this.checkpoint.clear();
		const given = await target.giveUp(failure);
		if (given.ok) return { ...failure, resume: undefined };
		return { ...failure, remedy: `${failure.remedy} ${LEFT_OPEN}`, resume };
	}

	/** A session is for one name: the file gets another one, is for the file that has it, or may be that file. */
	private isElsewhereNow({ code }: Failure): boolean {
		const { ifExists, skipUnchanged } = this.file;
		return code === 'item_name_in_use' && (ifExists !== 'fail' || skipUnchanged);
	}

	/** What a failed item gave, if it is of a session for this very target. */
	private recordOfUser(): Checkpoint | undefined {
		const { attributes, resumeFrom } = this.file;
		const isForThis = resumeFrom?.target === sessionKey(this.commit.resolved, attributes);
		return isForThis ? { ...resumeFrom, ...AT_START } : undefined;
	}
}

/** How much of the content Box had already, where it was asked. */
function withNotSent(stored: StoredItem, notSentBytes: number | undefined): StoredItem {
	return notSentBytes === undefined ? stored : { ...stored, bytes_not_sent: notSentBytes };
}

const KEPT = 'What Box has of the file stays there for up to 7 days; the next run resumes with it.';
const MAY_BE_USED =
	'Its upload session was kept, because Box may be using it. It expires after 7 days.';
const LEFT_OPEN = "Its upload session couldn't be discarded and expires after 7 days.";
