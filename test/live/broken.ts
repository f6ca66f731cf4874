/** For each probed assumption a cloud in which it is not so: a fault of the loopback cloud, or one of its settings. */
import type { LoopbackCloud } from '../cloud';
import type { CloudRequest, Vendor, WireReply } from '../cloud/core/contract';
import { refuseRoute } from '../cloud/refusedRoutes';
import type { Json } from './wire';

type Break = (cloud: LoopbackCloud) => void;

/** A change of what a route answers; undefined leaves it as it is. */
type Change = (
	json: Json | undefined,
	argument: Json | undefined,
	request: CloudRequest,
) => { readonly status?: number; readonly json: object | null } | undefined;

function changing(vendor: Vendor, route: string | RegExp, change: Change): Break {
	return ({ faults }) => {
		faults.add({
			vendor,
			route,
			times: Infinity,
			action: { kind: 'changeReply', change: (reply, request) => changed(reply, request, change) },
		});
	};
}

function changed(reply: WireReply, request: CloudRequest, change: Change): WireReply {
	const text = reply.body.toString();
	let json: Json | undefined;
	try {
		json = JSON.parse(text) as Json;
	} catch {
		// Plain text is a reason, too.
	}
	const other = change(json, request.argument as Json | undefined, request);
	if (other === undefined) return reply;
	const body = Buffer.from(JSON.stringify(other.json));
	const headers = {
		...reply.headers,
		'content-type': 'application/json',
		'content-length': String(body.length),
	};
	return { status: other.status ?? reply.status, headers, body };
}

const dropbox = (route: string | RegExp, change: Change): Break =>
	changing('dropbox', route, change);
const box = (route: string | RegExp, change: Change): Break => changing('box', route, change);
const without = (vendor: Vendor, route: string): Break => {
	return (cloud) => void refuseRoute(cloud, vendor, route, 'unknown');
};

const SESSION = 'files/upload_session';
const FINISH_BATCH = `${SESSION}/finish_batch_v2`;
const APPEND = `${SESSION}/append_v2`;
const OTHER = { status: 409, json: { error_summary: 'other/', error: { '.tag': 'other' } } };
const OK = { status: 200, json: null };

/** The one entry of a commit under such a name. */
const committed = (name: string, change: (entry: Json) => Json): Break =>
	dropbox(FINISH_BATCH, (json, argument) => {
		const path = argument?.entries?.[0]?.commit?.path ?? '';
		const [entry, ...others] = json?.entries ?? [];
		if (!path.endsWith(`/${name}`) || entry === undefined || others.length > 0) return undefined;
		return { json: { entries: [change(entry)] } };
	});

const failing = (reason: Json): Json => ({ '.tag': 'failure', failure: reason });
const unsaid = failing({ '.tag': 'other' });

/** Of one commit after another under this name. */
const afterFirst = (name: string, change: (entry: Json, first: Json) => Json): Break => {
	return (cloud) => {
		let first: Json | undefined;
		committed(name, (entry) => {
			if (first !== undefined) return change(entry, first);
			first = entry;
			return entry;
		})(cloud);
	};
};

const headerless: Break = ({ faults }) => {
	faults.add({
		times: Infinity,
		action: {
			kind: 'changeReply',
			change: ({ headers, ...reply }) => {
				const names = ['x-dropbox-request-id', 'box-request-id'];
				const kept = Object.entries(headers).filter(([name]) => !names.includes(name));
				return { ...reply, headers: Object.fromEntries(kept) };
			},
		},
	});
};

const dropboxBroken: Readonly<Record<string, Break>> = {
	'dropbox/root-info': dropbox('users/get_current_account', () => ({ json: {} })),
	'dropbox/wrong-root': dropbox('files/list_folder', (json) =>
		json?.error === undefined ? undefined : { json: { error: { '.tag': 'invalid_root' } } },
	),
	'dropbox/unknown-function': ({ dropbox: service }) => {
		service.settings.unknownFunctionStatus = 404;
	},
	'dropbox/request-id': headerless,
	'dropbox/start-batch': dropbox(`${SESSION}/start_batch`, (json, argument) =>
		argument?.num_sessions === 3
			? { json: { session_ids: json?.session_ids?.slice(1) } }
			: undefined,
	),
	'dropbox/append-batch': dropbox(`${SESSION}/append_batch`, (json, argument) =>
		argument?.entries?.length === 2
			? { json: { entries: [json?.entries?.[0], failing({ '.tag': 'closed' })] } }
			: undefined,
	),
	'dropbox/header-8k': ({ dropbox: service }) => {
		service.settings.maxArgumentHeaderBytes = 4_096;
	},
	'dropbox/start-closed': committed('start-closed.bin', () => unsaid),
	'dropbox/empty-file': committed('empty-file.bin', () => unsaid),
	'dropbox/incorrect-offset': dropbox(APPEND, (json) =>
		json?.error?.correct_offset === 20 ? OTHER : undefined,
	),
	'dropbox/closed': dropbox(APPEND, (json) =>
		json?.error?.['.tag'] === 'closed' ? OTHER : undefined,
	),
	'dropbox/hash-checked': dropbox(APPEND, (json) =>
		json?.error?.['.tag'] === 'content_hash_mismatch' ? OK : undefined,
	),
	'dropbox/concurrent': dropbox(APPEND, (_, argument) =>
		argument?.cursor?.offset === 0 || argument?.close ? undefined : hasOffset(argument),
	),
	'dropbox/concurrent-repeat': dropbox(APPEND, (json) =>
		json?.error?.correct_offset === 4 * 1024 * 1024 ? OTHER : undefined,
	),
	'dropbox/concurrent-other-data': dropbox(APPEND, (json, argument) =>
		json === undefined && argument?.cursor?.offset === 0 ? OK : undefined,
	),
	'dropbox/concurrent-unaligned': dropbox(APPEND, (json) =>
		json?.error?.['.tag'] === 'concurrent_session_invalid_data_size' ? OK : undefined,
	),
	'dropbox/finish-batch': without('dropbox', FINISH_BATCH),
	'dropbox/finish-job': without('dropbox', `${SESSION}/finish_batch`),
	'dropbox/finish-empty': without('dropbox', `${SESSION}/finish`),
	'dropbox/files-upload': dropbox('files/upload', (_, argument) =>
		String(argument?.path).endsWith('/files-upload.bin') ? OTHER : undefined,
	),
	'dropbox/stored-hash': committed('stored-hash.bin', (entry) => ({
		...entry,
		content_hash: '0'.repeat(64),
	})),
	'dropbox/used-up': committed('used-up again.bin', () => ({ '.tag': 'success' })),
	'dropbox/same-content': afterFirst('same-content.bin', (entry) => ({ ...entry, rev: 'another' })),
	'dropbox/conflict': afterFirst('conflict.bin', () => unsaid),
	'dropbox/refused-keeps': committed('refused-keeps other.bin', () => unsaid),
	'dropbox/rename': afterFirst('rename.bin', (entry) => ({ ...entry, name: 'rename 2.bin' })),
	'dropbox/stale-revision': afterFirst('stale-revision.bin', (entry, first) =>
		entry['.tag'] === 'failure' ? first : entry,
	),
	'dropbox/overwrite': afterFirst('overwrite.bin', (_, first) => first),
	'dropbox/client-modified': committed('client-modified.bin', (entry) => ({
		...entry,
		client_modified: '2026-01-01T00:00:00Z',
	})),
	'dropbox/escaped-header': dropbox('files/upload', (json) =>
		String(json?.name).startsWith('escaped') ? { json: { ...json, name: 'escaped' } } : undefined,
	),
	'dropbox/case': dropbox('files/get_metadata', (json, argument) =>
		String(argument?.path).endsWith('/CASE.BIN')
			? { json: { ...json, id: 'id:other' } }
			: undefined,
	),
	'dropbox/absent': dropbox('files/get_metadata', (_, argument) =>
		String(argument?.path).endsWith('/absent.bin') ? OTHER : undefined,
	),
	'dropbox/list-folder': dropbox('files/list_folder', (json) =>
		json?.entries === undefined
			? undefined
			: { json: { ...json, entries: json.entries.map(({ name }) => ({ name })) } },
	),
};

/** Only of the second part: other probes send one at 0. */
function hasOffset(argument: Json | undefined): typeof OTHER | undefined {
	return argument?.cursor?.offset === 4 * 1024 * 1024 ? OTHER : undefined;
}

const boxRefusal = (status: number, code: string) => ({
	status,
	json: { type: 'error', status, code, message: code },
});
const sourcesBroken: Readonly<Record<string, Break>> = {
	'dropbox/temporary-link': without('dropbox', 'files/get_temporary_link'),
	'box/download': without('box', 'GET /files/:id/content'),
};
const isNamed = (argument: Json | undefined, name: string): boolean =>
	argument?.name === name || argument?.file_name === name;
const SESSIONS = 'POST /files/upload_sessions';
const PART = 'PUT /files/upload_sessions/:id';
const DIRECT = 'POST /files/content';

const boxBroken: Readonly<Record<string, Break>> = {
	'box/check': box('OPTIONS /files/content', (_, argument) =>
		isNamed(argument, 'check.bin')
			? { json: { upload_url: 'https://box.example.com/upload' } }
			: undefined,
	),
	'box/check-conflict': box('OPTIONS /files/content', (json) =>
		json?.code === 'item_name_in_use' ? { json: { ...json, context_info: {} } } : undefined,
	),
	'box/direct': box(DIRECT, (json, argument) =>
		isNamed(argument, 'direct.bin')
			? { json: { entries: json?.entries?.map(({ id }) => ({ id })) } }
			: undefined,
	),
	'box/empty-file': box(DIRECT, (_, argument) =>
		isNamed(argument, 'empty-file.bin') ? boxRefusal(400, 'bad_request') : undefined,
	),
	'box/content-md5': box(DIRECT, (_, argument) =>
		isNamed(argument, 'content-md5.bin') ? { status: 201, json: { entries: [] } } : undefined,
	),
	'box/name-conflict': box(DIRECT, (json, argument) =>
		isNamed(argument, 'name-conflict.bin') && json?.code !== undefined
			? boxRefusal(400, 'bad_request')
			: undefined,
	),
	'box/case': box(DIRECT, (_, argument) =>
		isNamed(argument, 'CASE.BIN') ? { status: 201, json: { entries: [] } } : undefined,
	),
	'box/version': box('POST /files/:id/content', (_, argument) =>
		isNamed(argument, 'version.bin') ? { json: { entries: [{ id: '1' }] } } : undefined,
	),
	'box/if-match': box('POST /files/:id/content', (json) =>
		json?.code === undefined ? undefined : { status: 200, json: { entries: [] } },
	),
	'box/description': box('PUT /files/:id', (json) => ({
		json: { ...json, file_version: { id: '1' } },
	})),
	'box/request-id': headerless,
	'box/list-items': box('GET /folders/:id/items', (json) => ({
		json: { ...json, entries: json?.entries?.map(({ id, name }) => ({ id, name })) },
	})),
	'box/folder-conflict': box('POST /folders', (json) =>
		json?.code === undefined ? undefined : { json: { ...json, context_info: {} } },
	),
	'box/session-minimum': box(SESSIONS, (_, argument) =>
		isNamed(argument, 'session-minimum.bin') ? { status: 201, json: {} } : undefined,
	),
	'box/session': box(SESSIONS, (json, argument) =>
		isNamed(argument, 'session.bin') ? { json: { ...json, total_parts: 1 } } : undefined,
	),
	'box/part-digest': box(PART, (json) =>
		json?.code === undefined || json.code.startsWith('range')
			? undefined
			: { status: 200, json: {} },
	),
	'box/part-repeat': box(PART, (json) =>
		String(json?.code).startsWith('range') ? boxRefusal(400, 'bad_request') : undefined,
	),
	'box/list-parts': box('GET /files/upload_sessions/:id/parts', (json) =>
		json?.entries === undefined ? undefined : { json: { ...json, total_count: 9 } },
	),
	'box/commit': box('POST /files/upload_sessions/:id/commit', (json) =>
		json?.entries === undefined ? undefined : boxRefusal(400, 'digest_mismatch'),
	),
	'box/commit-digest': box('POST /files/upload_sessions/:id/commit', (json) =>
		json?.code === undefined ? undefined : { status: 201, json: { entries: [] } },
	),
	'box/abort': box('GET /files/upload_sessions/:id/parts', (json) =>
		json?.code === undefined
			? undefined
			: { status: 200, json: { entries: [], total_count: 0, limit: 1, offset: 0 } },
	),
	'box/session-status': box('GET /files/upload_sessions/:id', (json) => ({
		json: { ...json, part_size: 1 },
	})),
};

export const broken: Readonly<Record<string, Break>> = {
	...dropboxBroken,
	...boxBroken,
	...sourcesBroken,
};
