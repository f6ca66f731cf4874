import type { Failure } from '../../shared/failure';
import { correctOffsetOf, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { isMissing, noteMissing } from '../../shared/http/missingRoutes';
import type { HashedPart, PartSession, PartTarget } from '../../shared/transfer/partTarget';
import type { OpenedSession } from '../api/sessions';
import { appendPart, CONCURRENT, MAX_REQUEST_BYTES, openSession } from '../api/sessions';
import type { Connection } from '../api/connection';
import { BLOCK_BYTES, ContentDigest } from '../api/contentHash';
import { PART_UNIT_BYTES } from './partSize';
import { readUnion } from '../api/failures/read';

/** Dropbox keeps sessions for 7 days; one hour is left for the commit. */
const SESSION_USABLE_MS = (7 * 24 - 1) * 60 * 60 * 1_000;

/** One that takes parts in order. Its checkpoint says so, since another process may go on with it. */
const SEQUENTIAL = 'sequential';

type DropboxSession = PartSession & Pick<OpenedSession, 'inOrder'>;

/** One large file in a session: parts in any order where Dropbox takes them so, the closing one last. */
export function sessionTarget(
	connection: Connection,
	partSizeBytes: number,
	onOutcome: (outcome: CallOutcome<null>) => void,
): PartTarget<DropboxSession> {
	const { accountKey } = connection.client;
	const ofThisRun = new Set<string>();
	return {
		closingPartBytes: PART_UNIT_BYTES,
		newDigest: () => new ContentDigest(),
		open: async () => {
			const opened = await openSession(connection);
			if (!opened.ok) return opened;
			const { inOrder, sessionId } = opened.value;
			if (!inOrder) ofThisRun.add(sessionId);
			const expiresAtMs = Date.now() + SESSION_USABLE_MS;
			const session = { sessionId, partSizeBytes, expiresAtMs, inOrder };
			return { ...opened, ...success(inOrder ? { ...session, sessionType: SEQUENTIAL } : session) };
		},
		reopen: async ({ sessionId, partSizeBytes: usedBytes, expiresAtMs, sessionType }) => {
			const isOurs = usedBytes % BLOCK_BYTES === 0 && usedBytes <= MAX_REQUEST_BYTES;
			const inOrder = sessionType === SEQUENTIAL || isMissing(accountKey, CONCURRENT);
			const kept = sessionType === undefined ? {} : { sessionType };
			const session = { sessionId, partSizeBytes: usedBytes, expiresAtMs, inOrder, ...kept };
			return await Promise.resolve(isOurs ? success(session) : failed(NOT_OURS));
		},
		send: async (session, part) => {
			const outcome = await sendPart(connection, session, part);
			onOutcome(outcome);
			if (ofThisRun.has(session.sessionId) && isOutOfOrder(outcome)) {
				noteMissing(accountKey, CONCURRENT);
			}
			return outcome;
		},
		takesInOrder: ({ inOrder }) => inOrder,
		isSessionLost,
		isClosed: ({ code }) => code === 'closed',
	};
}

async function sendPart(
	connection: Connection,
	{ inOrder, sessionId }: DropboxSession,
	{ offset, content, hash, last }: HashedPart,
): Promise<CallOutcome<null>> {
	const outcome = await appendPart(
		connection,
		{ session_id: sessionId, offset },
		last,
		content,
		hash,
	);
	if (outcome.ok) return outcome;
	const { code } = outcome.failure;
	const end = correctOffsetOf(outcome.failure);
	// Dropbox has these very bytes: a lost answer, or an earlier try that got further than it knew. A session that takes
	// parts in order looks at offsets alone: that try may have sent other bytes. What a session was closed with by
	// somebody else, this does not tell either.
	const isOwn = outcome.responseLost || !inOrder;
	const received =
		(code === 'incorrect_offset' && !last && isOwn && end === offset + content.length) ||
		(code === 'closed' && last && outcome.responseLost);
	return received ? { ...outcome, ...success(null) } : outcome;
}

const NOT_OURS = readUnion('files.UploadSessionAppendError', { '.tag': 'not_found' });

/** 400 is Dropbox's answer to other bytes at an offset that it has: the session holds another file. */
function isSessionLost({ code, status }: Failure): boolean {
	return code === 'not_found' || code === 'incorrect_offset' || code === 'closed' || status === 400;
}

/** A session that nobody else fills is told so when it wants its parts one after the other. */
function isOutOfOrder(outcome: CallOutcome<null>): boolean {
	return !outcome.ok && !outcome.responseLost && outcome.failure.code === 'incorrect_offset';
}
