/** The calls of Upload Files, as the cloud names them. */
import type { LoggedRequest } from '../../../cloud';
import type { FaultRoute, Shape } from '../vendor';
import { atRoutes } from '../commonFaults';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** The kind of fault for which Dropbox refuses a whole batch. */
export const MALFORMED_ENTRY = 'entry that a whole batch is refused for';

export const FOLDER = '/Campaign/';
export const START_BATCH = 'files/upload_session/start_batch';
export const START = 'files/upload_session/start';
export const APPEND = 'files/upload_session/append_v2';
export const APPEND_BATCH = 'files/upload_session/append_batch';
export const FINISH = 'files/upload_session/finish_batch_v2';
const LIST_FOLDER = 'files/list_folder';
const GET_METADATA = 'files/get_metadata';
export const ACCOUNT = 'users/get_current_account';

/** Files up to here share requests when Max Part Size is 4. */
export const SMALL_BYTES = 4 * MIB;
const FILES_IN_A_PACK = 59;
const FEW_FILES = 2;

export function routesOf({ files, options, ifExists, skipUnchanged }: Shape): FaultRoute[] {
	const sizes = files.map(({ content }) => content.sizeBytes);
	const large = sizes.filter((size) => size > SMALL_BYTES);
	const empty = sizes.filter((size) => size === 0).length;
	const packed = sizes.length - large.length - empty;
	const looks = skipUnchanged || ifExists === 'skip';
	const parts = large.reduce((sum, size) => sum + Math.ceil(size / SMALL_BYTES), 0);
	const commits = Math.ceil(sizes.length / Number(options.commitSize ?? 1_000));
	return [
		{ route: START_BATCH, weight: 1, mostCalls: large.length + Math.sign(packed) },
		{ route: START, weight: 1, mostCalls: empty },
		{ route: APPEND, weight: 6, mostCalls: parts },
		{ route: APPEND_BATCH, weight: 2, mostCalls: Math.ceil(packed / FILES_IN_A_PACK) },
		{ route: FINISH, weight: 8, mostCalls: commits },
		{ route: LIST_FOLDER, weight: 1, mostCalls: looks && sizes.length > FEW_FILES ? 1 : 0 },
		{ route: GET_METADATA, weight: 1, mostCalls: looks && sizes.length <= FEW_FILES ? 2 : 0 },
		{ route: ACCOUNT, weight: 1, mostCalls: options.root === 'home' ? 0 : 1 },
	].filter(({ mostCalls }) => mostCalls > 0);
}

/** Without its list or its metadata alone, a look finds the same; so do all steps of an upload. */
export const replaceableRoutes = (shape: Shape) => routesOf(shape).map(({ route }) => route);

export const contentRoutes = (shape: Shape) => atRoutes(routesOf(shape), APPEND, APPEND_BATCH);
export const commitRoute = (shape: Shape) => atRoutes(routesOf(shape), FINISH);

export function pathOf(name: string): string {
	return FOLDER + name;
}

interface Argument {
	readonly cursor?: { readonly session_id: string };
	readonly entries?: ReadonlyArray<{ readonly cursor: { readonly session_id: string } }>;
}

export function sessionsOf({ argument }: Pick<LoggedRequest, 'argument'>): string[] {
	const { cursor, entries } = (argument ?? {}) as Argument;
	return (cursor ? [{ cursor }] : (entries ?? [])).map((entry) => entry.cursor.session_id);
}
