/** What the node takes for granted about Dropbox, provoked with raw calls. Each stores under a name of its own. */
import type { Probes } from '../assumption';
import { claim, need } from '../assumption';
import type { Json } from '../wire';
import type { DropboxApi } from './api';
import { BLOCK_BYTES, hashOf, NOTHING, reasonOf, some } from './api';

const START = 'files/upload_session/start';
const START_BATCH = 'files/upload_session/start_batch';
const APPEND_BATCH = 'files/upload_session/append_batch';
const FINISH = 'files/upload_session/finish';
const FINISH_BATCH = 'files/upload_session/finish_batch_v2';
const FINISH_JOB = 'files/upload_session/finish_batch';
const CHECK = 'files/upload_session/finish_batch/check';
const GET_METADATA = 'files/get_metadata';

/** As many as fit into 8 KiB of header. */
const FULL_PACK = 55;
const SMALL = 20;

const isStored = (entry: Json | undefined): boolean => entry?.['.tag'] === 'success';
const whyNot = (entry: Json | undefined): string => reasonOf(entry?.failure);

const account: Probes<DropboxApi> = {
	'dropbox/root-info': async (api) => {
		const reply = await api.rpc('users/get_current_account', null);
		claim(reply.status === 200, 'the account was not told');
		const root = reply.json?.root_info?.root_namespace_id;
		claim(typeof root === 'string', 'the account has no root_info.root_namespace_id');
	},
	'dropbox/wrong-root': async (api) => {
		const header = { 'dropbox-api-path-root': JSON.stringify({ '.tag': 'root', root: '1' }) };
		const reply = await api.rpc('files/list_folder', { path: '', limit: 1 }, header);
		const root = reply.json?.error?.invalid_root?.root_namespace_id;
		claim(reply.status === 422, 'a wrong root was not refused with 422');
		claim(typeof root === 'string', 'the refusal does not tell the right root');
	},
	'dropbox/unknown-function': async (api) => {
		const reply = await api.rpc('files/no_such_function_9', null);
		const isTold = reply.status === 400 && reply.text.includes('Unknown API function');
		claim(isTold, 'a function that is not there is not told as such');
	},
	'dropbox/request-id': async (api) => {
		const reply = await api.rpc(GET_METADATA, { path: api.folder });
		claim(reply.headers['x-dropbox-request-id'] !== undefined, 'no request ID in the header');
	},
};

const sessions: Probes<DropboxApi> = {
	'dropbox/start-batch': async (api) => {
		const sessionType = 'sequential';
		const reply = await api.rpc(START_BATCH, { num_sessions: 3, session_type: sessionType });
		claim(reply.status === 200, 'start_batch was refused');
		const ids = new Set(reply.json?.session_ids);
		claim(ids.size === 3, 'start_batch did not give as many sessions as asked for');
	},
	'dropbox/append-batch': async (api) => {
		const ids = [await api.start(NOTHING, false), await api.start(NOTHING, false)];
		const entries = ids.map((id, index) => ({
			cursor: { session_id: id, offset: 0 },
			length: SMALL + index,
			close: true,
		}));
		const body = some(2 * SMALL + 1);
		const argument = { entries, content_hash: hashOf(body) };
		const reply = await api.content(APPEND_BATCH, argument, body);
		claim(reply.status === 200, 'append_batch was refused');
		const results = reply.json?.entries ?? [];
		claim(results.length === 2 && results.every(isStored), 'an entry of append_batch failed');
	},
	'dropbox/header-8k': async (api) => {
		const started = await api.rpc(START_BATCH, { num_sessions: FULL_PACK });
		need(started.status === 200, 'no sessions could be started');
		const ids = started.json?.session_ids ?? [];
		const entries = ids.map((id) => ({
			cursor: { session_id: id, offset: 0 },
			length: 1,
			close: true,
		}));
		const reply = await api.content(APPEND_BATCH, { entries }, some(ids.length));
		claim(reply.status === 200, 'a header of nearly 8 KiB was refused');
	},
	'dropbox/start-closed': async (api) => {
		const content = some(SMALL);
		const reply = await api.content(START, { close: true }, content);
		claim(reply.status === 200, 'a session was not closed by its start');
		const entry = await api.commit(reply.json?.session_id ?? '', SMALL, 'start-closed.bin');
		claim(isStored(entry), `its commit failed with ${whyNot(entry)}`);
		claim(entry.content_hash === hashOf(content), 'the file has other content');
	},
	'dropbox/empty-file': async (api) => {
		const id = await api.start(NOTHING, true);
		const entry = await api.commit(id, 0, 'empty-file.bin');
		claim(isStored(entry) && entry.size === 0, 'an empty session does not make an empty file');
	},
	'dropbox/incorrect-offset': async (api) => {
		const id = await api.start(some(SMALL), false);
		const reply = await api.append(id, 3, some(SMALL));
		const code = reasonOf(reply.json?.error);
		claim(code === 'incorrect_offset', 'a wrong offset is not told as incorrect_offset');
		claim(reply.json?.error?.correct_offset === SMALL, 'the right offset is not told');
	},
	'dropbox/closed': async (api) => {
		const id = await api.start(some(SMALL), true);
		const reply = await api.append(id, SMALL, some(SMALL), true);
		claim(reasonOf(reply.json?.error) === 'closed', 'a closed session does not say that it is');
	},
	'dropbox/hash-checked': async (api) => {
		const id = await api.start(NOTHING, false);
		const reply = await api.append(id, 0, some(SMALL), false, hashOf(some(SMALL)));
		const code = reasonOf(reply.json?.error);
		claim(code === 'content_hash_mismatch', 'bytes with another hash were not refused');
	},
};

const concurrent: Probes<DropboxApi> = {
	'dropbox/concurrent': async (api) => {
		const id = await api.startConcurrent();
		const content = some(2 * BLOCK_BYTES + SMALL);
		const at = (block: number) => content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
		for (const block of [1, 0, 2]) {
			const reply = await api.append(id, block * BLOCK_BYTES, at(block), block === 2);
			claim(reply.status === 200, 'parts in another order were refused');
		}
		const entry = await api.commit(id, content.length, 'concurrent.bin');
		claim(isStored(entry), `the commit failed with ${whyNot(entry)}`);
		claim(entry.content_hash === hashOf(content), 'the parts make another file');
	},
	'dropbox/concurrent-repeat': async (api) => {
		const id = await api.startConcurrent();
		const block = some(BLOCK_BYTES);
		const first = await api.append(id, 0, block);
		need(first.status === 200, 'a part was refused');
		const again = await api.append(id, 0, block);
		const isKnown =
			reasonOf(again.json?.error) === 'incorrect_offset' &&
			again.json?.error?.correct_offset === BLOCK_BYTES;
		claim(again.status === 200 || isKnown, 'a part that is there is neither taken nor known');
	},
	'dropbox/concurrent-other-data': async (api) => {
		const id = await api.startConcurrent();
		const first = await api.append(id, 0, some(BLOCK_BYTES));
		need(first.status === 200, 'a part was refused');
		const other = await api.append(id, 0, some(BLOCK_BYTES));
		claim(other.status === 400, 'other bytes for a part that is there were not refused with 400');
	},
	'dropbox/concurrent-unaligned': async (api) => {
		const id = await api.startConcurrent();
		const reply = await api.append(id, 0, some(SMALL));
		const code = reasonOf(reply.json?.error);
		claim(code === 'concurrent_session_invalid_data_size', 'a part of any size is taken');
	},
};

const commits: Probes<DropboxApi> = {
	'dropbox/finish-batch': async (api) => {
		const ids = [await api.start(some(SMALL), true), await api.start(some(SMALL), true)];
		const names = ['finish-batch a.bin', 'finish-batch b.bin'];
		const entries = ids.map((id, index) => api.entry(id, SMALL, names[index]!));
		const reply = await api.rpc(FINISH_BATCH, { entries });
		claim(reply.status === 200, 'finish_batch_v2 was refused');
		const results = reply.json?.entries ?? [];
		const stored = results.filter(isStored).map(({ name }) => String(name));
		claim(stored.join() === names.join(), 'the entries are not answered in order');
	},
	'dropbox/finish-job': async (api) => {
		const id = await api.start(some(SMALL), true);
		const entries = [api.entry(id, SMALL, 'finish-job.bin')];
		const launched = await api.rpc(FINISH_JOB, { entries });
		claim(launched.status === 200, 'finish_batch was refused');
		const job = launched.json?.async_job_id;
		const end = job === undefined ? launched : await api.jobEnd(CHECK, job);
		claim(end.json?.['.tag'] === 'complete', 'the job did not come to its end');
		claim(isStored(end.json?.entries?.[0]), 'the job did not store the file');
	},
	'dropbox/finish-empty': async (api) => {
		const id = await api.start(some(SMALL), true);
		const entry = api.entry(id, SMALL, 'finish-empty.bin');
		const reply = await api.content(FINISH, entry, NOTHING);
		claim(reply.status === 200, 'finish does not commit a closed session');
	},
	'dropbox/files-upload': async (api) => {
		const content = some(SMALL);
		const { commit } = api.entry('', 0, 'files-upload.bin');
		const argument = { ...commit, content_hash: hashOf(content) };
		const reply = await api.content('files/upload', argument, content);
		claim(reply.status === 200, 'files/upload was refused');
		claim(reply.json?.content_hash === hashOf(content), 'the file has other content');
	},
	'dropbox/stored-hash': async (api) => {
		const content = some(BLOCK_BYTES + 1);
		const entry = await api.store('stored-hash.bin', content);
		claim(entry.content_hash === hashOf(content), 'the hash of a file is another one');
	},
	'dropbox/used-up': async (api) => {
		const id = await api.start(some(SMALL), true);
		const first = await api.commit(id, SMALL, 'used-up.bin');
		need(isStored(first), 'a commit failed');
		const second = await api.commit(id, SMALL, 'used-up again.bin');
		claim(whyNot(second) === 'lookup_failed/not_found', 'a session is not used up by its commit');
	},
	'dropbox/same-content': async (api) => {
		const content = some(SMALL);
		const first = await api.store('same-content.bin', content);
		const id = await api.start(content, true);
		const again = await api.commit(id, SMALL, 'same-content.bin');
		claim(isStored(again), `the same content again failed with ${whyNot(again)}`);
		claim(again.rev === first.rev, 'the same content again makes a new revision');
	},
	'dropbox/conflict': async (api) => {
		await api.store('conflict.bin', some(SMALL));
		const id = await api.start(some(SMALL), true);
		const entry = await api.commit(id, SMALL, 'conflict.bin');
		claim(whyNot(entry) === 'path/conflict/file', 'a taken name is not told as a conflict');
	},
	'dropbox/refused-keeps': async (api) => {
		await api.store('refused-keeps.bin', some(SMALL));
		const id = await api.start(some(SMALL), true);
		const refused = await api.commit(id, SMALL, 'refused-keeps.bin');
		need(!isStored(refused), 'the name was not refused');
		const entry = await api.commit(id, SMALL, 'refused-keeps other.bin');
		claim(isStored(entry), 'a refused commit uses the session up');
	},
	'dropbox/rename': async (api) => {
		await api.store('rename.bin', some(SMALL));
		const entry = await api.store('rename.bin', some(SMALL), { autorename: true });
		claim(entry.name === 'rename (1).bin', 'the other name is not numbered');
	},
	'dropbox/stale-revision': async (api) => {
		const first = await api.store('stale-revision.bin', some(SMALL));
		await api.store('stale-revision.bin', some(SMALL), { mode: 'overwrite' });
		const id = await api.start(some(SMALL), true);
		const mode = { '.tag': 'update', update: first.rev };
		const entry = await api.commit(id, SMALL, 'stale-revision.bin', { mode });
		claim(whyNot(entry) === 'path/conflict/file', 'a stale revision is no conflict');
	},
	'dropbox/overwrite': async (api) => {
		const first = await api.store('overwrite.bin', some(SMALL));
		const second = await api.store('overwrite.bin', some(SMALL), { mode: 'overwrite' });
		const isNew = second.rev !== first.rev && second.path_lower === first.path_lower;
		claim(isNew, 'overwrite does not make a new revision of the file');
	},
	'dropbox/client-modified': async (api) => {
		const time = '2015-05-12T15:50:38Z';
		const extra = { client_modified: time };
		const entry = await api.store('client-modified.bin', some(SMALL), extra);
		claim(entry.client_modified === time, 'the time of the change is not kept');
	},
};

const lookups: Probes<DropboxApi> = {
	'dropbox/escaped-header': async (api) => {
		const { commit } = api.entry('', 0, 'escaped-header ü 漢 😀.bin');
		const reply = await api.content('files/upload', commit, some(SMALL));
		need(reply.status === 200 || reply.status === 400, 'files/upload was refused');
		claim(reply.json?.name === 'escaped-header ü 漢 😀.bin', 'a name came out otherwise');
	},
	'dropbox/case': async (api) => {
		const stored = await api.store('case.bin', some(SMALL));
		const reply = await api.rpc(GET_METADATA, { path: api.path('CASE.BIN') });
		need(reply.status === 200 || reply.status === 409, 'get_metadata was refused');
		claim(reply.json?.id === stored.id, 'names that differ in case are two files');
	},
	'dropbox/absent': async (api) => {
		const reply = await api.rpc(GET_METADATA, { path: api.path('absent.bin') });
		claim(reasonOf(reply.json?.error) === 'path/not_found', 'an absent file is not told as such');
	},
	'dropbox/list-folder': async (api) => {
		const content = some(SMALL);
		await api.store('list-folder/one.bin', content);
		const reply = await api.rpc('files/list_folder', { path: api.path('list-folder') });
		claim(reply.status === 200, 'list_folder was refused');
		const [entry] = reply.json?.entries ?? [];
		claim(entry?.content_hash === hashOf(content), 'a list does not tell hashes');
		claim(entry?.size === SMALL && reply.json?.has_more === false, 'a list lacks its fields');
	},
};

const source: Probes<DropboxApi> = {
	'dropbox/temporary-link': async (api) => {
		const content = some(SMALL);
		await api.store('temporary-link.bin', content);
		const path = api.path('temporary-link.bin');
		const reply = await api.rpc('files/get_temporary_link', { path });
		const code = reasonOf(reply.json?.error);
		need(code !== 'missing_scope', 'the app lacks the permission files.content.read');
		claim(reply.status === 200, 'get_temporary_link was refused');
		const { link = '' } = reply.json ?? {};
		claim(link.startsWith('https://'), 'the link is no https address');
		const rest = await api.wire.rest('the temporary link', link, 5);
		claim(rest.status === 206, 'the link does not send the rest of a file');
		claim(rest.sizeBytes === SMALL - 5, 'the rest that the link sends has another length');
	},
};

export const dropboxProbes: Probes<DropboxApi> = {
	...account,
	...sessions,
	...concurrent,
	...commits,
	...lookups,
	...source,
};
