import type { Failure, Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { HashedPart, PartSession, PartTarget } from '../../shared/upload/inParts';
import type { ResumeRecord } from '../../shared/upload/resume';
import type { Connection } from '../api/connection';
import { ContentDigest } from '../api/contentHash';
import { appendPart, startSessions } from '../api/uploadCalls';

/** Dropbox keeps sessions for 7 days; one hour is left for the commit. */
const SESSION_USABLE_MS = (7 * 24 - 1) * 60 * 60 * 1_000;

/** One large file in a concurrent session: parts in any order, the closing one last. */
export function sessionTarget(
	connection: Connection,
	partSizeBytes: number,
	onOutcome: (outcome: CallOutcome<null>) => void,
): PartTarget<PartSession> {
	return {
		lastPartCloses: true,
		newDigest: () => new ContentDigest(),
		open: async () => {
			const started = await startSessions(connection, 1, 'concurrent');
			const [sessionId] = started.ok ? started.value : [];
			if (!started.ok || sessionId === undefined) return started as Outcome<never>;
			return success({ sessionId, partSizeBytes, expiresAtMs: Date.now() + SESSION_USABLE_MS });
		},
		reopen: async ({ sessionId, partSizeBytes: earlierPartSizeBytes, expiresAtMs }: ResumeRecord) =>
			await Promise.resolve(
				success({ sessionId, partSizeBytes: earlierPartSizeBytes, expiresAtMs }),
			),
		send: async (session, part) => {
			const outcome = await sendPart(connection, session, part);
			onOutcome(outcome);
			return outcome;
		},
		isSessionLost,
	};
}

async function sendPart(
	connection: Connection,
	{ sessionId }: PartSession,
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
	const { path, resume } = outcome.failure;
	// Dropbox has these very bytes: a lost answer, or an earlier try that got further than it knew.
	const received =
		(path === 'incorrect_offset' && !last && resume?.correctOffset === offset + content.length) ||
		(path === 'closed' && last);
	return received ? { ...outcome, ...success(null) } : outcome;
}

/** 400 is Dropbox's answer to other bytes at an offset that it has: the session holds another file. */
function isSessionLost({ path, status }: Failure): boolean {
	return path === 'not_found' || path === 'incorrect_offset' || path === 'closed' || status === 400;
}
