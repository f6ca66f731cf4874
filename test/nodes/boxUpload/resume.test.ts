/** A broken upload goes on where it broke off: only parts that Box lacks are sent. */
import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../../cloud';
import { generateBuffer } from '../../engine';
import type { RunResult } from '../../engine/types';
import { latestRecord, withProcesses } from '../../support/processes';
import { until } from '../../support/until';
import { putParts } from '../box/steps';
import type { Content, Upload } from './uploads';
import {
	asVersionOf,
	ABORT,
	COMMIT,
	CREATE,
	GET_SESSION,
	LIST_PARTS,
	slowIt,
	SMALLER_LARGE as LARGE,
	SMALLER_MIB as MIB,
	PUT_PART,
	byPath,
	carryOn,
	errorsOf,
	file,
	offsetOf,
	openSessions,
	sentPartBytes,
	sha1Of,
	startUpload,
	storedFiles,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox();
const box = () => rig().cloud.box;
const add = (fault: Fault) => rig().cloud.faults.add(fault);
const calls = (route: string) => rig().calls(route).length;

const PART = 2 * MIB;
const PARALLEL = 2;
const SIZE = 32 * MIB;
const AT_HALF = 8;
const FILE = { sizeBytes: SIZE, seed: 32 };
const options = { parallel: PARALLEL, maxRetries: 0 };

beforeEach(() => {
	box().settings.partSizeBytes = PART;
});

/** The network is gone once so many parts are at Box; it is back for the next run. */
async function uploadUntilBreak(run: Upload, parts: number): Promise<RunResult> {
	const mend = add({
		route: PUT_PART,
		skip: parts,
		times: Infinity,
		action: { kind: 'resetBefore' },
	});
	try {
		return await upload(rig(), { ...run, ...carryOn });
	} finally {
		mend();
	}
}

function expectStoredWithFewSentTwice(content: Content = FILE): void {
	expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(content), versions: 1 }]);
	expect(sentPartBytes(rig())).toBeLessThanOrEqual(SIZE + PARALLEL * PART);
	expect(calls(CREATE)).toBe(1);
	expect(openSessions(rig())).toEqual([]);
}

describe('Upload File, after a break at half', () => {
	const run = { options, items: [file('big', FILE)] };

	it('Retry On Fail sends only what is missing', async () => {
		add({ route: PUT_PART, skip: AT_HALF, action: { kind: 'resetBefore' } });
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		expect((await upload(rig(), { ...run, node })).status).toBe('success');
		expectStoredWithFewSentTwice();
	});

	it('the next execution sends only what is missing', async () => {
		const broken = await uploadUntilBreak(run, AT_HALF);
		expect(errorsOf(broken)[0]).toMatchObject({
			stored: 'no',
			retryable: true,
			resume: { sessionId: openSessions(rig())[0] },
		});
		const listed = calls(LIST_PARTS);
		expect((await upload(rig(), run)).status).toBe('success');
		expectStoredWithFewSentTwice();
		expect([calls(GET_SESSION), calls(LIST_PARTS) - listed]).toEqual([1, 1]);
	});

	it('parts beyond a gap are found, and not sent again', async () => {
		await uploadUntilBreak(run, AT_HALF);
		const [sessionId] = openSessions(rig());
		const beyond = [SIZE - PART, SIZE - 3 * PART];
		await putParts(rig(), sessionId!, generateBuffer(FILE), beyond);
		const sent = calls(PUT_PART);
		expect((await upload(rig(), run)).status).toBe('success');
		const offsets = rig().calls(PUT_PART).slice(sent).map(offsetOf);
		expect(offsets).toHaveLength(SIZE / PART - AT_HALF - beyond.length);
		for (const offset of beyond) expect(offsets).not.toContain(offset);
		expectStoredWithFewSentTwice();
	});

	it('error.resume goes on, when it is given as Resume Failed Item', async () => {
		const broken = await uploadUntilBreak(run, AT_HALF);
		const resume = errorsOf(broken)[0]?.resume as IDataObject;
		// Another execution in between has made the process forget: a new credential has no notes.
		await rig().connectBox();
		const result = await upload(rig(), {
			options: { ...options, resumeFrom: '={{ $json.resume }}' },
			items: [file('big', FILE, { resume })],
		});
		expect(result.status).toBe('success');
		expectStoredWithFewSentTwice();
	});

	it('another process goes on after SIGKILL, with Resume Folder', async () => {
		await withProcesses(rig(), async ({ hang, kill, resumeFolder, start, checkpoints }) => {
			const noted = { ...run, options: { ...options, resumeFolder } };
			const first = await start();
			await first.connectBox();
			add({
				route: PUT_PART,
				skip: AT_HALF,
				times: Infinity,
				action: hang,
			});
			const handle = await startUpload(first, noted);
			handle.finished.catch(() => {});
			await until(() => rig().cloud.counters().faultsStruck.unanswered === PARALLEL);
			await kill(first);

			const second = await start();
			await second.connectBox();
			expect((await upload(second, noted)).status).toBe('success');
			expectStoredWithFewSentTwice();

			expect(checkpoints()).toHaveLength(2);
			const { tokens } = await second.connectBox();
			expect(checkpoints().join()).not.toContain(tokens.accessToken);
			expect(latestRecord(checkpoints())).toBeNull();
		});
	}, 120_000);

	it('into a path, and as a new version', async () => {
		const { id } = box().putFile({ name: 'old', content: 'before' });
		for (const more of [{ parentFolderId: byPath('/New') }, asVersionOf(id)]) {
			const before = sentPartBytes(rig());
			await uploadUntilBreak({ ...run, ...more }, AT_HALF);
			expect((await upload(rig(), { ...run, ...more })).status).toBe('success');
			expect(sentPartBytes(rig()) - before).toBeLessThanOrEqual(SIZE + PARALLEL * PART);
		}
		expect(storedFiles(rig()).map(({ sha1 }) => sha1)).toEqual([sha1Of(FILE), sha1Of(FILE)]);
		expect(openSessions(rig())).toEqual([]);
	});
});

describe('Upload File, what a later try finds', () => {
	const run = (content: Content, more = {}) => ({
		options,
		items: [file('big', content)],
		...more,
	});
	const OTHER: Content = { sizeBytes: SIZE, seed: 33 };

	it('another file of the same size: it is sent whole, and the old session is given up', async () => {
		await uploadUntilBreak(run(FILE), AT_HALF);
		expect((await upload(rig(), run(OTHER))).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(OTHER), versions: 1 }]);
		expect(
			box()
				.sessions()
				.map(({ state }) => state),
		).toEqual(['aborted', 'committed']);
	});

	it('a file whose end has changed: what is still the same is not sent again', async () => {
		const before = Buffer.alloc(24 * MIB, 'same');
		const after = Buffer.from(before);
		after[after.length - 1] = 0;
		await uploadUntilBreak(run(before), 6);
		const sent = calls(PUT_PART);
		expect((await upload(rig(), run(after))).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(after) }]);
		expect(calls(PUT_PART) - sent).toBeLessThanOrEqual(6);
	});

	it('a refused commit: only the commit is made again', async () => {
		add({
			route: COMMIT,
			action: { kind: 'reply', status: 403, body: '{"code":"storage_limit_exceeded"}' },
		});
		const refused = await upload(rig(), { ...run(FILE), ...carryOn });
		expect(errorsOf(refused)[0]).toMatchObject({ path: 'storage_limit_exceeded' });
		const sent = calls(PUT_PART);
		expect((await upload(rig(), run(FILE))).status).toBe('success');
		expect(calls(PUT_PART)).toBe(sent);
		expectStoredWithFewSentTwice();
	});

	it.each([
		['not found', (id: string) => box().loseSession(id)],
		['expired', (id: string) => box().expireSession(id)],
	])('a session that is %p: the file is sent whole', async (_, lose) => {
		await uploadUntilBreak(run(FILE), AT_HALF);
		lose(openSessions(rig())[0]!);
		expect((await upload(rig(), run(FILE))).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(FILE), versions: 1 }]);
		expect(calls(CREATE)).toBe(2);
	});

	it('no network yet: nothing is forgotten, and the third try goes on', async () => {
		await uploadUntilBreak(run(FILE), AT_HALF);
		for (const route of [GET_SESSION, LIST_PARTS]) {
			const mend = add({ route, times: Infinity, action: { kind: 'resetBefore' } });
			const again = await upload(rig(), { ...run(FILE), ...carryOn });
			expect(errorsOf(again)[0]).toMatchObject({ retryable: true });
			expect(errorsOf(again)[0]?.resume).toMatchObject({ sessionId: openSessions(rig())[0] });
			mend();
		}
		expect(calls(ABORT)).toBe(0);
		expect((await upload(rig(), run(FILE))).status).toBe('success');
		expectStoredWithFewSentTwice();
	});

	it('with Resume off nothing is left to go on with', async () => {
		const off = { options: { ...options, resume: false } };
		await uploadUntilBreak(run(FILE, off), AT_HALF);
		expect(
			box()
				.sessions()
				.map(({ state }) => state),
		).toEqual(['aborted']);
		expect((await upload(rig(), run(FILE, off))).status).toBe('success');
		expect(calls(CREATE)).toBe(2);
	});

	it('a record that does not fit: it costs time only, and takes no session of others', async () => {
		const broken = await uploadUntilBreak(run(FILE), 2);
		const record = errorsOf(broken)[0]!.resume!;
		const theirs = openSessions(rig());
		const misfits: IDataObject[] = [
			{ ...record, sessionId: '0123456789ABCDEF0123456789ABCDEF' },
			{ ...record, sessionId: 'no ID at all' },
			{ ...record, partSizeBytes: 8 * MIB },
			{ ...record, target: undefined },
			{ ...record, target: 'folder 0/elsewhere' },
			{ sessionId: 'of a small file' },
		];
		for (const [index, resumeFrom] of misfits.entries()) {
			const fileName = `misfit ${index}`;
			const place = { target: `folder 0/${fileName}` };
			const given = index < 3 ? { ...resumeFrom, ...place } : resumeFrom;
			const result = await upload(rig(), {
				fileName,
				options: { ...options, resumeFrom: JSON.stringify(given) },
				items: [file('big', { sizeBytes: 20 * MIB, seed: index })],
			});
			expect([index, result.status]).toEqual([index, 'success']);
		}
		expect(storedFiles(rig()).map(({ sha1 }) => sha1)).toEqual(
			misfits.map((_, seed) => sha1Of({ sizeBytes: 20 * MIB, seed })),
		);
		expect(openSessions(rig())).toEqual(theirs);
	}, 120_000);

	it('says what is wrong with Resume Failed Item when it is no such thing', async () => {
		const result = await upload(rig(), {
			options: { resumeFrom: '{"some": "thing"}' },
			items: [file('a', 'x')],
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('input/resumeFrom');
	});

	it('two items with one place do not share a session', async () => {
		const result = await upload(rig(), {
			ifExists: 'rename',
			options,
			items: [file('big', FILE), file('big', OTHER)],
		});
		expect(result.status).toBe('success');
		expect(storedFiles(rig()).map(({ path, sha1 }) => [path, sha1])).toEqual([
			['/big', sha1Of(FILE)],
			['/big (1)', sha1Of(OTHER)],
		]);
	});
});

describe('a session whose parts do not stand on one page', () => {
	async function expectListed(pagesOf: number, partBytes: number, sent: number): Promise<void> {
		Object.assign(box().settings, { partSizeBytes: partBytes, partsPage: pagesOf });
		const content: Content = { sizeBytes: LARGE, seed: 5 };
		const parts = Math.ceil(LARGE / partBytes);
		const many = { options: { ...options, parallel: 16 }, items: [file('many', content)] };
		await uploadUntilBreak(many, sent);
		const [sentBefore, listed] = [calls(PUT_PART), calls(LIST_PARTS)];
		expect((await upload(rig(), many)).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(content), versions: 1 }]);
		expect(calls(LIST_PARTS) - listed).toBe(Math.ceil(sent / pagesOf));
		expect(calls(PUT_PART) - sentBefore).toBe(parts - sent);
	}

	it('is listed page by page when it goes on, and committed whole', async () => {
		await expectListed(25, 16 * 1_024, 60);
	});

	slowIt(
		'also with more than 1,000 parts',
		async () => {
			await expectListed(1_000, 1_024, 1_150);
		},
		120_000,
	);
});
