/** The calls of Upload File, as the cloud names them. */
import type { CloudRequest } from '../../../cloud/core/contract';
import type { Rig } from '../../../support/rig';
import { atRoutes } from '../commonFaults';
import type { FaultRoute, Shape } from '../vendor';

export const KIB = 1024;
export const MIB = 1024 * KIB;
/** From here on Box takes upload sessions. */
export const LARGE_BYTES = 20_000_000;

/** The most that Box takes in one request. */
const MOST_DIRECT_BYTES = 50_000_000;

export const FOLDER = 'Campaign';
const DIRECT = 'POST /files/content';
export const DIRECT_VERSION = 'POST /files/:id/content';
const CHECK = 'OPTIONS /files/content';
export const CREATE = 'POST /files/upload_sessions';
export const CREATE_VERSION = 'POST /files/:id/upload_sessions';
export const PUT_PART = 'PUT /files/upload_sessions/:id';
export const PLAN = 'POST /files/upload_sessions/:id/plan';
export const COMMIT = 'POST /files/upload_sessions/:id/commit';
const GET_FILE = 'GET /files/:id';
export const LIST_ITEMS = 'GET /folders/:id/items';
export const CREATE_FOLDER = 'POST /folders';

export function routesOf({ files, ifExists, options, skipUnchanged }: Shape): FaultRoute[] {
	const isLarge = ({ content }: Shape['files'][number]) => content.sizeBytes >= LARGE_BYTES;
	const large = files.filter(isLarge);
	const small = files.length - large.length;
	const versions = ifExists === 'replace' ? files.filter(({ there }) => there).length : 0;
	const looks = ifExists !== 'fail' || skipUnchanged;
	const parts = large.length * 4;
	const asks = options.skipParts === 'always' || (options.skipParts !== 'never' && versions > 0);
	return [
		{ route: DIRECT, weight: 4, mostCalls: small },
		{ route: DIRECT_VERSION, weight: 8, mostCalls: versions },
		{ route: CHECK, weight: 1, mostCalls: large.length > 0 || looks ? 1 : 0 },
		{ route: CREATE, weight: 2, mostCalls: large.length },
		{ route: CREATE_VERSION, weight: 2, mostCalls: versions > 0 ? large.length : 0 },
		{ route: PUT_PART, weight: 4, mostCalls: parts },
		{ route: PLAN, weight: 4, mostCalls: asks ? large.length * 2 : 0 },
		{ route: COMMIT, weight: 8, mostCalls: large.length },
		{ route: GET_FILE, weight: 1, mostCalls: versions },
		{ route: LIST_ITEMS, weight: 1, mostCalls: 2 },
		{ route: CREATE_FOLDER, weight: 1, mostCalls: 1 },
	].filter(({ mostCalls }) => mostCalls > 0);
}

/**
 * Sessions have a substitute for files that fit into one request, and looks have one, but for that at a file by its ID:
 * without it a 404 says that the file is gone.
 */
export function replaceableRoutes(shape: Shape): string[] {
	const fits = shape.files.every(({ content }) => content.sizeBytes <= MOST_DIRECT_BYTES);
	const sessions = fits ? [CREATE] : [];
	return atRoutes(routesOf(shape), CHECK, PLAN, LIST_ITEMS, ...sessions).map(({ route }) => route);
}

export const contentRoutes = (shape: Shape) =>
	atRoutes(routesOf(shape), DIRECT, DIRECT_VERSION, PUT_PART);
/** In the middle of what arrives first there is content, and not the frame around it. */
export const damagedRoutes = (shape: Shape) =>
	shape.files.every(({ content }) => content.sizeBytes >= 4 * KIB)
		? contentRoutes(shape)
		: atRoutes(routesOf(shape), PUT_PART);
export const storingRoutes = (shape: Shape) =>
	atRoutes(routesOf(shape), DIRECT, DIRECT_VERSION, COMMIT);

export function pathOf(name: string): string {
	return `/${FOLDER}/${name}`;
}

/** The name of the file that the call makes or replaces, where its address says so. */
export function nameWrittenBy(
	{ cloud: { box } }: Rig,
	{ pathname }: Pick<CloudRequest, 'pathname'>,
): string | undefined {
	const [, sessionId] = /upload_sessions\/([^/]+)\/commit$/.exec(pathname) ?? [];
	const session = box.sessions().find(({ id }) => id === sessionId);
	const [, fileId = session?.fileId] = /files\/(\d+)\/content$/.exec(pathname) ?? [];
	return session?.name ?? box.files().find(({ id }) => id === fileId)?.name;
}

/** As another client would. */
export function write({ cloud: { box } }: Rig, name: string, content: Buffer): void {
	const folder = box.folders().find(({ path }) => path === `/${FOLDER}`);
	const parentId = folder?.id ?? box.putFolder({ name: FOLDER }).id;
	box.putFile({ name, parentId, content });
}
