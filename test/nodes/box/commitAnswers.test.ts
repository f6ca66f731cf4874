/** A commit that takes its time, and one whose answer does not come. */
import { setTimeout as sleep } from 'node:timers/promises';

import {
	COMMIT,
	commitOf,
	failureOf,
	filledSession,
	LIST_PARTS,
	onlyJson,
	openSession,
	putParts,
	sha1,
	text,
	useBox,
} from './steps';

const rig = useBox();
const files = () => rig().cloud.box.files();
const storedText = { name: 'report.txt', size: 24, sha1: sha1(text, 'hex') };
const commits = () => rig().cloud.log.filter(({ route }) => route === COMMIT);

describe('while Box is at work on the parts', () => {
	test('the same commit is sent again, never sooner than Box asks for', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 5, retryAfterSec: 1 });
		const sessionId = await filledSession(rig());
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([storedText]);
		expect(commits().map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 201]);
		const pausesMs = commits()
			.slice(1)
			.map(({ startedAtMs }, index) => startedAtMs - (commits()[index]?.endedAtMs ?? 0));
		expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(990);
	});

	test('a Retry-After of 0 does not make the node ask without a pause', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 2, retryAfterSec: 0 });
		const sessionId = await filledSession(rig());
		onlyJson(await rig().box(commitOf(sessionId)));
		const [first, second] = commits();
		expect((second?.startedAtMs ?? 0) - (first?.endedAtMs ?? 0)).toBeGreaterThanOrEqual(990);
	});

	test('the wait ends at its limit, and the session can be committed later', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 3, retryAfterSec: 60 });
		const sessionId = await filledSession(rig());
		const result = await rig().box(commitOf(sessionId, { deadlineMinutes: 0.02 }));
		expect(failureOf(result)).toMatchObject({
			path: 'commit/processing',
			retryable: true,
			stored: 'unknown',
			resume: { sessionId },
		});
		// The last question falls on the limit itself.
		expect(commits()).toHaveLength(2);
		expect(result.durationMs).toBeLessThan(5_000);

		rig().cloud.box.settings.retryAfterSec = 1;
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([storedText]);
	});

	test('a limit of 0 asks once', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 3, retryAfterSec: 60 });
		const sessionId = await filledSession(rig());
		const failure = failureOf(await rig().box(commitOf(sessionId, { deadlineMinutes: 0.0001 })));
		expect(failure.path).toBe('commit/processing');
		expect(commits()).toHaveLength(1);
	});

	test('a cancel is heard within a second', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 1, retryAfterSec: 60 });
		const sessionId = await filledSession(rig());
		const answered = new Promise<void>((resolve) => {
			rig().cloud.faults.add({ route: COMMIT, action: { kind: 'before', run: resolve } });
		});
		const { cancel, finished } = await rig().startBox(commitOf(sessionId));
		await answered;
		await rig().cloud.idle();
		const cancelledAtMs = Date.now();
		await cancel();
		const { status } = await finished;
		expect(Date.now() - cancelledAtMs).toBeLessThan(1_000);
		expect(status).toBe('canceled');
		expect(rig().cloud.box.sessions()).toMatchObject([{ id: sessionId, state: 'open' }]);

		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([storedText]);
	});
});

describe("a list of parts that Box doesn't agree with", () => {
	test('is sent again, as Box may not have caught up with the last part', async () => {
		rig().cloud.box.settings.partsMismatchTimes = 2;
		const sessionId = await filledSession(rig());
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(commits().map(({ status }) => status)).toEqual([400, 400, 201]);
		expect(files()).toMatchObject([storedText]);
	});

	test('is read again from Box, as the list itself may have come too early', async () => {
		const sessionId = await openSession(rig());
		const early = (await putParts(rig(), sessionId, text, [0, 10])).map(({ part }) => part);
		await putParts(rig(), sessionId, text, [20]);
		rig().cloud.faults.add({
			route: LIST_PARTS,
			action: {
				kind: 'reply',
				status: 200,
				body: JSON.stringify({ entries: early, offset: 0, limit: 1000, total_count: 2, order: [] }),
			},
		});
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([storedText]);
	});

	test('is a readable failure when it stays wrong', async () => {
		const sessionId = await openSession(rig());
		const [first, second] = await putParts(rig(), sessionId);
		const partsJson = JSON.stringify([first?.part, second?.part]);
		const failure = failureOf(
			await rig().box(commitOf(sessionId, { partsFrom: 'json', partsJson, maxRetries: 1 })),
		);
		expect(failure).toMatchObject({
			path: 'parts_mismatch',
			message: "The committed parts aren't the parts that Box has",
			stored: 'no',
		});
		expect(failure.description).toContain('2 parts listed, 3 of 3 uploaded');
		expect(commits()).toHaveLength(2);
		expect(files()).toEqual([]);
	});

	test('is a readable failure when a part has not been uploaded', async () => {
		const sessionId = await openSession(rig());
		await putParts(rig(), sessionId, text, [0, 10]);
		const failure = failureOf(await rig().box(commitOf(sessionId, { maxRetries: 1 })));
		expect(failure.path).toBe('parts_mismatch');
		expect(failure.description).toContain('Check that every part was uploaded');
	});
});

describe('a commit whose answer is lost', () => {
	test('before Box had it is sent again, and stores the file once', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'resetBefore' } });
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([{ ...storedText, versions: 1 }]);
	});

	test('after Box had it is never called a failure that stored nothing', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'loseReply' } });
		const failure = failureOf(await rig().box(commitOf(sessionId)));
		expect(failure).toMatchObject({
			path: 'outcome_unknown',
			stored: 'unknown',
			retryable: false,
			resume: { sessionId },
		});
		expect(failure.description).toContain('Look into the folder in Box');
		expect(files()).toMatchObject([{ ...storedText, versions: 1 }]);
	});

	test('while Box is at work is sent again until it is done', async () => {
		Object.assign(rig().cloud.box.settings, { commit202: 2, retryAfterSec: 1 });
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'loseReply' } });
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(files()).toMatchObject([{ ...storedText, versions: 1 }]);
	});

	test('again and again ends as unknown', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: COMMIT, times: Infinity, action: { kind: 'resetBefore' } });
		const failure = failureOf(await rig().box(commitOf(sessionId, { maxRetries: 1 })));
		expect(failure).toMatchObject({ path: 'network/answer_lost', stored: 'unknown' });
		expect(commits()).toHaveLength(2);
	});

	test('by a cancel may be stored', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'slowReply', bytesPerSecond: 100 } });
		const run = commitOf(sessionId, {}, { onError: 'continueRegularOutput' });
		const { cancel, finished } = await rig().startBox(run);
		while (files().length === 0) await sleep(10);
		await cancel();
		const { status, outputs } = await finished;
		expect(status).toBe('canceled');
		expect(outputs[0]).toMatchObject([
			{ json: { error: { path: 'canceled', stored: 'unknown' } } },
		]);
	});
});
