/**
 * A server that means harm, or something broken in between: memory stays bounded, the failure is clear,
 * nothing is sent elsewhere, and n8n lives on.
 */
import { gzipSync } from 'node:zlib';

import type { FaultAction } from '../../cloud';
import type { ItemSpec, RunResult } from '../../engine/types';
import { SHORT_WAITS, useRig, type NodeRun } from '../../support/rig';
import { errorsOf, MIB, type ErrorJson } from '../dropbox/uploads';

const rig = useRig({ pace: SHORT_WAITS });

const JSON_TYPE = { 'content-type': 'application/json' };
const MOST_GROWTH_BYTES = 100 * MIB;
const MOST_READ_BYTES = 40 * MIB;

interface Upload {
	readonly vendor: 'Dropbox' | 'Box';
	readonly run: NodeRun;
	/** The call that stores the file. */
	readonly route: string;
	/** The calls before it. */
	readonly others: readonly string[];
}

const file: ItemSpec = { json: {}, binary: { data: { base64: 'aGVsbG8=', fileName: 'a.txt' } } };
const common = {
	resource: 'file',
	operation: 'upload',
	items: [file],
	onError: 'continueRegularOutput' as const,
};

const uploads: Upload[] = [
	{
		vendor: 'Dropbox',
		run: { ...common, parameters: { skipUnchanged: true }, options: { maxRetries: 0 } },
		route: 'files/upload_session/finish_batch_v2',
		others: [
			'users/get_current_account',
			'files/get_metadata',
			'files/upload_session/start_batch',
			'files/upload_session/append_batch',
		],
	},
	{
		vendor: 'Box',
		run: {
			...common,
			parameters: {
				parentFolderId: { __rl: true, mode: 'path', value: '/New' },
				skipUnchanged: true,
			},
			options: { maxRetries: 0, checkFirst: 'always' },
		},
		route: 'POST /files/content',
		others: ['GET /folders/:id/items', 'POST /folders', 'OPTIONS /files/content'],
	},
];

async function send({ vendor, run }: Upload): Promise<RunResult> {
	return await (vendor === 'Dropbox' ? rig().dropbox(run) : rig().box(run));
}

/** One item, one failure, in the documented form, and n8n is as well as before. */
async function failureOf(upload: Upload): Promise<ErrorJson> {
	const error = await failureUnlessStored(upload);
	expect(error).toBeDefined();
	return error!;
}

/** The same, or nothing where the vendor has another route that stored the file. */
async function failureUnlessStored(upload: Upload): Promise<ErrorJson | undefined> {
	const result = await send(upload);
	expect(result.status).toBe('success');
	const [error] = errorsOf(result);
	expect(await rig().engine.unhandledErrors()).toEqual([]);
	expect(rig().cloud.log.filter(({ vendor }) => vendor === 'stranger')).toEqual([]);
	if (error === undefined) {
		const { box, dropbox } = rig().cloud;
		const sizes = (upload.vendor === 'Box' ? box : dropbox).files().map(({ size }) => size);
		expect(sizes).toEqual([5]);
		return undefined;
	}
	expect(error).toMatchObject({
		path: expect.stringMatching(/^\S+$/) as unknown,
		message: expect.stringMatching(/^(n8n|[A-Z])/) as unknown,
		vendor: upload.vendor,
	});
	expect(error.description.length).toBeLessThan(2_000);
	return error;
}

/** How much the process grew at its highest. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
	await rig().engine.collectGarbage();
	await rig().engine.resetPeak();
	const { rssBytes } = await rig().engine.usage();
	await work();
	return (await rig().engine.usage()).peakRssBytes - rssBytes;
}

describe('Box says that all is well after 100 KB of 15 MB', () => {
	const large: ItemSpec = {
		json: {},
		binary: { data: { generated: { sizeBytes: 15 * MIB, seed: 1 }, fileName: 'a.bin' } },
	};

	it('which n8n survives', async () => {
		const body = JSON.stringify({ entries: [{ type: 'file', id: '1', etag: '0' }] });
		const reply = { kind: 'reply', status: 201, headers: JSON_TYPE, body } as const;
		rig().cloud.faults.add({
			route: 'POST /files/content',
			action: { ...reply, afterBytes: 100_000 },
		});
		const result = await rig().box({ ...uploads[1]!.run, items: [large] });
		expect(result.status).toBe('success');
		expect(await rig().engine.unhandledErrors()).toEqual([]);
		// And the next one is as always.
		const next = await rig().box({ ...uploads[1]!.run, items: [large] });
		expect(errorsOf(next)).toEqual([undefined]);
		expect(rig().cloud.box.files()).toMatchObject([{ path: '/New/a.bin', size: 15 * MIB }]);
	});
});

const LOCATIONS = ['https://evil.example/take', 'http://api.box.com/', '//evil.example'];

const bomb = gzipSync(Buffer.alloc(200 * MIB, 'a'));

describe.each(uploads)('$vendor', (upload) => {
	const add = (action: FaultAction, route = upload.route) =>
		rig().cloud.faults.add({ route, action, times: Infinity });

	/** Loads what a first upload loads; the file is gone again. */
	async function warmUp(): Promise<void> {
		await send(upload);
		rig().cloud.reset();
	}

	describe.each([200, 404, 500])('an answer of status %i', (status) => {
		it('and 100 MB is not read to its end', async () => {
			await warmUp();
			add({
				kind: 'endlessReply',
				status,
				headers: { 'content-length': String(100_000_000) },
				chunk: '<p>error</p>'.repeat(8_000),
			});
			const growth = await growthOf(async () => {
				const error = await failureUnlessStored(upload);
				// Dropbox has other routes for a commit.
				const isStored = upload.vendor === 'Dropbox' && status === 404;
				expect(error?.path).toBe(isStored ? undefined : 'http/reply_too_long');
			});
			expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
			expect(rig().cloud.log.at(-1)!.replyBytes).toBeLessThan(MOST_READ_BYTES);
		});

		it('that unpacks to 200 MB is not unpacked to its end', async () => {
			await warmUp();
			const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
			add({ kind: 'reply', status, headers, body: bomb });
			const growth = await growthOf(async () => {
				const error = await failureUnlessStored(upload);
				// Dropbox has other routes for a commit.
				const isStored = upload.vendor === 'Dropbox' && status === 404;
				expect(error?.path).toBe(isStored ? undefined : 'http/reply_too_long');
			});
			expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
		}, 120_000);

		it.each([
			['lists', '['.repeat(400_000) + ']'.repeat(400_000)],
			['objects', '{"error":'.repeat(90_000) + '1' + '}'.repeat(90_000)],
			['unions', `{"error":${'{".tag":"path","path":'.repeat(40_000)}{}${'}'.repeat(40_001)}`],
			[
				'context',
				`{"code":"x","message":"m","context_info":${'{"a":'.repeat(90_000)}1${'}'.repeat(90_001)}`,
			],
			[
				'entries',
				`{"entries":[${'{".tag":"failure","failure":'.repeat(40_000)}1${'}'.repeat(40_000)}]}`,
			],
		])(
			'with %s within each other is a failure like others, or no reason not to store the file',
			async (_, body) => {
				for (const route of [...upload.others, upload.route]) {
					rig().cloud.reset();
					add({ kind: 'reply', status, headers: JSON_TYPE, body }, route);
					await failureUnlessStored(upload);
				}
			},
		);

		it('with more headers than Node.js takes is a failure like others', async () => {
			const headers = Object.fromEntries(
				Array.from({ length: 900 }, (_, index) => [`x-flood-${index}`, 'f'.repeat(100)]),
			);
			add({ kind: 'reply', status, headers, body: '{}' });
			const { path } = await failureOf(upload);
			expect(path).toBe('network/answer_lost');
		});
	});

	it.each([301, 302, 303, 307, 308])(
		'a redirect (%i) is not followed, by any call',
		async (status) => {
			for (const [index, route] of [...upload.others, upload.route].entries()) {
				// Over the statuses, each call meets each of them.
				const location = LOCATIONS[(status + index) % LOCATIONS.length]!;
				rig().cloud.reset();
				add({ kind: 'reply', status, headers: { location } }, route);
				const { path } = await failureOf(upload);
				expect([route, path]).toEqual([route, 'http/redirect']);
			}
		},
	);

	it.each([
		['nothing', null],
		['a truth', true],
		['a number', 1e999],
		['a text', 'x'],
		['a list', [[]]],
		['an object', {}],
		['fields that are lists', everyFieldIs([])],
		['fields that are objects', everyFieldIs({})],
		['fields that are numbers', everyFieldIs(-1)],
		['fields that are texts', everyFieldIs('x')],
		['fields that are nothing', everyFieldIs(null)],
		['entries of nothing', { entries: [null], session_ids: [null], total_count: 1 }],
		['entries of lists', { entries: [[]], session_ids: [[]], total_count: 'many' }],
		['entries of numbers', { entries: [1], session_ids: [1], next_marker: 7, limit: [] }],
		['a session of an empty name', { session_ids: [''], entries: [{ id: '', type: '' }] }],
	])('%s where an answer should be is a failure like others, in any call', async (_, json) => {
		for (const status of [200, 409]) {
			for (const route of [...upload.others, upload.route]) {
				const body = JSON.stringify(json);
				rig().cloud.reset();
				add({ kind: 'reply', status, headers: JSON_TYPE, body }, route);
				const result = await send(upload);
				expect([route, status, result.status]).toEqual([route, status, 'success']);
				expect(result.outputs[0]).toHaveLength(1);
			}
		}
		expect(await rig().engine.unhandledErrors()).toEqual([]);
	});
});

/** Everything that either vendor answers with, and of a wrong type. */
function everyFieldIs(value: unknown): Record<string, unknown> {
	const names = [
		'.tag',
		'error',
		'error_summary',
		'entries',
		'session_ids',
		'session_id',
		'root_info',
		'cursor',
		'has_more',
		'name',
		'size',
		'id',
		'rev',
		'path_display',
		'content_hash',
		'code',
		'message',
		'context_info',
		'request_id',
		'type',
		'total_count',
		'next_marker',
		'limit',
		'sha1',
		'etag',
		'upload_url',
		'retry_after',
		'failure',
	];
	return Object.fromEntries(names.map((name) => [name, value]));
}
