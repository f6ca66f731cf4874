import type { FaultAction } from '../../cloud';
import { SHORT_WAITS, startRig, useRig, type NodeRun, type Rig } from '../../support/rig';
import { answering, answeringHtml } from '../dropbox/replies';
import { errorsOf, finishBatch, jsonOf, MIB } from '../dropbox/uploads';

const GET = 'sharing/get_file_metadata';

const rig = useRig({ pace: SHORT_WAITS });

const carryOn = { onError: 'continueRegularOutput' } as const;
const once = { root: 'home', maxRetries: 0 };
const file = { base64: 'aGVsbG8=' };
const item = {
	json: { session_id: 'abc', offset: 0, path: '/a.txt', file: '/a.txt', async_job_id: 'job' },
	binary: { data: file },
};
const uploadSession = { resource: 'uploadSession', options: once, items: [item] };
const cursor = { sessionId: 'abc', offset: 0 };

const get: NodeRun = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '/a.txt' },
	options: once,
	items: [item],
};

/** Every route with the operation that calls it, and whether the call stores a file. */
const calls: Array<[route: string, run: NodeRun, stored: string]> = [
	[GET, get, 'no'],
	['sharing/get_file_metadata/batch', { ...get, operation: 'getMany' }, 'no'],
	['users/get_current_account', { ...get, options: { maxRetries: 0 } }, 'no'],
	['files/upload_session/start', { ...uploadSession, operation: 'start' }, 'no'],
	[
		'files/upload_session/append_v2',
		{ ...uploadSession, operation: 'append', parameters: cursor },
		'no',
	],
	[
		'files/upload_session/finish',
		{ ...uploadSession, operation: 'finish', parameters: { ...cursor, path: '/a.txt' } },
		'unknown',
	],
	[
		'files/upload_session/finish_batch_v2',
		{ ...finishBatch, options: once, items: [item] },
		'unknown',
	],
	[
		'files/upload_session/finish_batch',
		{ ...finishBatch, options: { ...once, commitMethod: 'job' }, items: [item] },
		'unknown',
	],
	[
		'files/upload_session/finish_batch/check',
		{
			resource: 'uploadBatch',
			operation: 'checkJob',
			parameters: { asyncJobId: 'job' },
			options: once,
			items: [item],
		},
		'unknown',
	],
];

/** Answers with status 200 that are not what any route gives. */
const nonsense: Array<[string, FaultAction]> = [
	['a page', answeringHtml(200, 'Sign in to the hotel network')],
	['broken JSON', { kind: 'reply', status: 200, body: '{"entries": [{".tag": ' }],
	['a text', answering('complete')],
	['a number', answering(42)],
	['true', answering(true)],
	['a list of lists', answering([[[]]])],
	[
		'fields of wrong types',
		answering({
			'.tag': 7,
			id: 1,
			name: [],
			session_id: {},
			async_job_id: 5,
			entries: 'none',
			root_info: [],
		}),
	],
	[
		'entries of wrong types',
		answering({ '.tag': 'complete', entries: [null, 1, 'x', [], { '.tag': [] }] }),
	],
	['a list with wrong entries', answering([null, { file: 1 }, { file: '/a', result: null }])],
	['a job without an ID', answering({ '.tag': 'async_job_id', async_job_id: null })],
];

describe("an answer with status 200 that Dropbox doesn't give", () => {
	it.each(calls)('of %s is a readable failure', async (route, run, stored) => {
		for (const [what, action] of nonsense) {
			const remove = rig().cloud.faults.add({ route, action });
			const result = await rig().dropbox({ ...run, ...carryOn });
			remove();
			expect([what, result.status, result.outputs[0]?.length]).toEqual([what, 'success', 1]);
			const [error] = errorsOf(result);
			expect([what, error?.path, error?.stored]).toEqual([what, 'http/unexpected_reply', stored]);
			expect(error!.description).not.toMatch(/<html|<!doctype/i);
		}
	});

	it('is quoted, shortened and without its tags', async () => {
		rig().cloud.faults.add({ route: GET, action: answeringHtml(200, 'x'.repeat(5_000)) });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]!.description).toContain('Dropbox said: xxxx');
		expect(errorsOf(result)[0]!.description.length).toBeLessThan(1_000);
	});
});

describe("an error answer that Dropbox doesn't give", () => {
	it.each([
		['a page', answeringHtml(409)],
		['nothing', { kind: 'reply', status: 409 }],
		['a list', answering([], 409)],
		['no union', answering({ error: 7, error_summary: {} }, 409)],
		['an unknown status', answeringHtml(418)],
		['another 401', answeringHtml(401)],
		['another 403', answering({ error: 'no' }, 403)],
		['another 422', answeringHtml(422)],
		['not found', answeringHtml(404)],
		['not modified', { kind: 'reply', status: 304 }],
	] as Array<[string, FaultAction]>)('is a readable failure: %s', async (_, action) => {
		rig().cloud.faults.add({ route: GET, times: 2, action });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(result.outputs[0]).toHaveLength(1);
		expect(errorsOf(result)[0]).toMatchObject({
			path: expect.stringMatching(/\S/) as unknown,
			message: expect.stringMatching(/^[A-Z]/) as unknown,
			stored: 'no',
			vendor: 'Dropbox',
		});
	});
});

describe('an answer that wants the token elsewhere', () => {
	it.each([301, 302, 303, 307, 308])(
		'is refused (%i), and nothing is sent there',
		async (status) => {
			for (const location of [
				'https://elsewhere.example/take',
				'https://api.dropboxapi.com/2/other',
			]) {
				const action: FaultAction = { kind: 'reply', status, headers: { location } };
				rig().cloud.faults.add({ route: GET, action });
				const result = await rig().dropbox({ ...get, ...carryOn });
				expect(errorsOf(result)[0]).toMatchObject({
					path: 'http/redirect',
					class: 'user',
					retryable: false,
					stored: 'no',
					status,
				});
			}
			expect(rig().cloud.log.filter(({ vendor }) => vendor === 'stranger')).toEqual([]);
			expect(rig().cloud.log.map(({ route }) => route)).toEqual([GET, GET]);
		},
	);
});

describe('an answer without end', () => {
	it.each([200, 503])('is given up (status %i), and memory stays flat', async (status) => {
		await rig().dropbox({ ...get, ...carryOn });
		await rig().engine.collectGarbage();
		await rig().engine.resetPeak();
		const before = await rig().engine.usage();
		rig().cloud.faults.add({
			route: GET,
			action: { kind: 'endlessReply', status, chunk: 'x'.repeat(64 * 1024) },
		});
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'http/reply_too_long',
			status,
			retryable: false,
		});
		const after = await rig().engine.usage();
		expect(after.peakRssBytes - before.rssBytes).toBeLessThan(100 * MIB);
		expect(rig().cloud.log.at(-1)!.replyBytes).toBeLessThan(40 * MIB);
	});
});

describe('no response at all', () => {
	async function inNetwork(env: Record<string, string>, check: (other: Rig) => Promise<void>) {
		const other = await startRig({ engine: { env } });
		try {
			await other.connectDropbox();
			await check(other);
		} finally {
			await other.stop();
		}
	}

	it("says that Dropbox couldn't be reached, and that nothing is stored", async () => {
		await inNetwork(
			{ HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' },
			async (other) => {
				const finishing = {
					...finishBatch,
					options: { root: 'home', maxRetries: 1 },
					items: [item],
				};
				const result = await other.dropbox({ ...finishing, ...carryOn });
				expect(errorsOf(result)[0]).toMatchObject({
					path: 'network/unreachable',
					class: 'transient',
					retryable: true,
					stored: 'no',
				});
			},
		);
	}, 30_000);

	it('says that the certificate is not trusted, and sends no token', async () => {
		await inNetwork({ NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' }, async (other) => {
			const result = await other.dropbox({ ...get, ...carryOn });
			expect(errorsOf(result)[0]).toMatchObject({
				path: 'network/unreachable',
				class: 'user',
				retryable: false,
				stored: 'no',
			});
			expect(other.cloud.log).toEqual([]);
		});
	}, 30_000);

	it('says nothing of the sort when all is well', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		expect(jsonOf(await rig().dropbox(get))[0]).toMatchObject({ name: 'a.txt' });
	});
});
