/** A new version of a large file: only the parts that Box does not have are sent, whatever Box says about them. */
import type { BentHits } from '../../cloud/box/bentHits';
import { BENT_HITS } from '../../cloud/box/bentHits';
import { generateBuffer } from '../../engine';
import type { GeneratedContent, RunResult } from '../../engine/types';
import { latestRecord, withProcesses } from '../../support/processes';
import { SHORT_WAITS } from '../../support/rig';
import { useSourceServer } from '../../support/sourceServer';
import { until } from '../../support/until';
import { toBox } from '../source/uploads';
import type { Upload } from './uploads';
import {
	asVersionOf,
	carryOn,
	COMMIT,
	CREATE,
	CREATE_VERSION,
	errorsOf,
	failureOf,
	file,
	hintOf,
	jsonOf,
	SMALLER_MIB as MIB,
	offsetOf,
	openSessions,
	PUT_PART,
	sentPartBytes,
	sha1Of,
	startUpload,
	storedFiles,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox(SHORT_WAITS);
const source = useSourceServer();
const box = () => rig().cloud.box;
const calls = (route: string) => rig().calls(route).length;
const PLAN = 'POST /files/upload_sessions/:id/plan';

const PART = MIB;
const PARTS = 24;
const SIZE = PARTS * PART;
const BEFORE: GeneratedContent = { sizeBytes: SIZE, seed: 1 };
const BEFORE_BYTES = generateBuffer(BEFORE);
const OTHER: GeneratedContent = { sizeBytes: SIZE, seed: 2 };
/** Windows of four parts. */
const options = { memoryLimitMib: 8 };

/** Yesterday's file with another byte at the beginning of these parts. */
const changed = (...parts: number[]): GeneratedContent => ({
	...BEFORE,
	changedAt: parts.map((part) => part * PART),
});

const AFTER = changed(0, 9, 23);

/** The file as it was yesterday, whose parts Box knows. */
function putBefore(name = 'db.dump'): string {
	box().knowParts(BEFORE_BYTES);
	return box().putFile({ name, content: BEFORE_BYTES }).id;
}

const partsOf = (sequence = 0): number[] =>
	rig()
		.calls(PUT_PART)
		.filter((call) => call.sequence > sequence)
		.map((call) => offsetOf(call) / PART)
		.sort((a, b) => a - b);

async function newVersion(
	content: GeneratedContent,
	more: Partial<Upload> = {},
): Promise<RunResult> {
	const run = { ...asVersionOf(putBefore()), items: [file('db.dump', content)] };
	return await upload(rig(), { options, ...run, ...more });
}

function expectStored(result: RunResult, content: GeneratedContent, versions = 2): void {
	expect(result.error).toBeUndefined();
	expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(content), versions }]);
	expect(openSessions(rig())).toEqual([]);
}

beforeEach(() => {
	box().settings.partSizeBytes = PART;
});

describe('Upload File, a new version', () => {
	it('three changed parts: only these are sent, and the item says how much was not', async () => {
		const result = await newVersion(AFTER);
		expectStored(result, AFTER);
		expect(partsOf()).toEqual([0, 9, 23]);
		expect(jsonOf(result)).toMatchObject([{ bytes_not_sent: SIZE - 3 * PART }]);
		expect(hintOf(result)).toMatch(/^1 file uploaded \(1\.57 MB, 1\.38 MB of it already there\)/);
		// Of two parts first, then of four.
		expect(calls(PLAN)).toBe(1 + Math.ceil((PARTS - 2) / 4));
	});

	it('the first parts all changed: the others are still asked for', async () => {
		const content = changed(0, 1, 2);
		expectStored(await newVersion(content), content);
		expect(partsOf()).toEqual([0, 1, 2]);
	});

	it('from a link as well, which is read once', async () => {
		const url = source().put('/db.dump', { content: AFTER });
		const result = await toBox(rig(), {
			urls: [url],
			parameters: asVersionOf(putBefore()),
			options,
			stops: true,
		});
		expectStored(result, AFTER);
		expect(partsOf()).toEqual([0, 9, 23]);
		expect(source().sentBytes).toBe(SIZE);
	});

	it('nothing changed: no part is sent, and Skip Unchanged opens no session', async () => {
		const fileId = putBefore();
		const run = { ...asVersionOf(fileId), options, items: [file('db.dump', BEFORE)] };
		expect((await upload(rig(), { ...run, skipUnchanged: true })).status).toBe('success');
		expect([calls(CREATE_VERSION), calls(PLAN)]).toEqual([0, 0]);
		expectStored(await upload(rig(), run), BEFORE);
		expect(calls(PUT_PART)).toBe(0);
	});

	it('all changed: from the second question on only one part in nine is asked about', async () => {
		const result = await newVersion(OTHER);
		expectStored(result, OTHER);
		expect(calls(PUT_PART)).toBe(PARTS);
		expect(jsonOf(result)).toMatchObject([{ bytes_not_sent: 0 }]);
		// 2 and 4 parts, then twice 8 unasked and 1 asked about.
		expect(calls(PLAN)).toBe(4);
	});

	it('what follows a hit is asked for again', async () => {
		// Asked: 0-1, 2-5 and 14; then what has not gone out while that question was open, up to 8 parts.
		const content = changed(...Array.from({ length: 14 }, (_, index) => index));
		expectStored(await newVersion(content), content);
		expect(partsOf().slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, index) => index));
		expect(partsOf()).not.toContain(14);
		expect(partsOf()).not.toContain(PARTS - 1);
		expect(calls(PLAN)).toBeGreaterThanOrEqual(4);
	});

	it('Unchanged Since holds: what another client has stored since is not replaced', async () => {
		const fileId = putBefore();
		box().describeFile(fileId, 'changed');
		const result = await upload(rig(), {
			...asVersionOf(fileId),
			options: { ...options, ifMatch: '0' },
			items: [file('db.dump', AFTER)],
		});
		expect(failureOf(result)).toMatchObject({ path: 'precondition_failed', stored: 'no' });
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BEFORE), versions: 1 }]);
	});

	it('one part of memory: each is asked about alone', async () => {
		box().settings.partSizeBytes = 8 * MIB;
		expectStored(await newVersion(AFTER, { options: { memoryLimitMib: 4 } }), AFTER);
		expect([calls(PLAN), calls(PUT_PART)]).toEqual([3, 3]);
	});

	it('two runs at a time that share the memory: both end', async () => {
		const first = putBefore('first');
		const second = putBefore('second');
		const half = { memoryLimitMib: 4 };
		const results = await Promise.all(
			[first, second].map(async (fileId) => {
				const run = { ...asVersionOf(fileId), options: half, items: [file('db.dump', AFTER)] };
				return await (
					await startUpload(rig(), run)
				).finished;
			}),
		);
		expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(storedFiles(rig()).map(({ sha1 }) => sha1)).toEqual([sha1Of(AFTER), sha1Of(AFTER)]);
	});
});

describe('Skip Parts Box Has', () => {
	const renamed = { ifExists: 'rename', items: [file('db.dump', AFTER)] };

	it.each<[string, Partial<Upload>, number[]]>([
		['Automatic: a file whose name is taken', renamed, [0, 9, 23]],
		['Automatic: Upload New Version', { ...renamed, ifExists: 'version' }, [0, 9, 23]],
		['Automatic: a new name', { items: [file('new.dump', AFTER)] }, [...Array(PARTS).keys()]],
		[
			'Always: a new name',
			{ items: [file('new.dump', AFTER)], options: { ...options, skipParts: 'always' } },
			[0, 9, 23],
		],
		[
			'Never: a new version',
			{ ...renamed, ifExists: 'version', options: { skipParts: 'never' } },
			[...Array(PARTS).keys()],
		],
	])('%s', async (_, run, expected) => {
		putBefore();
		const result = await upload(rig(), { options, items: [], ...run });
		expect(result.error).toBeUndefined();
		expect(partsOf()).toEqual(expected);
		expect(storedFiles(rig()).map(({ sha1 }) => sha1)).toContain(sha1Of(AFTER));
	});

	it('Plan Only: the requests of a run of which Box has no part, with this said', async () => {
		const fileId = putBefore();
		await upload(rig(), { items: [file('other', OTHER)], options });
		await rig().cloud.idle();
		const run = { ...asVersionOf(fileId), items: [file('db.dump', OTHER)] };
		for (const skipParts of ['auto', 'never']) {
			// Parts of this size are known to the account, those of the file are not.
			box().settings.knownPartsBytes = 0;
			const planned = await upload(rig(), {
				...run,
				options: { ...options, skipParts, planOnly: true },
			});
			const { requests, requestsAssume } = jsonOf(planned)[0]?.run as Record<string, unknown>;
			const seen = rig().cloud.log.length;
			const content = { sizeBytes: SIZE, seed: 3 };
			const done = await upload(rig(), {
				...run,
				items: [file('db.dump', content)],
				options: { ...options, skipParts },
			});
			expect(done.error).toBeUndefined();
			expect([skipParts, requests]).toEqual([skipParts, rig().cloud.log.length - seen]);
			expect(requestsAssume).toBe(
				skipParts === 'auto' ? 'that Box has none of the parts' : undefined,
			);
		}
	});

	it('a report and a simplified item say it too', async () => {
		const run = { ...asVersionOf(putBefore()), items: [file('db.dump', AFTER)] };
		const result = await rig().box({
			resource: 'file',
			operation: 'upload',
			parameters: { ...asVersionOf(run.fileId), simplify: true },
			options: { ...options, output: 'filesAndReport' },
			items: run.items,
		});
		const notSent = SIZE - 3 * PART;
		expect(jsonOf(result)).toMatchObject([
			{ status: 'uploaded', bytes_not_sent: notSent },
			{ report: { bytesStored: SIZE, bytesNotSent: notSent } },
		]);
	});
});

describe('Upload File, resumed', () => {
	const run = (fileId: string) => ({
		...asVersionOf(fileId),
		options,
		items: [file('db.dump', AFTER)],
	});

	it.each([false, true])(
		'hits are not sent by the next run; listed by Box: %s',
		async (listsHits) => {
			box().settings.listsHits = listsHits;
			const fileId = putBefore();
			const mend = rig().cloud.faults.add({
				route: PUT_PART,
				skip: 1,
				times: Infinity,
				action: { kind: 'resetBefore' },
			});
			const broken = await upload(rig(), {
				...run(fileId),
				options: { ...options, maxRetries: 0 },
				...carryOn,
			});
			mend();
			expect(errorsOf(broken)[0]).toMatchObject({ retryable: true });
			const before = rig().cloud.log.at(-1)?.sequence;
			const result = await upload(rig(), run(fileId));
			expectStored(result, AFTER);
			expect(partsOf(before)).toEqual([9, 23]);
			expect(calls(CREATE_VERSION)).toBe(1);
		},
	);

	it('canceled in the middle: what was sent and what Box had stays there', async () => {
		const fileId = putBefore();
		rig().cloud.faults.add({
			route: PUT_PART,
			skip: 1,
			action: { kind: 'delay', delayMs: 2_000 },
		});
		const handle = await startUpload(rig(), run(fileId));
		await until(() => rig().cloud.counters().faultsStruck.delay === 1);
		await handle.cancel();
		await handle.finished;
		rig().cloud.faults.clear();
		const before = rig().cloud.log.at(-1)?.sequence;
		expectStored(await upload(rig(), run(fileId)), AFTER);
		expect(partsOf(before).filter((part) => ![9, 23].includes(part))).toEqual([]);
		expect(calls(CREATE_VERSION)).toBe(1);
	});

	it('killed in the middle: another process sends neither what was sent nor what Box had', async () => {
		const fileId = putBefore();
		await withProcesses(rig(), async ({ hang, kill, resumeFolder, start, checkpoints }) => {
			const noted = { ...run(fileId), options: { ...options, resumeFolder } };
			const first = await start();
			await first.connectBox();
			rig().cloud.faults.add({
				route: PUT_PART,
				skip: 1,
				action: hang,
			});
			const handle = await startUpload(first, noted);
			handle.finished.catch(() => {});
			await until(() => rig().cloud.counters().faultsStruck.unanswered === 1);
			await kill(first);

			const before = rig().cloud.log.at(-1)?.sequence;
			const second = await start();
			await second.connectBox();
			expectStored(await upload(second, noted), AFTER);
			expect(partsOf(before).filter((part) => ![9, 23].includes(part))).toEqual([]);
			expect(calls(CREATE_VERSION)).toBe(1);
			expect(latestRecord(checkpoints())).toBeNull();
		});
	}, 120_000);

	it('a link that starts over: what Box had is not sent then, either', async () => {
		const url = source().put('/db.dump', { content: AFTER, ranges: false, cuts: [12 * MIB] });
		const result = await toBox(rig(), {
			urls: [url],
			parameters: asVersionOf(putBefore()),
			options,
			stops: true,
		});
		expectStored(result, AFTER);
		expect(partsOf()).toEqual([0, 9, 23]);
	});
});

describe('a Box that does not do what it documents', () => {
	const atMostTwice = (): void => expect(sentPartBytes(rig())).toBeLessThanOrEqual(2 * SIZE);

	it('no such call, and no address of it: all is sent, and the next run does not ask', async () => {
		box().settings.plans = false;
		const fileId = putBefore();
		const run = { ...asVersionOf(fileId), options };
		expectStored(await upload(rig(), { ...run, items: [file('db.dump', AFTER)] }), AFTER);
		expect([calls(PLAN), calls(PUT_PART)]).toEqual([1, PARTS]);
		expectStored(await upload(rig(), { ...run, items: [file('db.dump', OTHER)] }), OTHER, 3);
		expect(calls(PLAN)).toBe(1);
		// Another account may have it.
		await rig().connectBox();
		expectStored(await upload(rig(), { ...run, items: [file('db.dump', AFTER)] }), AFTER, 4);
		expect(calls(PLAN)).toBe(2);
	});

	it.each([
		[400, 'bad_request', 1],
		[403, 'forbidden', 1],
		[404, 'not_found', 1],
		[405, 'method_not_allowed', 1],
		[500, 'internal_server_error', 3],
	])('%d %s: all is sent', async (status, code, asked) => {
		const body = JSON.stringify({ type: 'error', status, code, message: 'no', request_id: 'a' });
		rig().cloud.faults.add({
			route: PLAN,
			times: Infinity,
			action: { kind: 'reply', status, body },
		});
		expectStored(await newVersion(OTHER), OTHER);
		expect(calls(PUT_PART)).toBe(PARTS);
		expect(calls(PLAN)).toBe(asked);
	});

	it('an answer that is lost each time, or is none: all is sent', async () => {
		for (const action of [
			{ kind: 'resetBefore' },
			{ kind: 'replyAfter', status: 200, body: '{"hits":{}}' },
			{ kind: 'replyAfter', status: 200, body: '<html>' },
		] as const) {
			await rig().reset();
			box().settings.partSizeBytes = PART;
			rig().cloud.faults.add({ route: PLAN, times: Infinity, action });
			expectStored(await newVersion(AFTER), AFTER);
			expect(calls(PUT_PART)).toBe(PARTS);
		}
	});

	it('a lost answer is asked for again', async () => {
		rig().cloud.faults.add({ route: PLAN, action: { kind: 'loseReply' } });
		expectStored(await newVersion(AFTER), AFTER);
		expect(partsOf()).toEqual([0, 9, 23]);
	});

	it('an address that is not of Box: nothing goes there, and all is sent', async () => {
		box().settings.bentSession = {};
		rig().cloud.faults.add({
			route: CREATE_VERSION,
			action: {
				kind: 'changeReply',
				change: (reply) => {
					const body = reply.body
						.toString()
						.replace(/"plan":"[^"]*"/, '"plan":"https://evil.example/"');
					return { ...reply, headers: {}, body: Buffer.from(body) };
				},
			},
		});
		expectStored(await newVersion(AFTER), AFTER);
		expect([calls(PLAN), calls(PUT_PART)]).toEqual([0, PARTS]);
		expect(rig().cloud.log.filter(({ host }) => host.includes('evil'))).toEqual([]);
	});

	it.each(Object.keys(BENT_HITS) as BentHits[])('hits with %s: stored right', async (bent) => {
		box().settings.bentHits = bent;
		expectStored(await newVersion(AFTER), AFTER);
		atMostTwice();
		// Unknown IDs show at the commit only.
		expect(calls(CREATE_VERSION)).toBe(bent === 'unknown IDs' ? 2 : 1);
	});

	it('hits that are gone at the commit: the file is read again, once, and sent whole', async () => {
		box().settings.vanishingHits = 1;
		const url = source().put('/db.dump', { content: AFTER });
		const result = await toBox(rig(), {
			urls: [url],
			parameters: asVersionOf(putBefore()),
			options,
			stops: true,
		});
		expectStored(result, AFTER);
		atMostTwice();
		expect(source().sentBytes).toBeLessThanOrEqual(2 * SIZE);
		expect(jsonOf(result)[0]?.bytes_not_sent).toBe(0);
		expect(partsOf()).toHaveLength(PARTS + 3);
	});

	it.each([
		['parts_mismatch', 400],
		['digest_mismatch', 400],
		['bad_request', 400],
		['some_new_code', 400],
		['not_found', 404],
	])(
		'hits that the commit refuses with %s: all is sent, and none is asked for an hour',
		async (code, status) => {
			const withHits = Infinity;
			const mend = rig().cloud.faults.add({
				route: COMMIT,
				times: withHits,
				when: () => box().sessions().length === 1,
				action: { kind: 'reply', status, body: JSON.stringify({ code, message: 'no' }) },
			});
			const fileId = putBefore();
			const run = { ...asVersionOf(fileId), options };
			expectStored(await upload(rig(), { ...run, items: [file('db.dump', AFTER)] }), AFTER);
			mend();
			atMostTwice();
			const asked = calls(PLAN);
			expectStored(await upload(rig(), { ...run, items: [file('db.dump', OTHER)] }), OTHER, 3);
			expect(calls(PLAN)).toBe(asked);
		},
	);

	it('hits with other bytes than Box says: the digest of the file shows it', async () => {
		box().settings.spoiltHits = 1;
		expectStored(await newVersion(AFTER), AFTER);
		atMostTwice();
		expect(calls(CREATE_VERSION)).toBe(2);
	});

	it('a commit that fails with 500 while there are hits: the next run sends them', async () => {
		const fileId = putBefore();
		const mend = rig().cloud.faults.add({
			route: COMMIT,
			times: Infinity,
			action: { kind: 'reply', status: 500, body: '{"code":"internal_server_error"}' },
		});
		const run = { ...asVersionOf(fileId), items: [file('db.dump', AFTER)] };
		const broken = await upload(rig(), {
			...run,
			options: { ...options, maxRetries: 1 },
			...carryOn,
		});
		mend();
		expect(errorsOf(broken)[0]).toMatchObject({ stored: 'no' });
		expectStored(await upload(rig(), { ...run, options }), AFTER);
		expect(partsOf()).toEqual([...Array(PARTS).keys()]);
		expect([calls(CREATE_VERSION), calls(CREATE)]).toEqual([1, 0]);
	});

	it('a session that is lost while it is asked: the next one asks anew', async () => {
		rig().cloud.faults.add({
			route: PLAN,
			skip: 2,
			action: { kind: 'before', run: () => box().loseSession(openSessions(rig())[0]!) },
		});
		expectStored(await newVersion(AFTER), AFTER);
		atMostTwice();
		expect(calls(CREATE_VERSION)).toBe(2);
	});
});
