import type { Failure, Outcome } from '../../shared/failure';
import { conflictOf, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type {
	HashedPart,
	PartInquiry,
	PartSession,
	PartTarget,
} from '../../shared/transfer/partTarget';
import type { Checkpoint } from '../../shared/transfer/checkpoints';
import type { Connection } from '../api/connection';
import { noSession } from '../api/failures/codes';
import { OTHER_PART_THERE, toFailure } from '../api/failures/read';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { isSamePart, listParts, uploadPart } from '../api/parts';
import { abortSession, createSession, getSession } from '../api/sessions';
import { UNUSABLE, usableSession, usableUntilMs } from '../api/usableSession';
import type { UploadPart, UploadSession } from '../api/types';
import { rememberPartSize } from './partSizes';
import type { KnownParts } from './knownParts';
import { Sha1Digest } from './sha1Digest';
import type { ResolvedTarget } from './types';

/** A session, and the parts that it had when it was opened or found. */
interface Opened {
	readonly session: UploadSession;
	readonly parts: ReadonlyMap<number, UploadPart>;
}

/** What others want to know about the session while it is filled. */
interface SessionEvents {
	/** A new session takes the parts from now on. */
	readonly onOpened: (session: PartSession) => Promise<void>;
	/** The answer to opening one was lost: Box may have opened it all the same. */
	readonly onOpeningLost: () => void;
	readonly onPart: (outcome: CallOutcome<UploadPart>) => void;
}

/** One large file in an upload session. Box remembers each part, so no part that it has is sent again. */
export class SessionTarget implements PartTarget<PartSession> {
	readonly inquiry: PartInquiry<PartSession>;
	/** The session in use; undefined when there is none, or none any more. */
	current: PartSession | undefined;
	/** Whether it is of an earlier run. */
	isReopened = false;
	private opened: Promise<Outcome<Opened>> | undefined;
	private isInspected = false;
	private readonly receipts = new Map<number, UploadPart>();

	constructor(
		private readonly connection: Connection,
		private readonly resolved: ResolvedTarget,
		/** Its size is another one when the source has started over with another file. */
		private readonly file: { readonly sizeBytes: number },
		private readonly known: KnownParts,
		private readonly events: SessionEvents,
	) {
		this.inquiry = {
			get isOpen() {
				return known.isOpen;
			},
			partsThere: async (session, parts) => await this.partsThere(session, parts),
		};
	}

	/** Whether something would be lost with the session. */
	get hasParts(): boolean {
		return this.receipts.size > this.known.count;
	}

	get hasHits(): boolean {
		return this.known.count > 0;
	}

	/** False for one that is to be gone on with, as long as Box has not said what is in it. */
	get isKnown(): boolean {
		return this.isInspected;
	}

	newDigest(): Sha1Digest {
		return new Sha1Digest();
	}

	isClosed(): boolean {
		return false;
	}

	isSessionLost({ code, status }: Failure): boolean {
		return status === 404 || status === 410 || OF_NO_USE.has(code);
	}

	async open(): Promise<Outcome<PartSession> & { readonly retries?: number }> {
		const given = await this.giveUp();
		// One that cannot be given up ends by itself.
		if (!given.ok && !isRouteRefused(given.failure)) return given;
		this.clearReceipts();
		const { connection, resolved, file } = this;
		const created = await createSession(connection, resolved, file.sizeBytes);
		if (created.responseLost) this.events.onOpeningLost();
		const { retries } = created;
		if (created.ok) return { ...(await this.use(created.value, success(new Map()))), retries };
		// Opened by an attempt whose answer was lost, or by somebody else: its parts will show.
		if (created.failure.code !== 'session_conflict') return created;
		const there = usableSession(conflictOf(created.failure), file.sizeBytes);
		if (!there.ok) return created;
		const parts = await this.partsOf(there.value);
		// A part that is there all the same is refused then.
		const isRefused = !parts.ok && isRouteRefused(parts.failure);
		return await this.use(there.value, isRefused ? success(new Map()) : parts);
	}

	/** Asks Box with the first part only: what cannot be reached now is not lost for that. */
	async reopen(record: Checkpoint): Promise<Outcome<PartSession>> {
		const { sessionId, partSizeBytes, expiresAtMs } = record;
		this.current = { sessionId, partSizeBytes, expiresAtMs };
		this.isReopened = true;
		this.opened = undefined;
		this.isInspected = false;
		this.clearReceipts();
		return await Promise.resolve(success(this.current));
	}

	async send(session: PartSession, part: HashedPart): Promise<Outcome<null>> {
		this.opened ??= this.find(session);
		const opened = await this.opened;
		if (!opened.ok) return opened;
		const { offset, content, hash: sha1 } = part;
		const there = opened.value.parts.get(offset);
		if (there !== undefined) {
			if (!isSamePart(there, { content, sha1 })) return failed(OTHER_PART_THERE);
			this.receipts.set(offset, there);
			return success(null);
		}
		const { connection, file } = this;
		const sent = await uploadPart(connection, opened.value.session, {
			offset,
			content,
			sha1,
			fileSizeBytes: file.sizeBytes,
		});
		this.events.onPart(sent);
		if (!sent.ok) return sent;
		this.receipts.set(offset, sent.value);
		return success(null);
	}

	/** What the commit needs, once all parts are in. */
	async filled(): Promise<Outcome<{ session: UploadSession; parts: UploadPart[] }>> {
		const opened = await this.opened;
		if (opened === undefined) return failed(SESSION_LOST);
		if (!opened.ok) return opened;
		const parts = [...this.receipts.values()].sort((a, b) => a.offset - b.offset);
		return success({ session: opened.value.session, parts });
	}

	/** Nothing is left at Box. One that is gone already needs no call. */
	async giveUp(failure?: Failure): Promise<Outcome<null>> {
		const opened = await this.opened;
		const isGone = failure !== undefined && (failure.status === 404 || failure.status === 410);
		if (opened?.ok === false && !this.isSessionLost(opened.failure)) return opened;
		if (opened?.ok && this.current !== undefined && !isGone) {
			const aborted = await abortSession(this.connection, opened.value.session);
			if (!aborted.ok && !this.isSessionLost(aborted.failure)) return aborted;
		}
		this.current = undefined;
		this.opened = undefined;
		this.clearReceipts();
		return success(null);
	}

	/** What the session lists need not be asked for. */
	private async partsThere(
		session: PartSession,
		parts: readonly HashedPart[],
	): Promise<ReadonlySet<number>> {
		this.opened ??= this.find(session);
		const opened = await this.opened;
		// The parts will fail with it.
		if (!opened.ok) return new Set();
		const { parts: listed } = opened.value;
		const isListed = ({ offset, content, hash: sha1 }: HashedPart): boolean => {
			const there = listed.get(offset);
			return there !== undefined && isSamePart(there, { content, sha1 });
		};
		const unlisted = parts.filter(({ offset }) => !listed.has(offset));
		const hits = await this.known.hitsOf(opened.value.session, unlisted);
		const kept = parts.filter(isListed).flatMap(({ offset }) => listed.get(offset) ?? []);
		for (const part of [...kept, ...hits]) this.receipts.set(part.offset, part);
		return new Set([...kept, ...hits].map(({ offset }) => offset));
	}

	private clearReceipts(): void {
		this.receipts.clear();
		this.known.forget();
	}

	private async use(
		session: UploadSession,
		parts: Outcome<ReadonlyMap<number, UploadPart>>,
	): Promise<Outcome<PartSession>> {
		if (!parts.ok) return parts;
		this.isInspected = true;
		this.isReopened = false;
		rememberPartSize(this.connection.client.accountKey, this.file.sizeBytes, session.part_size);
		this.opened = Promise.resolve(success({ session, parts: parts.value }));
		this.current = {
			sessionId: session.id,
			partSizeBytes: session.part_size,
			expiresAtMs: usableUntilMs(session),
		};
		await this.events.onOpened(this.current);
		return success(this.current);
	}

	private async find({ sessionId, partSizeBytes }: PartSession): Promise<Outcome<Opened>> {
		const session = await getSession(this.connection, sessionId, {
			fileSizeBytes: this.file.sizeBytes,
		});
		// What Box does not tell of a session is as good as lost.
		if (!session.ok) return isRouteRefused(session.failure) ? failed(SESSION_LOST) : session;
		if (session.value.part_size !== partSizeBytes) return failed(SESSION_LOST);
		const parts = await this.partsOf(session.value);
		if (!parts.ok) return isRouteRefused(parts.failure) ? failed(SESSION_LOST) : parts;
		this.isInspected = true;
		return success({ session: session.value, parts: parts.value });
	}

	private async partsOf(session: UploadSession): Promise<Outcome<ReadonlyMap<number, UploadPart>>> {
		const listed = await listParts(this.connection, session);
		return listed.ok
			? success(new Map(listed.value.parts.map((part) => [part.offset, part])))
			: listed;
	}
}

const SESSION_LOST = toFailure('upload_session_not_found', noSession);

const OF_NO_USE = new Set([
	'upload_session_not_found',
	'invalid_upload_session_id',
	'range_overlaps_existing_part',
	'range_out_of_bounds',
	'endpoint/refused',
	UNUSABLE,
]);
