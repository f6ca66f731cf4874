/** Dropbox's own SDK, unmodified, as a witness that the cloud is what it pretends to be. */
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bytesUpload, Dropbox, DropboxFileUploader, DropboxResponseError } from 'dropbox';
import { fetch as undiciFetch } from 'undici';
import { CloudClient } from './client';
import { contentHash, rateLimited } from './dropbox';
import { startCloud, type LoopbackCloud } from './index';

const mebibyte = 1024 * 1024;

let cloud: LoopbackCloud;
let client: CloudClient;
let sdk: Dropbox;

beforeAll(async () => {
	cloud = await startCloud();
	const { accessToken } = cloud.issueToken('dropbox');
	client = new CloudClient(cloud, accessToken);
	const { dispatcher } = client;
	const throughCloud = (url: string, options: object) =>
		undiciFetch(url, { ...options, dispatcher });
	sdk = new Dropbox({ accessToken, fetch: throughCloud });
});

beforeEach(() => cloud.reset());
afterEach(() => expect(cloud.errors).toEqual([]));

afterAll(async () => {
	await client.close();
	await cloud.stop();
});

async function failure(call: Promise<unknown>): Promise<DropboxResponseError<unknown>> {
	const error = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(DropboxResponseError);
	return error as DropboxResponseError<unknown>;
}

describe("the SDK's calls", () => {
	it('read the account and upload a file', async () => {
		const account = await sdk.usersGetCurrentAccount();
		expect(account.result.email).toBe('personal@example.com');
		const stored = await sdk.filesUpload({ path: '/Ünï.txt', contents: 'hello' });
		expect(stored.result).toMatchObject({
			name: 'Ünï.txt',
			content_hash: contentHash(Buffer.from('hello')),
		});
	});

	it('go through a whole batch', async () => {
		const started = await sdk.filesUploadSessionStartBatch({ num_sessions: 2 });
		const ids = started.result.session_ids;
		const appended = await sdk.filesUploadSessionAppendBatch({
			entries: ids.map((id) => ({
				cursor: { session_id: id, offset: 0 },
				length: 3,
				close: true,
			})),
			contents: 'onetwo',
		});
		expect(appended.result.entries.map((entry) => entry['.tag'])).toEqual(['success', 'success']);
		const entries = ids.map((id, index) => ({
			cursor: { session_id: id, offset: 3 },
			commit: { path: `/${index}` },
		}));
		const launched = await sdk.filesUploadSessionFinishBatch({ entries });
		if (launched.result['.tag'] !== 'async_job_id') throw new Error('expected a job');
		const job = { async_job_id: launched.result.async_job_id };
		const states: string[] = [];
		while (states.at(-1) !== 'complete') {
			const checked = await sdk.filesUploadSessionFinishBatchCheck(job);
			states.push(checked.result['.tag']);
		}
		expect(states).toEqual(['in_progress', 'complete']);
		expect(cloud.dropbox.file('/1')?.bytes?.toString()).toBe('two');
	});

	it('understand the error unions', async () => {
		cloud.dropbox.putFile('/a', 'other');
		const conflict = await failure(sdk.filesUpload({ path: '/a', contents: 'mine' }));
		expect(conflict).toMatchObject({
			status: 409,
			error: { error: { '.tag': 'path', reason: { '.tag': 'conflict' } } },
		});
		cloud.faults.add({ action: rateLimited(3) });
		const limited = await failure(sdk.filesUpload({ path: '/b', contents: 'x' }));
		expect(limited.status).toBe(429);
		const bad = await failure(sdk.filesUpload({ path: 'no slash', contents: 'x' }));
		expect(bad).toMatchObject({
			status: 400,
			error: expect.stringContaining('did not match') as string,
		});
	});

	it('list, share and describe', async () => {
		const { id } = cloud.dropbox.putFile('/a', 'x');
		const listed = await sdk.filesListFolder({ path: '' });
		expect(listed.result.entries.map(({ name }) => name)).toContain('a');
		const link = await sdk.sharingCreateSharedLinkWithSettings({ path: '/a' });
		const links = await sdk.sharingListSharedLinks({ path: '/a' });
		expect(links.result.links.map(({ url }) => url)).toEqual([link.result.url]);
		const shared = await sdk.sharingGetFileMetadata({
			file: id,
			actions: [{ '.tag': 'create_link' }],
		});
		expect(shared.result.permissions).toEqual([{ action: { '.tag': 'create_link' }, allow: true }]);
	});
});

describe("the SDK's uploader", () => {
	const uploader = (options: object) =>
		new DropboxFileUploader(sdk, { retryDelay: 1, maxAttempts: 5, ...options });

	it.each([
		['sequentially', { chunkSize: 4 * mebibyte }],
		['in parallel', { chunkSize: 4 * mebibyte, parallelUploads: 3 }],
	])('sends a file %s', async (_, options) => {
		const bytes = randomBytes(18 * mebibyte + 123);
		const { metadata } = await uploader(options).upload(bytesUpload(bytes), { path: '/big' });
		expect(metadata).toMatchObject({ size: bytes.length, content_hash: contentHash(bytes) });
		expect(cloud.counters().overlappingCommits).toBe(0);
	});

	it.each([
		['sequentially', { chunkSize: 4 * mebibyte }],
		['in parallel', { chunkSize: 4 * mebibyte, parallelUploads: 3 }],
	])('recovers from lost answers and server errors %s', async (_, options) => {
		const bytes = randomBytes(14 * mebibyte);
		const append = 'files/upload_session/append_v2';
		cloud.faults.add({ route: append, skip: 1, action: { kind: 'loseReply' } });
		cloud.faults.add({ route: append, skip: 2, action: { kind: 'reply', status: 503 } });
		cloud.faults.add({ route: append, skip: 1, action: { kind: 'resetDuring', afterBytes: 99 } });
		const { metadata } = await uploader(options).upload(bytesUpload(bytes), { path: '/big' });
		expect(metadata.content_hash).toBe(contentHash(bytes));
		const struck = Object.values(cloud.counters().faultsStruck);
		expect(struck.reduce((sum, times) => sum + times, 0)).toBe(3);
	});
});

describe('a child process with the environment of the cloud', () => {
	const runFile = promisify(execFile);
	// Node 20 has no built-in proxy support for fetch; undici reads the variables.
	const script = `
		const { EnvHttpProxyAgent, fetch } = require('undici');
		const { Dropbox } = require('dropbox');
		const dispatcher = new EnvHttpProxyAgent();
		const viaProxy = (url, options) => fetch(url, { ...options, dispatcher });
		const sdk = new Dropbox({ accessToken: process.env.TOKEN, fetch: viaProxy });
		sdk.filesUpload({ path: '/from-child', contents: 'child' })
			.then(({ result }) => { console.log(result.path_display); return dispatcher.close(); });
	`;

	it('reaches the vendors by their own names', async () => {
		const { accessToken } = cloud.issueToken('dropbox');
		const { stdout } = await runFile(process.execPath, ['-e', script], {
			cwd: join(__dirname, '..', '..'),
			env: { ...process.env, ...cloud.env, TOKEN: accessToken },
		});
		expect(stdout.trim()).toBe('/from-child');
		expect(cloud.dropbox.file('/from-child')?.bytes?.toString()).toBe('child');
	});
});
