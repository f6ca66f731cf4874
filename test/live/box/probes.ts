/** What the node takes for granted about Box, provoked with raw calls. Each stores under a name of its own. */
import type { Probes } from '../assumption';
import { claim, need } from '../assumption';
import type { Json } from '../wire';
import type { BoxApi } from './api';
import { API, codeOf, sha1Of, some } from './api';

const FIELDS = 'name,size,sha1,etag,file_version';

function isOfBox(address: unknown): boolean {
	if (typeof address !== 'string' || !URL.canParse(address)) return false;
	const { hostname, port, protocol } = new URL(address);
	return protocol === 'https:' && port === '' && /(^|\.)box\.com$/.test(hostname);
}

/** One item for uploads, a list for folders. */
function conflictIn(json: Json | undefined): Json | undefined {
	const conflicts = json?.context_info?.conflicts;
	if (conflicts === undefined) return undefined;
	return 'length' in conflicts ? conflicts[0] : conflicts;
}

const direct: Probes<BoxApi> = {
	'box/check': async (api) => {
		const reply = await api.check('check.bin', 20);
		claim(reply.status === 200, 'the check before an upload was refused');
		const { upload_url: url } = reply.json ?? {};
		claim(url === undefined || isOfBox(url), 'the upload address is not of box.com');
	},
	'box/check-conflict': async (api) => {
		const file = await api.store('check-conflict.bin');
		const reply = await api.check('check-conflict.bin', 20);
		claim(codeOf(reply) === 'item_name_in_use', 'the check does not tell that a name is taken');
		claim(conflictIn(reply.json)?.id === file.id, 'the check does not name the file');
	},
	'box/direct': async (api) => {
		const content = some(20);
		const reply = await api.upload('direct.bin', content);
		claim(reply.status === 201, 'a file in one request was refused');
		const [file] = reply.json?.entries ?? [];
		claim(file?.sha1 === sha1Of(content), 'the answer does not tell the SHA-1');
		claim(typeof file?.etag === 'string', 'the answer does not tell the etag');
	},
	'box/empty-file': async (api) => {
		const reply = await api.upload('empty-file.bin', Buffer.alloc(0));
		claim(reply.status === 201, 'an empty file was refused');
	},
	'box/content-md5': async (api) => {
		const headers = { 'content-md5': sha1Of(some(20)) };
		const reply = await api.upload('content-md5.bin', some(20), headers);
		claim(reply.status >= 400, 'content with another SHA-1 was stored');
	},
	'box/name-conflict': async (api) => {
		await api.store('name-conflict.bin');
		const reply = await api.upload('name-conflict.bin', some(20));
		const isTold = reply.status === 409 && codeOf(reply) === 'item_name_in_use';
		claim(isTold, 'a taken name is not told as item_name_in_use');
	},
	'box/case': async (api) => {
		await api.store('case.bin');
		const reply = await api.upload('CASE.BIN', some(20));
		claim(reply.status === 409, 'names that differ in case are two files');
	},
	'box/version': async (api) => {
		const file = await api.store('version.bin');
		const content = some(21);
		const headers = { fileId: file.id ?? '', 'if-match': file.etag ?? '' };
		const reply = await api.upload('version.bin', content, headers);
		claim(reply.status === 200 || reply.status === 201, 'a new version was refused');
		claim(reply.json?.entries?.[0]?.id === file.id, 'a new version has another ID');
	},
	'box/if-match': async (api) => {
		const file = await api.store('if-match.bin');
		const headers = { fileId: file.id ?? '', 'if-match': '4711' };
		const reply = await api.upload('if-match.bin', some(21), headers);
		claim(reply.status === 412, 'a stale etag was not refused with 412');
	},
	'box/description': async (api) => {
		const file = await api.store('description.bin');
		const url = `${API}/files/${file.id ?? ''}`;
		const reply = await api.json('PUT /files/:id', url, { description: 'checked' });
		need(reply.status === 200, 'a description was refused');
		claim(reply.json?.etag !== file.etag, 'a description does not change the etag');
		const isSame = reply.json?.file_version?.id === file.file_version?.id;
		claim(isSame, 'a description makes a new version');
	},
	'box/request-id': async (api) => {
		const reply = await api.get('GET /folders/:id', `${API}/folders/${api.folderId}?fields=name`);
		claim(reply.headers['box-request-id'] !== undefined, 'no request ID in the header');
	},
};

const folders: Probes<BoxApi> = {
	'box/list-items': async (api) => {
		const content = some(22);
		const file = await api.store('list-items.bin', content);
		const query = `usemarker=true&limit=1000&fields=${FIELDS}`;
		const url = `${API}/folders/${api.folderId}/items?${query}`;
		const reply = await api.get('GET /folders/:id/items', url);
		claim(reply.status === 200, 'a list by marker was refused');
		const entries = reply.json?.entries ?? [];
		const entry = entries.find(({ id }) => id === file.id);
		need(entry !== undefined, 'a new file is not in the list yet');
		claim(entry?.sha1 === sha1Of(content) && entry.size === 22, 'a list lacks SHA-1 or size');
	},
	'box/folder-conflict': async (api) => {
		const body = { name: 'folder-conflict', parent: { id: api.folderId } };
		const first = await api.json('POST /folders', `${API}/folders`, body);
		need(first.status === 201, 'a folder could not be made');
		const reply = await api.json('POST /folders', `${API}/folders`, body);
		claim(codeOf(reply) === 'item_name_in_use', 'a folder that is there is not told as such');
		claim(conflictIn(reply.json)?.id === first.json?.id, 'the refusal does not name the folder');
	},
};

const sessions: Probes<BoxApi> = {
	'box/session-minimum': async (api) => {
		const reply = await api.createSession('session-minimum.bin', api.sessionBytes - 1);
		claim(codeOf(reply) === 'file_size_too_small', 'a smaller file gets a session, too');
	},
	'box/session': async (api) => {
		const reply = await api.createSession('session.bin');
		claim(reply.status === 201, 'no upload session is given');
		const { part_size: size, session_endpoints: endpoints, total_parts: total } = reply.json ?? {};
		claim(
			size !== undefined && Number.isInteger(size) && size > 0,
			'the session names no part size',
		);
		claim(total === Math.ceil(api.sessionBytes / size), 'the number of parts does not fit');
		const addresses = ['upload_part', 'commit', 'abort', 'list_parts'];
		const areOfBox = addresses.every((name) => isOfBox(endpoints?.[name]));
		claim(areOfBox, 'an address of the session is not of box.com');
		await api.abort(reply.json ?? {});
	},
	'box/part-digest': async (api) => {
		const session = await api.session('part-digest.bin');
		const size = Number(session.part_size);
		const reply = await api.part(session, 0, some(size), sha1Of(some(20)));
		claim(reply.status >= 400, 'a part with another digest was taken');
		await api.abort(session);
	},
	'box/part-repeat': async (api) => {
		const session = await api.session('part-repeat.bin');
		const part = some(Number(session.part_size));
		const first = await api.part(session, 0, part);
		need(first.status === 200, 'a part was refused');
		const again = await api.part(session, 0, part);
		const isRefused = again.status === 409 || again.status === 416;
		claim(isRefused || again.status === 200, 'a part that is there is told otherwise');
		await api.abort(session);
	},
	'box/list-parts': async (api) => {
		const session = await api.session('list-parts.bin');
		const part = some(Number(session.part_size));
		const sent = await api.part(session, 0, part);
		need(sent.status === 200, 'a part was refused');
		const url = String(session.session_endpoints?.list_parts);
		const reply = await api.get('GET /files/upload_sessions/:id/parts', url);
		claim(reply.status === 200, 'the list of parts was refused');
		const [entry] = reply.json?.entries ?? [];
		need(entry !== undefined, 'the part is not in the list yet');
		const isWhole = entry?.sha1 === sha1Of(part) && entry.size === part.length;
		claim(isWhole && entry?.offset === 0, 'the list lacks SHA-1, size or offset');
		claim(reply.json?.total_count === 1, 'the list does not tell how many there are');
		await api.abort(session);
	},
	'box/commit': async (api) => {
		const session = await api.session('commit.bin');
		const content = some(api.sessionBytes);
		// The last part first: nothing is promised about the order of parts under way together.
		const parts = await api.fill(session, content, (offsets) => [...offsets].reverse());
		const reply = await api.commit(session, parts, sha1Of(content));
		claim(reply.status === 201, 'the commit was refused');
		claim(reply.json?.entries?.[0]?.sha1 === sha1Of(content), 'the parts make another file');
	},
	'box/commit-digest': async (api) => {
		const session = await api.session('commit-digest.bin');
		const parts = await api.fill(session, some(api.sessionBytes));
		const reply = await api.commit(session, parts, sha1Of(some(20)));
		claim(reply.status >= 400, 'a commit with another digest was taken');
		await api.abort(session);
	},
	'box/abort': async (api) => {
		const session = await api.session('abort.bin');
		const reply = await api.abort(session);
		claim(reply.status === 204, 'a session cannot be given up');
		const url = String(session.session_endpoints?.list_parts);
		const after = await api.get('GET /files/upload_sessions/:id/parts', url);
		claim(after.status === 404 || after.status === 410, 'a session is there after it was given up');
	},
	'box/session-status': async (api) => {
		const session = await api.session('session-status.bin');
		const url = String(session.session_endpoints?.upload_part);
		const reply = await api.get('GET /files/upload_sessions/:id', url);
		claim(reply.status === 200, 'a session cannot be asked for');
		claim(reply.json?.part_size === session.part_size, 'a session changes its part size');
		await api.abort(session);
	},
};

const source: Probes<BoxApi> = {
	'box/download': async (api) => {
		const file = await api.store('download.bin', some(20));
		const url = `${API}/files/${file.id ?? ''}/content`;
		const reply = await api.get('GET /files/:id/content', url);
		claim(reply.status === 302, 'a download is no redirect');
		const address = String(reply.headers.location);
		claim(address.startsWith('https://'), 'the redirect leads to no https address');
		const rest = await api.wire.rest('the download address', address, 5);
		claim(rest.status === 206, 'the address does not send the rest of a file');
		claim(rest.sizeBytes === 15, 'the rest that the address sends has another length');
	},
};

export const boxProbes: Probes<BoxApi> = { ...direct, ...folders, ...sessions, ...source };
