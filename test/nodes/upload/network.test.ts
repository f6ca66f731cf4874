/** What a bad network and a busy Dropbox do to an upload: it takes longer, and that is all. */
import { isDeepStrictEqual } from 'node:util';
import type { Fault, FaultAction } from '../../cloud';
import { rateLimited } from '../../cloud/dropbox/errors';
import { SHORT_WAITS, useRig } from '../../support/rig';
import * as uploads from './uploads';
import {
	APPEND,
	APPEND_BATCH,
	FINISH,
	GET_METADATA,
	LIST_FOLDER,
	MIB,
	START,
	START_BATCH,
	carryOn,
	errorsOf,
	file,
	numbered,
	upload,
} from './uploads';

const rig = useRig({ pace: SHORT_WAITS });

const add = (fault: Fault) => rig().cloud.faults.add(fault);
/** Three parts: no pack takes it. */
const LARGE = { sizeBytes: 9 * MIB, seed: 1 };
const OF_SIX_PARTS = { sizeBytes: 21 * MIB, seed: 1 };

/** Empty, small and large files, of which one is there already: every kind of call is made. */
const mixed = {
	path: '/mixed/',
	ifExists: 'rename',
	skipUnchanged: true,
	items: [
		file('empty', ''),
		file('small', 'small'),
		file('large', LARGE),
		file('other', 'other'),
		file('there', 'there'),
	],
} as const;
const stored: Array<[string, string | typeof LARGE]> = [
	['/mixed/empty', ''],
	['/mixed/small', 'small'],
	['/mixed/large', LARGE],
	['/mixed/other', 'other'],
	['/mixed/there', 'there'],
];

const CALLS = [START_BATCH, APPEND_BATCH, APPEND, START, FINISH, LIST_FOLDER];

describe('Upload Files, each kind of call once', () => {
	async function expectAllArrive(faults = CALLS.length): Promise<void> {
		rig().cloud.dropbox.putFile('/mixed/there', 'there');
		const result = await upload(rig(), { ...mixed, items: [...mixed.items] });
		uploads.expectAllStored(rig(), result, stored);
		expect(rig().cloud.log.filter(({ fault }) => fault !== undefined)).toHaveLength(faults);
	}

	it.each<[string, FaultAction]>([
		['whose answer is lost', { kind: 'loseReply' }],
		['that is reset before it arrives', { kind: 'resetBefore' }],
	])('%s: everything arrives once', async (_, action) => {
		for (const route of CALLS) add({ route, action });
		await expectAllArrive();
	});

	// Not all in one run: nobody expires a token that he has given out a moment ago.
	it.each(CALLS)('%s with an expired token: everything arrives once', async (route) => {
		add({ route, action: { kind: 'expireToken' } });
		await expectAllArrive(1);
	});

	it.each([0, 1, 2])('answered badly, in three ways that take turns (%i)', async (turn) => {
		const actions: FaultAction[] = [
			{ kind: 'truncateReply', bytes: 7 },
			{ kind: 'reply', status: 502, body: '<html><h1>Bad gateway</h1></html>' },
			{ kind: 'reply', status: 503, headers: { 'Retry-After': '0.2' } },
		];
		for (const [index, route] of CALLS.entries()) {
			add({ route, action: actions[(index + turn) % actions.length]! });
		}
		await expectAllArrive();
	});

	it('reset in the middle of its body: everything arrives once', async () => {
		for (const route of [APPEND_BATCH, APPEND]) {
			add({ route, action: { kind: 'resetDuring', afterBytes: 3 } });
		}
		await expectAllArrive(2);
	});

	it('whose content was damaged on the way: it is sent again', async () => {
		const body = JSON.stringify({
			error_summary: 'content_hash_mismatch/..',
			error: { '.tag': 'content_hash_mismatch' },
		});
		for (const route of [APPEND_BATCH, APPEND]) {
			add({
				route,
				action: {
					kind: 'reply',
					status: 409,
					body,
					headers: { 'content-type': 'application/json' },
				},
			});
		}
		await expectAllArrive(2);
	});

	it('the question about one path lost: it is asked again', async () => {
		rig().cloud.dropbox.putFile('/there', 'there');
		add({ route: GET_METADATA, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { skipUnchanged: true, items: [file('there', 'there')] });
		expect(uploads.jsonOf(result)[0]).toMatchObject({
			skipped: 'unchanged',
			path_display: '/there',
		});
	});
});

describe('Upload Files, busy Dropbox', () => {
	it('waits as long as it is told to, then is as fast as before', async () => {
		add({ route: APPEND_BATCH, skip: 2, times: 3, action: rateLimited(1) });
		const items = numbered(80, 400_000);
		const result = await upload(rig(), { items });
		expect(result.status).toBe('success');
		expect(uploads.storedFiles(rig()).size).toBe(items.length);
		const calls = rig().calls(APPEND_BATCH);
		const refused = calls.filter((call) => call.status === 429);
		expect(refused).toHaveLength(3);
		for (const { argument, endedAtMs } of refused) {
			const again = calls.find(
				(call) => call.status === 200 && isDeepStrictEqual(call.argument, argument),
			);
			expect(again!.startedAtMs - endedAtMs!).toBeGreaterThan(900 / SHORT_WAITS.clockSpeed);
		}
	});

	it('refreshes an expired token once in the middle of an upload', async () => {
		add({ route: APPEND, skip: 2, action: { kind: 'expireToken' } });
		const result = await upload(rig(), {
			path: '/large',
			items: [file('large', LARGE)],
			options: { partSizeMib: 4 },
		});
		uploads.expectAllStored(rig(), result, [['/large', LARGE]]);
		expect(rig().cloud.counters().requestsByRoute['oauth2/token']).toBe(1);
	});

	it('stops with the reason when the network does not come back', async () => {
		add({ route: /./, times: Infinity, action: { kind: 'resetBefore' } });
		const result = await upload(rig(), {
			items: [file('small', 'x'), file('large', LARGE)],
			options: { maxRetries: 1 },
			...carryOn,
		});
		expect(errorsOf(result)).toMatchObject([
			{ path: 'network/answer_lost', stored: 'no', retryable: true },
			{ path: 'network/answer_lost', stored: 'no', retryable: true },
		]);
	});
});

describe('Upload Files, lost sessions', () => {
	/** Just before the call reaches Dropbox, its session is gone. */
	function loseSessionAt(route: string, skip = 0): void {
		let id = '';
		add({
			route,
			skip,
			when: (request) => {
				const argument = request.argument as
					| { cursor?: { session_id: string }; entries?: Array<{ cursor: { session_id: string } }> }
					| undefined;
				id = argument?.cursor?.session_id ?? argument?.entries?.[0]?.cursor.session_id ?? '';
				return id !== '';
			},
			action: { kind: 'before', run: () => rig().cloud.dropbox.loseSession(id) },
		});
	}

	it('in a pack: only that file is sent again, once', async () => {
		loseSessionAt(APPEND_BATCH);
		const contents = ['one', 'two', 'three'];
		const result = await upload(rig(), {
			items: contents.map((content) => file(content, content)),
		});
		uploads.expectAllStored(
			rig(),
			result,
			contents.map((content) => [`/${content}`, content]),
		);
		const sizes = rig()
			.calls(APPEND_BATCH)
			.map((call) => uploads.argumentOf(call).entries?.length);
		expect(sizes).toEqual([3, 1]);
	});

	it.each([0, 1, 5])('at part %i of a large file: it is sent again and arrives', async (skip) => {
		loseSessionAt(APPEND, skip);
		const result = await upload(rig(), {
			path: '/large',
			items: [file('large', OF_SIX_PARTS)],
			options: { partSizeMib: 4 },
		});
		uploads.expectAllStored(rig(), result, [['/large', OF_SIX_PARTS]]);
		const sessions = rig()
			.calls(APPEND)
			.map((call) => uploads.argumentOf(call).cursor!.session_id);
		expect(new Set(sessions).size).toBe(2);
	});

	it('before the commit: small and large files are sent again and arrive', async () => {
		add({
			route: FINISH,
			action: {
				kind: 'before',
				run: () => {
					for (const { id } of rig().cloud.dropbox.sessions()) rig().cloud.dropbox.loseSession(id);
				},
			},
		});
		const result = await upload(rig(), {
			ifExists: 'rename',
			items: [file('small', 'small'), file('large', LARGE), file('empty', '')],
		});
		uploads.expectAllStored(rig(), result, [
			['/small', 'small'],
			['/large', LARGE],
			['/empty', ''],
		]);
	});

	it('again and again: the file fails, and says that it is not stored', async () => {
		add({
			route: FINISH,
			times: Infinity,
			action: {
				kind: 'before',
				run: () => {
					for (const { id } of rig().cloud.dropbox.sessions()) rig().cloud.dropbox.loseSession(id);
				},
			},
		});
		const result = await upload(rig(), { items: [file('small', 'small')], ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'lookup_failed/not_found', stored: 'no' });
		expect(rig().calls(FINISH)).toHaveLength(2);
	});

	it('taken by other bytes: a new session gets the right ones', async () => {
		const body = 'Error in call to API function "files/upload_session/append_v2": Different data.';
		add({ route: APPEND, skip: 1, action: { kind: 'reply', status: 400, body } });
		const result = await upload(rig(), { path: '/large', items: [file('large', LARGE)] });
		uploads.expectAllStored(rig(), result, [['/large', LARGE]]);
	});
});

describe('Upload Files, headers that are too long', () => {
	const settings = () => rig().cloud.dropbox.settings;
	const usual = { maxArgumentHeaderBytes: 8192, oversizedHeaderStatus: 431 } as const;

	afterEach(() => Object.assign(settings(), usual));

	it.each([400, 431] as const)(
		'with %i: it packs fewer files, and stays at that',
		async (status) => {
			Object.assign(settings(), { maxArgumentHeaderBytes: 3_000, oversizedHeaderStatus: status });
			const items = numbered(300, 100);
			const result = await upload(rig(), { items, options: { parallel: 2 } });
			expect(result.status).toBe('success');
			expect(uploads.storedFiles(rig()).size).toBe(items.length);
			const calls = rig().calls(APPEND_BATCH);
			const refused = calls.filter((call) => call.status === status).length;
			// 8,000 and 4,000 characters are too many: for two requests under way and one that is prepared.
			expect(refused).toBeLessThanOrEqual(9);
			expect(calls.length - refused).toBeLessThanOrEqual(30);
		},
	);

	it('fails when a single file has no room', async () => {
		Object.assign(settings(), { maxArgumentHeaderBytes: 100 });
		const result = await upload(rig(), { items: numbered(4, 10), ...carryOn });
		expect(errorsOf(result).map((error) => error?.stored)).toEqual(['no', 'no', 'no', 'no']);
		expect(rig().calls(APPEND_BATCH).length).toBeLessThanOrEqual(7);
	});
});
