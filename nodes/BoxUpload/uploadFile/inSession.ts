import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { uploadInParts } from '../../shared/upload/inParts';
import { noteSpeed } from '../../shared/upload/lanes';
import type { PartSession } from '../../shared/upload/partTarget';
import type { ResumeRecord, ResumeStore } from '../../shared/upload/resume';
import { ResumeNote } from '../../shared/upload/resume';
import type { FilledSession } from '../../shared/upload/sessionFill';
import { commitUntilStored } from '../api/commit';
import type { StoredItem } from '../api/types';
import { nothingStored, storedSince, verified } from './existing';
import { SessionTarget } from './sessionTarget';
import type { SendSurroundings } from './surroundings';
import type { FileToUpload, Spot } from './types';
import { nameOf, spotKey } from './types';

/** A file is sent anew once when its session proves useless at the commit. */
const MAX_ROUNDS = 2;

/** Sends a large file through an upload session; `onRead` when nothing is left to read. */
export async function sendInSession(
	file: FileToUpload,
	spot: Spot,
	around: SendSurroundings,
	onRead: () => void,
): Promise<Outcome<StoredItem>> {
	const { connection, resume, settings } = around;
	const key = `${connection.client.accountKey}:${spotKey(spot)}:${file.source.sizeBytes}`;
	const note = new ResumeNote(settings.resume ? fromStart(resume) : NO_STORE, key);
	try {
		return await new SessionUpload(file, spot, around, note, onRead).run();
	} finally {
		note.release();
	}
}

class SessionUpload {
	private readonly target: SessionTarget;

	constructor(
		private readonly file: FileToUpload,
		private readonly spot: Spot,
		private readonly around: SendSurroundings,
		private readonly note: ResumeNote,
		private readonly onRead: () => void,
	) {
		const { connection, lanes, warn } = around;
		this.target = new SessionTarget(connection, spot, file.source, {
			onOpened: async (session) => {
				await note.save({ ...session, ...AT_START });
			},
			onOpeningLost: () =>
				warn(
					`${nameOf(file.place)}: an answer of Box was lost. It may hold an upload session that was not used; it ends by itself after 7 days.`,
				),
			onPart: (outcome) => noteSpeed(outcome, lanes),
		});
	}

	async run(): Promise<Outcome<StoredItem>> {
		let resumeFrom = this.recordOfUser();
		for (let round = 1; ; round++) {
			const filled = await this.fill(resumeFrom);
			const outcome = filled.ok ? await this.commit(filled.value.hash) : filled;
			if (outcome.ok) {
				await this.note.clear();
				return outcome;
			}
			const { failure } = outcome;
			const helpsAnew = filled.ok && this.isUseless(failure);
			if (round >= MAX_ROUNDS || !helpsAnew) return failed(await this.end(failure));
			resumeFrom = undefined;
			await this.note.clear();
		}
	}

	private async fill(
		resumeFrom: ResumeRecord | undefined,
	): Promise<Outcome<FilledSession<PartSession>>> {
		const { around, file, target } = this;
		const { connection, settings, lanes, buffers, memory, canceled, progress, thrown } = around;
		const { cancelSignal } = connection.client;
		return await uploadInParts(file.source, target, {
			lanes,
			buffers,
			memory,
			memoryCeilingBytes: settings.memoryCeilingBytes,
			note: this.note,
			resumeFrom,
			cancelSignal,
			canceled,
			thrown,
			onBytes: (sizeBytes) => progress.bytesSent(sizeBytes),
			onRead: this.onRead,
		});
	}

	private async commit(sha1: string): Promise<Outcome<StoredItem>> {
		const { around, file, spot } = this;
		const { connection, settings } = around;
		const ready = await this.target.filled();
		if (!ready.ok) return ready;
		const { session, parts } = ready.value;
		const { sizeBytes } = file.source;
		const committed = await commitUntilStored(connection, session, {
			parts: async () => await Promise.resolve(success(parts)),
			digest: Buffer.from(sha1, 'hex').toString('base64'),
			attributes: file.attributes,
			ifMatch: spot.kind === 'newVersion' ? spot.etag : undefined,
			ifNoneMatch: undefined,
			deadlineMs: settings.deadlineMsFor(sizeBytes),
		});
		if (committed.ok) return verified(committed.value, sha1);
		const { failure } = committed;
		if (failure.path === 'commit/processing') {
			return failed({ ...failure, remedy: 'Run this again later, or raise Wait At Most.' });
		}
		const isOpen = failure.stored === 'unknown' || this.target.isSessionLost(failure);
		if (!isOpen || failure.path === 'canceled') return committed;
		const since = await storedSince(connection, spot, { sha1, sizeBytes });
		if (since.ok && since.value !== undefined) return success(since.value);
		if (since.ok) return failed(nothingStored(failure));
		return since.failure.inTheWay ? since : committed;
	}

	/** Box does not let the session's parts become this file, whoever commits it again. */
	private isUseless(failure: Failure): boolean {
		return failure.path === 'bad_digest' || this.target.isSessionLost(failure);
	}

	/** The session stays for a later try, and the failure says so, or it is given up. */
	private async end(failure: Failure): Promise<Failure> {
		const { around, file, target } = this;
		const { current } = target;
		if (current === undefined) return failure;
		const resume = {
			...current,
			...AT_START,
			...failure.resume,
			sessionId: current.sessionId,
			target: spotKey(this.spot),
		};
		if (failure.path === 'canceled') {
			// n8n drops what a cancelled node returns; the log is the only place left.
			around.log(
				`canceled; the upload of ${nameOf(file.place)} can go on from byte ${resume.offset} of ${file.source.sizeBytes} in session ${resume.sessionId}`,
			);
			return { ...failure, resume };
		}
		const isKept =
			failure.stored === 'unknown' ||
			(around.settings.resume &&
				(target.hasParts || !target.isKnown) &&
				!this.isUseless(failure) &&
				!this.isElsewhereNow(failure));
		if (isKept) {
			const note = around.settings.resume ? KEPT : MAY_BE_USED;
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
	private recordOfUser(): ResumeRecord | undefined {
		const { resumeFrom } = this.file;
		return resumeFrom?.target === spotKey(this.spot) ? { ...resumeFrom, ...AT_START } : undefined;
	}
}

const KEPT = 'What Box has of the file stays there for up to 7 days; the next run goes on with it.';
const MAY_BE_USED =
	'Its upload session was not given up, as Box may be using it; it ends by itself after 7 days.';
const LEFT_OPEN = 'Its upload session could not be given up and ends by itself after 7 days.';

/** Box itself tells which parts it has, and each is compared with the file: no mark is trusted. */
const AT_START = { offset: 0, prefixHash: '' } as const;

function fromStart(store: ResumeStore): ResumeStore {
	return {
		load: async (key) => {
			const record = await store.load(key);
			return record && { ...record, ...AT_START };
		},
		save: async (key, record) => await store.save(key, record),
		clear: async (key) => await store.clear(key),
	};
}

/** With Resume off nothing is noted. */
const NO_STORE: ResumeStore = {
	load: async () => await Promise.resolve(undefined),
	save: async () => await Promise.resolve(),
	clear: async () => await Promise.resolve(),
};
