/** What can go wrong beyond a broken connection: at the parts, at the commit, with the session. */
import type { FaultAction } from '../../cloud';
import { SHORT_WAITS } from '../../support/rig';
import type { Content } from './uploads';
import {
	ABORT,
	CHECK,
	COMMIT,
	CREATE,
	DIRECT,
	GET_FOLDER,
	SMALLER_LARGE as LARGE,
	LIST_PARTS,
	SMALLER_MIB as MIB,
	PUT_PART,
	carryOn,
	errorsOf,
	failureOf,
	file,
	hintOf,
	offsetOf,
	openSessions,
	sha1Of,
	storedFiles,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox(SHORT_WAITS);
const box = () => rig().cloud.box;
const calls = (route: string) => rig().calls(route).length;

const SMALL: Content = { sizeBytes: 100_000, seed: 1 };
/** Three parts. */
const BIG: Content = { sizeBytes: 20 * MIB, seed: 2 };

describe('the answer to opening a session is lost', () => {
	it('the open one is used, where Box names it', async () => {
		box().settings.sessionConflicts = true;
		rig().cloud.faults.add({ route: CREATE, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(box().sessions()).toMatchObject([{ state: 'committed' }]);
	});

	it('otherwise the output says that one may be left', async () => {
		rig().cloud.faults.add({ route: CREATE, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(openSessions(rig())).toHaveLength(1);
		expect(hintOf(result)).toContain('a: a response from Box was lost.');
	});
});

describe('a lost answer to a part', () => {
	it('is settled by the list: no byte is sent twice', async () => {
		rig().cloud.faults.add({ route: PUT_PART, times: 2, action: { kind: 'loseReply' } });
		expect((await upload(rig(), { items: [file('a', BIG)] })).error).toBeUndefined();
		expect(
			rig()
				.calls(PUT_PART)
				.map(offsetOf)
				.sort((a, b) => a - b),
		).toEqual([0, 8 * MIB, 16 * MIB]);
		expect(calls(LIST_PARTS)).toBe(2);
	});
});

describe('bytes that changed on the way', () => {
	const badDigest: FaultAction = {
		kind: 'reply',
		status: 400,
		body: JSON.stringify({ type: 'error', status: 400, code: 'bad_digest', message: 'Bad digest' }),
	};

	it.each([
		['a small file', DIRECT, SMALL, 2],
		['a part', PUT_PART, BIG, 4],
	])('%s is sent again', async (_, route, content, sent) => {
		rig().cloud.faults.add({ route, action: badDigest });
		expect((await upload(rig(), { items: [file('a', content)] })).error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(content), versions: 1 }]);
		expect(calls(route)).toBe(sent);
	});

	it('told at the commit: the file is sent again in a new session', async () => {
		rig().cloud.faults.add({ route: COMMIT, action: badDigest });
		expect((await upload(rig(), { items: [file('a', BIG)] })).error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
		expect(
			box()
				.sessions()
				.map(({ state }) => state),
		).toEqual(['aborted', 'committed']);
	});

	it('told at every commit: fails, and leaves no session', async () => {
		rig().cloud.faults.add({ route: COMMIT, times: Infinity, action: badDigest });
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(failureOf(result)).toMatchObject({ path: 'bad_digest', stored: 'no' });
		expect(openSessions(rig())).toEqual([]);
	});

	it('found in what was stored: the item fails and says that it is stored', async () => {
		const entry = { type: 'file', id: '1', name: 'a', size: 1, sha1: '0'.repeat(40), etag: '0' };
		rig().cloud.faults.add({
			route: DIRECT,
			action: {
				kind: 'reply',
				status: 201,
				body: JSON.stringify({ total_count: 1, entries: [entry] }),
			},
		});
		const result = await upload(rig(), { items: [file('a', SMALL)] });
		expect(failureOf(result)).toMatchObject({ path: 'verify/sha1', stored: 'yes' });
	});
});

describe('a commit that Box is not ready for', () => {
	it('202 five times', async () => {
		box().settings.commit202 = 5;
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
		expect(
			rig()
				.calls(COMMIT)
				.map(({ status }) => status),
		).toEqual([202, 202, 202, 202, 202, 201]);
	});

	it('parts_mismatch twice', async () => {
		box().settings.partsMismatchTimes = 2;
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(
			rig()
				.calls(COMMIT)
				.map(({ status }) => status),
		).toEqual([400, 400, 201]);
	});

	it.each([DIRECT, CREATE, COMMIT])('operation_blocked_temporary at %s', async (route) => {
		rig().cloud.faults.add({
			route,
			times: 2,
			action: {
				kind: 'reply',
				status: 409,
				body: JSON.stringify({ type: 'error', status: 409, code: 'operation_blocked_temporary' }),
			},
		});
		const result = await upload(rig(), { items: [file('a', route === DIRECT ? SMALL : BIG)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toHaveLength(1);
		expect(calls(route)).toBe(3);
	});

	it.each([
		[0, DIRECT],
		[2, DIRECT],
		[0, PUT_PART],
		[2, PUT_PART],
		[2, COMMIT],
	])('with Max Retries %i it says how often it has tried: %s', async (maxRetries, route) => {
		rig().cloud.faults.add({ route, times: Infinity, action: { kind: 'resetBefore' } });
		const items = [file('a', route === DIRECT ? SMALL : BIG)];
		const options = { maxRetries, parallel: 1 };
		const [error] = errorsOf(await upload(rig(), { options, items, ...carryOn }));
		const said = /The node has tried (\d+) times/.exec(error!.description)?.[1];
		expect(calls(route)).toBe(maxRetries + 1);
		expect(said).toBe(maxRetries > 0 ? String(maxRetries + 1) : undefined);
	});

	it('still 202 when the time is over: says so, and keeps the session', async () => {
		box().settings.commit202 = Infinity;
		const run = { options: { deadlineMinutes: 0.02, maxRetries: 0 }, items: [file('a', BIG)] };
		const result = await upload(rig(), { ...run, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'commit/processing',
			retryable: true,
			stored: 'unknown',
			resume: { sessionId: openSessions(rig())[0] },
		});
	});
});

describe('a session that is gone', () => {
	const gone: Record<string, (id: string) => void> = {
		'not found': (id) => box().loseSession(id),
		expired: (id) => box().expireSession(id),
		'failed at Box': (id) => box().failSession(id),
	};
	const moments: Array<[string, string, number]> = [
		['at its first part', PUT_PART, 0],
		['at its last part', PUT_PART, 2],
		['at its commit', COMMIT, 0],
	];

	it.each(Object.keys(gone).flatMap((how) => moments.map((when) => [how, ...when] as const)))(
		'%s, %s: the file is sent in a new one',
		async (how, _, route, skip) => {
			rig().cloud.faults.add({
				route,
				skip,
				action: { kind: 'before', run: () => gone[how]!(openSessions(rig())[0]!) },
			});
			const result = await upload(rig(), { options: { parallel: 1 }, items: [file('a', BIG)] });
			expect(result.error).toBeUndefined();
			expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
			expect(calls(CREATE)).toBe(2);
		},
	);

	it('again and again: the file goes in one request, and the next one in a session', async () => {
		rig().cloud.faults.add({
			route: PUT_PART,
			times: Infinity,
			action: { kind: 'before', run: () => box().loseSession(openSessions(rig())[0]!) },
		});
		const result = await upload(rig(), { options: { parallel: 1 }, items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
		expect(calls(CREATE)).toBe(3);
		expect(calls(DIRECT)).toBe(1);

		rig().cloud.faults.clear();
		const next = await upload(rig(), { items: [file('b', BIG)] });
		expect(next.error).toBeUndefined();
		expect(calls(CREATE)).toBe(4);
		expect(calls(DIRECT)).toBe(1);
	});

	it('again and again, and not in one request either: fails, and says why', async () => {
		await rig().connectBox();
		rig().cloud.faults.add({
			route: PUT_PART,
			times: Infinity,
			action: { kind: 'before', run: () => box().loseSession(openSessions(rig())[0]!) },
		});
		rig().cloud.faults.add({ route: DIRECT, action: { kind: 'reply', status: 405 } });
		const result = await upload(rig(), { options: { parallel: 1 }, items: [file('a', BIG)] });
		expect(failureOf(result)).toMatchObject({
			message: 'Box no longer has this upload session',
			stored: 'no',
		});
	});
});

describe('a final failure', () => {
	const refuse = (route: string, skip = 0) =>
		rig().cloud.faults.add({
			route,
			skip,
			times: Infinity,
			action: { kind: 'reply', status: 403, body: '{"code":"storage_limit_exceeded"}' },
		});

	it.each([
		['with Resume off, after a part', PUT_PART, 1, false, 'aborted'],
		['with Resume off, at the commit', COMMIT, 0, false, 'aborted'],
		['before the first part is in', PUT_PART, 0, true, 'aborted'],
		['after a part', PUT_PART, 1, true, 'open'],
		['at the commit', COMMIT, 0, true, 'open'],
	])('%s: the session is given up, or the item names it', async (_, route, skip, resume, state) => {
		refuse(route, skip);
		const run = { options: { resume, parallel: 1 }, items: [file('a', BIG)] };
		const [error] = errorsOf(await upload(rig(), { ...run, ...carryOn }));
		expect(error).toMatchObject({ path: 'storage_limit_exceeded', stored: 'no' });
		const [session] = box().sessions();
		expect(session?.state).toBe(state);
		if (state === 'open') {
			expect(error?.resume).toMatchObject({ sessionId: session?.id });
			expect(error?.description).toContain('the next run resumes with it');
		} else {
			expect(error?.resume).toBeUndefined();
			expect(error?.description).not.toContain('the next run');
		}
	});

	it('whose session cannot be given up either: the item names it', async () => {
		refuse(PUT_PART);
		refuse(ABORT);
		const run = { options: { resume: false }, items: [file('a', BIG)] };
		const [error] = errorsOf(await upload(rig(), { ...run, ...carryOn }));
		expect(error).toMatchObject({
			path: 'storage_limit_exceeded',
			resume: { sessionId: openSessions(rig())[0] },
		});
		expect(error?.description).toContain("couldn't be discarded");
	});
});

describe('a lost answer that no look can settle', () => {
	it.each([
		['a small file', DIRECT, SMALL],
		['a large file', COMMIT, BIG],
	])('%s: the item says that it is not known', async (_, route, content) => {
		rig().cloud.faults.add({ route, times: Infinity, action: { kind: 'loseReply' } });
		rig().cloud.faults.add({
			route: CHECK,
			times: Infinity,
			action: { kind: 'reply', status: 500 },
		});
		const run = { options: { maxRetries: 0 }, items: [file('a', content)] };
		const result = await upload(rig(), { ...run, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown' });
		expect(storedFiles(rig())).toHaveLength(1);
		expect(calls(route)).toBe(1);
	});

	it('and another content at the place: the conflict is told', async () => {
		rig().cloud.faults.add({
			route: DIRECT,
			action: { kind: 'before', run: () => void box().putFile({ name: 'a', content: 'theirs' }) },
		});
		rig().cloud.faults.add({ route: DIRECT, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { ifExists: 'version', items: [file('a', SMALL)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ versions: 2, sha1: sha1Of(SMALL) }]);
	});
});

describe('an expired token in the middle', () => {
	it('of a large file: is renewed, and every part is in once', async () => {
		rig().cloud.faults.add({ route: PUT_PART, skip: 1, action: { kind: 'expireToken' } });
		const result = await upload(rig(), { items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
	});

	it('before a run: is renewed by the first small request, not with the content', async () => {
		rig().cloud.boxTokens.expireAll();
		const result = await upload(rig(), {
			items: [file('a', { sizeBytes: LARGE - 1, seed: 1 })],
		});
		expect(result.error).toBeUndefined();
		expect(
			rig()
				.calls(GET_FOLDER)
				.map(({ status }) => status),
		).toEqual([401, 200]);
		expect(
			rig()
				.calls(DIRECT)
				.map(({ status }) => status),
		).toEqual([201]);
	});
});
