import { receive, type Call, type Handlers } from '../call';
import { commit, type CommitInfo, type CommitOutcome } from '../commit';
import { badInput, nested, RouteFailure, tag, type Tagged } from '../errors';
import { DifferentData, type Session, type SessionType, type Staged } from '../sessions';

export interface SessionCursor {
	readonly session_id: string;
	readonly offset: number;
}

interface StartArgument {
	readonly close: boolean;
	readonly session_type?: Tagged;
	readonly content_hash?: string;
}

interface AppendArgument {
	readonly cursor: SessionCursor;
	readonly close: boolean;
	readonly content_hash?: string;
}

export interface FinishArgument {
	readonly cursor: SessionCursor;
	readonly commit: CommitInfo;
	readonly content_hash?: string;
}

export const uploadSessionRoutes: Handlers = {
	'files/upload_session/start': start,
	'files/upload_session/append_v2': append,
	'files/upload_session/finish': finish,
};

async function start(call: Call<StartArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const type = givenType(call, sessionTypeOf(argument.session_type));
	const isConcurrent = type === 'concurrent';
	if (isConcurrent && argument.close) {
		throw new RouteFailure(tag('concurrent_session_close_not_allowed'));
	}
	const session = state.sessions.start(type, view.account.accountId);
	try {
		const staged = session.stage(0);
		const bytes = await receiveInto(call, staged, argument.content_hash);
		if (isConcurrent && bytes > 0) {
			throw new RouteFailure(tag('concurrent_session_data_not_allowed'));
		}
		if (!isConcurrent) staged.store(argument.close);
	} catch (error) {
		state.sessions.lose(session.id);
		throw error;
	}
	return { session_id: session.id };
}

async function append(call: Call<AppendArgument>): Promise<null> {
	const { cursor, close, content_hash: hash } = call.argument;
	const session = call.state.sessions.find(cursor.session_id, call.view.account.accountId);
	if (!session) throw new RouteFailure(tag('not_found'));
	const early = session.refusalAt(cursor.offset);
	if (early) throw new RouteFailure(early);
	const staged = session.stage(cursor.offset);
	await receiveInto(call, staged, hash);
	const refusal = storeOrRefuse(call.route, staged, close);
	if (refusal) throw new RouteFailure(refusal);
	return null;
}

async function finish(call: Call<FinishArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { cursor } = argument;
	const session = state.sessions.find(cursor.session_id, view.account.accountId);
	if (!session) throw lookupFailed(tag('not_found'));
	// Data may come with the finish of a sequential session only; without data, closed is fine.
	const early = session.isClosed
		? offsetRefusal(session, cursor)
		: session.refusalAt(cursor.offset);
	if (early && session.type === 'sequential') throw lookupFailed(early);
	const staged = session.stage(cursor.offset);
	const bytes = await receiveInto(call, staged, argument.content_hash);
	if (session.type === 'concurrent') {
		if (bytes > 0) throw new RouteFailure(tag('concurrent_session_data_not_allowed'));
	} else if (bytes > 0) {
		const refusal = storeOrRefuse(call.route, staged, false);
		if (refusal) throw lookupFailed(refusal);
	}
	const unready = session.gap;
	if (unready) throw new RouteFailure(tag(unready));
	const offset = cursor.offset + bytes;
	const wrong = offsetRefusal(session, { ...cursor, offset });
	if (wrong) throw lookupFailed(wrong);
	const outcome = commitSession(call, session, argument.commit);
	if (outcome.kind === 'stored') return outcome.metadata;
	throw new RouteFailure(finishError(call, outcome));
}

/** What the account gets for the type that it asks for. */
export function givenType({ route, state }: Call<unknown>, wanted: SessionType): SessionType {
	const { concurrentSessions: given } = state.settings;
	if (wanted === 'sequential' || given === 'given') return wanted;
	if (given === 'inOrder') return 'sequential';
	throw badInput(route, "session_type: 'concurrent' is not available");
}

export function sessionTypeOf(type: Tagged | undefined): SessionType {
	return type?.['.tag'] === 'concurrent' ? 'concurrent' : 'sequential';
}

/** Different bytes for an offset that is taken are no union of Dropbox's but plain bad input. */
export function storeOrRefuse(route: string, staged: Staged, close: boolean): Tagged | undefined {
	try {
		return staged.store(close);
	} catch (error) {
		if (!(error instanceof DifferentData)) throw error;
		throw badInput(route, 'Different data was already uploaded at this offset.');
	}
}

export function offsetRefusal(session: Session, { offset }: SessionCursor): Tagged | undefined {
	if (offset === session.size) return undefined;
	return tag('incorrect_offset', { correct_offset: session.size });
}

/** A session is used up by its file, and stays usable when the path was refused. */
export function commitSession(
	call: Call<unknown>,
	session: Session,
	info: CommitInfo,
): CommitOutcome {
	const { state, view } = call;
	const outcome = commit(commitParts(call), view, info, session.content());
	if (outcome.kind === 'stored' || outcome.kind === 'storedWithoutProperties') {
		state.sessions.lose(session.id);
	}
	return outcome;
}

export function commitParts({ state }: Call<unknown>): Parameters<typeof commit>[0] {
	return { ...state, nowMs: () => state.clock.now() };
}

/** An outcome that is no success in terms of UploadSessionFinishError. */
export function finishError(
	{ state }: Call<unknown>,
	outcome: Exclude<CommitOutcome, { kind: 'stored' }>,
): Tagged {
	switch (outcome.kind) {
		case 'refused':
			return nested('path', outcome.writeError);
		case 'storedWithoutProperties':
			return nested('properties_error', outcome.propertiesError);
		case 'contention': {
			const busy = tag('too_many_write_operations');
			return state.contention.reportedAsPath ? nested('path', busy) : busy;
		}
	}
}

export function lookupFailed(inner: Tagged): RouteFailure {
	return new RouteFailure(nested('lookup_failed', inner));
}

async function receiveInto(
	call: Call<unknown>,
	staged: Staged,
	hash: string | undefined,
): Promise<number> {
	return await receive(
		call,
		(chunk) => staged.write(chunk),
		hash,
		() => staged.ownHash,
	);
}
