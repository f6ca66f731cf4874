import { receive, type Call, type Handlers } from '../call';
import { contentHash } from '../contentHash';
import { nested, RouteFailure, tag, type Tagged } from '../errors';
import type { Staged } from '../sessions';
import {
	commitSession,
	finishError,
	givenType,
	offsetRefusal,
	sessionTypeOf,
	storeOrRefuse,
	type FinishArgument,
	type SessionCursor,
} from './uploadSession';

interface StartBatchArgument {
	readonly session_type?: Tagged;
	readonly num_sessions: number;
}

interface AppendBatchArgument {
	readonly entries: readonly {
		readonly cursor: SessionCursor;
		readonly length: number;
		readonly close: boolean;
	}[];
	readonly content_hash?: string;
}

interface FinishBatchArgument {
	readonly entries: readonly FinishArgument[];
}

export const uploadBatchRoutes: Handlers = {
	'files/upload_session/start_batch': startBatch,
	'files/upload_session/append_batch': appendBatch,
	'files/upload_session/finish_batch': finishBatch,
	'files/upload_session/finish_batch_v2': finishBatchV2,
	'files/upload_session/finish_batch/check': checkFinishBatch,
};

const jobKind = 'finish_batch';
const emptyHash = contentHash(Buffer.alloc(0));

async function startBatch(call: Call<StartBatchArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const type = givenType(call, sessionTypeOf(argument.session_type));
	const { accountId } = view.account;
	const started = Array.from({ length: argument.num_sessions }, () =>
		state.sessions.start(type, accountId),
	);
	return { session_ids: started.map(({ id }) => id) };
}

/** All bytes are read before anything is stored: a wrong length or hash changes no session. */
async function appendBatch(call: Call<AppendBatchArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { entries } = argument;
	const total = entries.reduce((sum, { length }) => sum + length, 0);
	const slots = entries.map(({ cursor }): { staged: Staged } | { refusal: Tagged } => {
		const session = state.sessions.find(cursor.session_id, view.account.accountId);
		const refusal = session ? session.refusalAt(cursor.offset) : tag('not_found');
		return session && !refusal
			? { staged: session.stage(cursor.offset) }
			: { refusal: refusal ?? tag('not_found') };
	});

	let index = 0;
	let left = entries[0]?.length ?? 0;
	const received = await receive(
		call,
		(chunk) => {
			let rest = chunk;
			while (rest.length > 0 && index < entries.length) {
				const piece = rest.subarray(0, left);
				const slot = slots[index];
				if (slot && 'staged' in slot) slot.staged.write(piece);
				left -= piece.length;
				rest = rest.subarray(piece.length);
				if (left > 0) continue;
				index += 1;
				left = entries[index]?.length ?? 0;
			}
		},
		argument.content_hash,
	);
	if (received !== total) throw new RouteFailure(tag('length_mismatch'));

	const results = entries.map(({ close }, at) => {
		const slot = slots[at] as (typeof slots)[number];
		const refusal = 'staged' in slot ? storeOrRefuse(call.route, slot.staged, close) : slot.refusal;
		return refusal ? nested('failure', refusal) : tag('success');
	});
	return { entries: results };
}

async function finishBatch(call: Call<FinishBatchArgument>): Promise<unknown> {
	const result = tag('complete', { entries: commitEntries(call) });
	const { jobPolls } = call.state.settings;
	if (jobPolls === 0) return result;
	const job = call.state.jobs.launch(jobKind, call.view.account.accountId, jobPolls, result);
	call.holdKeyUntil(job.completed);
	return tag('async_job_id', { async_job_id: job.id });
}

async function finishBatchV2(call: Call<FinishBatchArgument>): Promise<unknown> {
	return { entries: commitEntries(call) };
}

async function checkFinishBatch(call: Call<{ async_job_id: string }>): Promise<unknown> {
	return checkJob(call, jobKind);
}

/** The same for every kind of job. */
export function checkJob(call: Call<{ async_job_id: string }>, kind: string): unknown {
	const { argument, state, view } = call;
	const answer = state.jobs.check(argument.async_job_id, kind, view.account.accountId);
	if (!answer) throw new RouteFailure(tag('invalid_async_job_id'));
	return answer;
}

function commitEntries(call: Call<FinishBatchArgument>): unknown[] {
	const { entries } = call.argument;
	const { commitsInOrder, maxSharedFoldersInBatch } = call.state.settings;
	if (sharedFoldersOf(call) > maxSharedFoldersInBatch) {
		return entries.map(() => nested('failure', tag('too_many_shared_folder_targets')));
	}
	const results = (commitsInOrder ? entries : [...entries].reverse()).map((entry) => {
		const refusal = entryRefusal(call, entry);
		if (refusal) return nested('failure', refusal);
		const session = findSession(call, entry);
		if (!session) throw new Error('the session was there a moment ago');
		const outcome = commitSession(call, session, entry.commit);
		if (outcome.kind === 'stored') return { '.tag': 'success', ...outcome.metadata };
		return nested('failure', finishError(call, outcome));
	});
	return commitsInOrder ? results : results.reverse();
}

function sharedFoldersOf({ argument, state, view }: Call<FinishBatchArgument>): number {
	const trees = argument.entries.map(({ commit }) => state.space.resolve(view, commit.path)?.tree);
	return new Set(trees).size;
}

function entryRefusal(call: Call<unknown>, entry: FinishArgument): Tagged | undefined {
	const session = findSession(call, entry);
	if (!session) return nested('lookup_failed', tag('not_found'));
	// No data comes with a batch, so the only hash that fits is that of nothing.
	if (entry.content_hash !== undefined && entry.content_hash !== emptyHash) {
		return tag('content_hash_mismatch');
	}
	const unready = session.gap;
	if (unready) return tag(unready);
	if (!session.isClosed) return nested('lookup_failed', tag('not_closed'));
	const wrong = offsetRefusal(session, entry.cursor);
	return wrong && nested('lookup_failed', wrong);
}

function findSession(
	{ state, view }: Call<unknown>,
	entry: FinishArgument,
): ReturnType<typeof state.sessions.find> {
	return state.sessions.find(entry.cursor.session_id, view.account.accountId);
}
