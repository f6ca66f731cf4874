/** What Box was reported to answer, and what it may answer: the file is stored once, or the item says what became of it. */
import type { Fault } from '../../cloud';
import type { BoxSettings } from '../../cloud/box';
import { SHORT_WAITS } from '../../support/rig';
import type { Content, Upload } from './uploads';
import {
	asVersionOf,
	ABORT,
	CHECK,
	COMMIT,
	CREATE,
	CREATE_FOLDER,
	CREATE_VERSION,
	DIRECT,
	DIRECT_VERSION,
	GET_FILE,
	LIST_ITEMS,
	LIST_PARTS,
	SMALLER_MIB as MIB,
	PUT_PART,
	byPath,
	carryOn,
	errorsOf,
	expectAllStored,
	file,
	jsonOf,
	openSessions,
	sha1Of,
	storedFiles,
	storedPaths,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox(SHORT_WAITS);
const box = () => rig().cloud.box;
const set = (settings: Partial<BoxSettings>) => Object.assign(box().settings, settings);
const add = (fault: Fault) => rig().cloud.faults.add(fault);
const calls = (route: string) => rig().calls(route).length;
const states = () =>
	box()
		.sessions()
		.map(({ state }) => state);
const failuresOf = async (run: Upload) => errorsOf(await upload(rig(), { ...run, ...carryOn }));

const SMALL: Content = { sizeBytes: 100_000, seed: 1 };
/** Three parts. */
const BIG: Content = { sizeBytes: 20 * MIB, seed: 2 };
/** A proxy's page, or an answer that is cut: what was done is not told. */
const NONSENSE = { kind: 'replyAfter', status: 200, body: '<html>OK</html>' } as const;

describe('digest_mismatch at the commit', () => {
	it('once: the file is sent again in one new session', async () => {
		set({ digestMismatchTimes: 1 });
		expectAllStored(rig(), await upload(rig(), { items: [file('a', BIG)] }), [['/a', BIG]]);
		expect(states()).toEqual(['aborted', 'committed']);
	});

	it('twice: told, no session is left, and the next run begins anew', async () => {
		set({ digestMismatchTimes: 2 });
		const run = { items: [file('a', BIG)] };
		const [error] = await failuresOf(run);
		expect(error).toMatchObject({ path: 'digest_mismatch', stored: 'no' });
		expect(error?.resume).toBeUndefined();
		expect(error?.description).toContain('the file was sent twice');
		expect(openSessions(rig())).toEqual([]);
		expectAllStored(rig(), await upload(rig(), run), [['/a', BIG]]);
		expect(states()).toEqual(['aborted', 'aborted', 'committed']);
	});

	it('a refusal of the commit that nobody knows: no run comes back to its session', async () => {
		add({
			route: COMMIT,
			action: { kind: 'reply', status: 400, body: '{"code":"never_heard_of"}' },
		});
		const run = { items: [file('a', BIG)] };
		const [error] = await failuresOf(run);
		expect(error).toMatchObject({ path: 'never_heard_of', stored: 'no' });
		expect(error?.resume).toBeUndefined();
		expectAllStored(rig(), await upload(rig(), run), [['/a', BIG]]);
		expect(states()).toEqual(['aborted', 'committed']);
	});
});

describe('202 that has stored the file, and a next commit that comes to nothing', () => {
	it.each(['fail', 'rename', 'version'])('%s: stored once', async (ifExists) => {
		set({ commit202: 1, storesBehind202: true, retryAfterSec: 0 });
		const blocked = { status: 409, body: '{"code":"operation_blocked_temporary"}' };
		add({ route: COMMIT, skip: 1, times: Infinity, action: { kind: 'reply', ...blocked } });
		const result = await upload(rig(), {
			ifExists,
			items: [file('a', BIG)],
			options: { deadlineMinutes: 0.02 },
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expectAllStored(rig(), result, [['/a', BIG]]);
		expect(storedFiles(rig())).toMatchObject([{ versions: 1 }]);
	});
});

describe('202 that has stored the file, and a refusal of the next commit', () => {
	beforeEach(() => {
		set({ commit202: 1, storesBehind202: true, retryAfterSec: 0 });
	});

	it.each(['fail', 'rename', 'version', 'skip'])('%s: stored once', async (ifExists) => {
		const result = await upload(rig(), { ifExists, items: [file('a', BIG)] });
		expectAllStored(rig(), result, [['/a', BIG]]);
		expect(calls(CREATE)).toBe(1);
	});

	it('as a new version: stored once', async () => {
		box().putFile({ name: 'a', content: 'before' });
		const result = await upload(rig(), { ifExists: 'version', items: [file('a', BIG)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 2 }]);
		expect(openSessions(rig())).toEqual([]);
	});

	it('the conflict names no item: the folder is listed', async () => {
		set({ conflictsAs: 'none' });
		expectAllStored(rig(), await upload(rig(), { items: [file('a', BIG)] }), [['/a', BIG]]);
	});

	it.each([
		['fail', ['/a'], { path: 'item_name_in_use', stored: 'no' }],
		['rename', ['/a', '/a (1)'], { name: 'a (1)', sha1: sha1Of(BIG) }],
	])('somebody else has the name, %s: theirs stays', async (ifExists, paths, said) => {
		set({ storesBehind202: false });
		const run = () => void box().putFile({ name: 'a', content: 'theirs' });
		add({ route: COMMIT, skip: 1, action: { kind: 'before', run } });
		const result = await upload(rig(), { ifExists, items: [file('a', BIG)], ...carryOn });
		expect(jsonOf(result)).toMatchObject([ifExists === 'fail' ? { error: said } : said]);
		expect(storedPaths(rig())).toEqual(paths);
		expect(storedFiles(rig())[0]?.sha1).toBe(sha1Of('theirs'));
	});
});

// Found by the fuzz of replies: nobody has reported such a file, and nothing may be stored twice for it.
describe('a look after a lost answer finds our name', () => {
	const looksLike = (change: object) =>
		add({
			route: GET_FILE,
			times: Infinity,
			action: {
				kind: 'changeReply',
				change: (reply) => {
					const file = { ...(JSON.parse(reply.body.toString()) as object), ...change };
					const body = Buffer.from(JSON.stringify(file));
					const headers = { ...reply.headers, 'content-length': String(body.length) };
					return { ...reply, headers, body };
				},
			},
		});

	it.each([
		['our SHA-1 and another size: it is ours', { size: 1 }, undefined],
		['no SHA-1: nobody knows', { sha1: null }, 'unknown'],
		['half a SHA-1: nobody knows', { sha1: 'abc' }, 'unknown'],
		['another SHA-1: it is not ours', { sha1: sha1Of('theirs') }, 'no'],
	])('with %s', async (_, change, stored) => {
		looksLike(change);
		add({ route: DIRECT, action: NONSENSE });
		const [error] = await failuresOf({ items: [file('a', SMALL)] });
		expect(error?.stored).toBe(stored);
		expect(calls(DIRECT)).toBe(1);
	});

	it.each([{ size: 1 }, { sha1: null }])('with Rename it is stored once: %j', async (change) => {
		looksLike(change);
		add({ route: DIRECT, action: NONSENSE });
		await upload(rig(), { ifExists: 'rename', items: [file('a', SMALL)], ...carryOn });
		expect(storedPaths(rig())).toEqual(['/a']);
	});
});

describe('somebody else replaces what a commit with a lost answer has stored', () => {
	beforeEach(() => {
		add({ route: COMMIT, action: NONSENSE });
		const run = () => void box().putFile({ name: 'a', content: 'theirs' });
		// Strikes the next call that no other fault does.
		add({ route: COMMIT, action: { kind: 'before', run } });
	});

	it.each(['fail', 'rename', 'skip'])(
		'%s: it is an earlier version, sent once',
		async (ifExists) => {
			const [error] = await failuresOf({ ifExists, items: [file('a', BIG)] });
			expect(error).toMatchObject({ path: 'item_name_in_use', stored: 'unknown' });
			expect(error?.description).toContain('Look at the versions');
			expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of('theirs'), versions: 2 }]);
		},
	);

	it('a file that has been there for days holds nothing of it: Rename goes on', async () => {
		const { id } = box().putFile({ name: 'a', content: 'before' });
		box().describeFile(id, 'changed once');
		rig().cloud.clock.advance(48 * 60 * 60 * 1_000);
		const result = await upload(rig(), { ifExists: 'rename', items: [file('a', BIG)] });
		rig().cloud.clock.advance(-48 * 60 * 60 * 1_000);
		expect(jsonOf(result)).toMatchObject([{ name: 'a (1)', sha1: sha1Of(BIG) }]);
	});

	it('as a new version: no less', async () => {
		box().putFile({ name: 'a', content: 'before' });
		const [error] = await failuresOf({ ifExists: 'version', items: [file('a', BIG)] });
		expect(error).toMatchObject({ path: 'precondition_failed', stored: 'unknown' });
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of('theirs'), versions: 3 }]);
	});
});

describe('an unreadable answer to what stores the file, and a conflict without an item', () => {
	const sent = [
		['a small file', DIRECT, SMALL],
		['a large file', COMMIT, BIG],
	] as const;

	it.each(sent)('%s is found in the folder', async (_, route, content) => {
		set({ conflictsAs: 'none' });
		add({ route, action: NONSENSE });
		const result = await upload(rig(), { ifExists: 'rename', items: [file('a', content)] });
		expectAllStored(rig(), result, [['/a', content]]);
	});

	it.each(sent)('%s may be stored, when the folder cannot be read', async (_, route, content) => {
		set({ conflictsAs: 'none' });
		add({ route, action: NONSENSE });
		add({ route: LIST_ITEMS, times: Infinity, action: { kind: 'reply', status: 403, body: '{}' } });
		expect(await failuresOf({ items: [file('a', content)] })).toMatchObject([
			{ stored: 'unknown' },
		]);
		expect(storedFiles(rig())).toHaveLength(1);
	});

	it('a list of files without a file: looked at', async () => {
		add({ route: DIRECT, action: { ...NONSENSE, body: '{"total_count":1,"entries":[{}]}' } });
		expectAllStored(rig(), await upload(rig(), { items: [file('a', SMALL)] }), [['/a', SMALL]]);
	});
});

describe("a folder that Box doesn't show", () => {
	const run = { parentFolderId: byPath('/Reports'), items: [file('a', 'aaa')] };

	it('in its lists: the one that the conflict names is used', async () => {
		const { id } = box().putFolder({ name: 'reports' });
		set({ unlistedFolders: Infinity });
		expectAllStored(rig(), await upload(rig(), run), [['/reports/a', 'aaa']]);
		expect(storedFiles(rig())).toMatchObject([{ parentId: id }]);
	});

	it('in its lists, and the conflict names none: asked for a while', async () => {
		box().putFolder({ name: 'reports' });
		set({ unlistedFolders: 3, conflictsAs: 'none' });
		expectAllStored(rig(), await upload(rig(), run), [['/reports/a', 'aaa']]);
	});

	it.each([
		['a folder elsewhere', () => box().putFolder({ name: 'Reports', parentId: inside() }).id],
		['a folder of another name', () => box().putFolder({ name: 'Other' }).id],
		['a file', () => box().putFile({ name: 'Reports', content: '' }).id],
	])('and the conflict names %s: told', async (what, put) => {
		const type = what === 'a file' ? 'file' : 'folder';
		const conflicts = [{ type, id: put(), name: 'Reports' }];
		const body = { code: 'item_name_in_use', context_info: { conflicts } };
		set({ unlistedFolders: 1 });
		add({
			route: CREATE_FOLDER,
			action: { kind: 'reply', status: 409, body: JSON.stringify(body) },
		});
		const path = what === 'a file' ? 'folder/not_a_folder' : 'folder/name_in_use';
		const error = { path, stored: 'no' };
		if (what === 'a file') box().removeItem(conflicts[0]!.id);
		expect(await failuresOf(run)).toMatchObject([error]);
		expect(calls(DIRECT)).toBe(0);
	});

	it('right after it was made: asked for again, for small and large files', async () => {
		set({ newFolderMisses: 2 });
		const items = [file('a', 'aaa'), file('b', BIG)];
		const parentFolderId = byPath('/New/2026');
		const result = await upload(rig(), { parentFolderId, items });
		expectAllStored(rig(), result, [
			['/New/2026/a', 'aaa'],
			['/New/2026/b', BIG],
		]);
		expect(rig().cloud.log.filter(({ status }) => status === 404)).toHaveLength(4);
	});

	it('and never does: told after the tries of a call', async () => {
		set({ newFolderMisses: Infinity });
		const options = { maxRetries: 1 };
		const [error] = await failuresOf({ ...run, options });
		expect(error).toMatchObject({ path: 'not_found', retryable: true, stored: 'no' });
		expect(error?.message).toBe("Box can't find the folder that it has just created");
		expect(calls(DIRECT)).toBe(2);
	});

	it('that this run has not made: told at once', async () => {
		const { id } = box().putFolder({ name: 'Reports' });
		add({ route: DIRECT, action: { kind: 'before', run: () => box().removeItem(id) } });
		expect(await failuresOf(run)).toMatchObject([{ path: 'not_found', retryable: false }]);
		expect(calls(DIRECT)).toBe(1);
	});

	const inside = () => box().putFolder({ name: 'Inside' }).id;
});

describe('a list of parts that lags behind', () => {
	it('after a lost answer: asked again, and the session goes on', async () => {
		set({ unlistedParts: 3 });
		add({ route: PUT_PART, skip: 1, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { options: { parallel: 1 }, items: [file('a', BIG)] });
		expectAllStored(rig(), result, [['/a', BIG]]);
		expect(states()).toEqual(['committed']);
		// The part went out twice; Box refused the second one.
		expect(calls(PUT_PART)).toBe(4);
	});

	it('and never catches up: the file is sent in a new session', async () => {
		set({ unlistedParts: 3 });
		add({ route: PUT_PART, skip: 1, action: { kind: 'loseReply' } });
		const options = { parallel: 1, maxRetries: 1 };
		const result = await upload(rig(), { options, items: [file('a', BIG)] });
		expectAllStored(rig(), result, [['/a', BIG]]);
		expect(states()).toEqual(['aborted', 'committed']);
		expect(calls(LIST_PARTS)).toBe(3);
	});
});

describe('a description that changes while the file is replaced', () => {
	const describeNow = (route: string): void =>
		void add({
			route,
			action: { kind: 'before', run: () => box().describeFile(box().files()[0]!.id, 'other') },
		});

	it.each([
		['small', DIRECT_VERSION, SMALL],
		['small, checked before', 'GET /files/:id', SMALL],
		['large', COMMIT, BIG],
	])('%s: goes on with the new etag', async (how, route, content) => {
		box().putFile({ name: 'a', content: 'before' });
		describeNow(route);
		const options = { checkFirst: how === 'small' ? 'never' : 'always' };
		const run = { ifExists: 'version', options, items: [file('a', content)] };
		expect(await failuresOf(run)).toEqual([undefined]);
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(content), versions: 2 }]);
		expect(calls(CREATE_VERSION)).toBe(content === BIG ? 1 : 0);
		expect(openSessions(rig())).toEqual([]);
	});

	it.each([
		['small', DIRECT_VERSION, SMALL, { name: 'kept' }],
		['small, checked before', 'GET /files/:id', SMALL, { name: 'kept' }],
		['large', COMMIT, BIG, { name: 'kept' }],
		['large, into another folder', COMMIT, BIG, { parentId: 'another' }],
	])('%s: one that somebody has moved away meanwhile is kept', async (how, route, content, to) => {
		const { id } = box().putFile({ name: 'a', content: 'before' });
		const { id: parentId } = box().putFolder({ name: 'Another' });
		const where = 'parentId' in to ? { parentId } : to;
		const run = () => box().moveFile(id, where);
		// Not at the look before the run.
		add({ route, skip: route.startsWith('GET') ? 1 : 0, action: { kind: 'before', run } });
		const options = { checkFirst: how.endsWith('before') ? 'always' : 'never' };
		const errors = await failuresOf({ ifExists: 'version', options, items: [file('a', content)] });
		expect(errors).toMatchObject([{ path: 'precondition_failed', stored: 'no' }]);
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of('before'), versions: 1 }]);
	});

	it.each([
		['small', DIRECT_VERSION, SMALL],
		['small, checked before', 'GET /files/:id', SMALL],
		['large', COMMIT, BIG],
	])(
		'%s: one that is named by its ID keeps the name that it has got',
		async (how, route, content) => {
			const { id } = box().putFile({ name: 'a', content: 'before' });
			const action = { kind: 'before', run: () => box().moveFile(id, { name: 'kept' }) } as const;
			// Not at the look before the run.
			add({ route, skip: route.startsWith('GET') ? 1 : 0, action });
			const options = { checkFirst: how.endsWith('before') ? 'always' : 'never' };
			await upload(rig(), { ...asVersionOf(id), options, items: [file('b', content)], ...carryOn });
			expect(storedPaths(rig())).toEqual(['/kept']);
		},
	);

	it.each([
		['small', DIRECT_VERSION, SMALL],
		['large', COMMIT, BIG],
	])('%s: a new version is not buried', async (_, route, content) => {
		box().putFile({ name: 'a', content: 'before' });
		const run = () => void box().putFile({ name: 'a', content: 'theirs' });
		add({ route, action: { kind: 'before', run } });
		const errors = await failuresOf({ ifExists: 'version', items: [file('a', content)] });
		expect(errors).toMatchObject([{ path: 'precondition_failed', stored: 'no' }]);
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of('theirs'), versions: 2 }]);
	});

	it('an etag that the user gave is taken at its word', async () => {
		const { id: fileId } = box().putFile({ name: 'a', content: 'before' });
		describeNow(COMMIT);
		const options = { ifMatch: '="0"' };
		const run = { ...asVersionOf(fileId), options, items: [file('a', BIG)] };
		const errors = await failuresOf(run);
		expect(errors).toMatchObject([{ path: 'precondition_failed', stored: 'no' }]);
		expect(storedFiles(rig())).toMatchObject([{ versions: 1 }]);
	});
});

describe('a session goes on only for what it was opened for', () => {
	const options = { parallel: 1, maxRetries: 0 };
	const breakOff = async (run: Upload): Promise<Record<string, unknown> | undefined> => {
		const mend = add({
			route: PUT_PART,
			skip: 2,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		const [error] = await failuresOf(run);
		mend();
		return error?.resume;
	};

	it('another name for a new version of a file', async () => {
		const { id: fileId } = box().putFile({ name: 'old', content: 'before' });
		const named = (fileName: string) => ({
			fileName,
			...asVersionOf(fileId),
			options,
			items: [file('x', BIG)],
		});
		const resume = await breakOff(named('january.bin'));
		expect(resume).toBeDefined();
		expect(await failuresOf(named('february.bin'))).toEqual([undefined]);
		expect(storedPaths(rig())).toEqual(['/february.bin']);
		expect(calls(CREATE_VERSION)).toBe(2);
		// Nor when it is given by hand.
		const resumeFrom = JSON.stringify(resume);
		const byHand = named('march.bin');
		const run = { ...byHand, options: { ...byHand.options, resumeFrom } };
		expect(await failuresOf(run)).toEqual([undefined]);
		expect(storedPaths(rig())).toEqual(['/march.bin']);
		expect(calls(CREATE_VERSION)).toBe(3);
	});

	it.each<[string, Partial<Upload>, string]>([
		['the same name in other letters', { fileName: 'A.bin' }, '/A.bin'],
		['another description', { attributes: { description: 'other' } }, '/a.bin'],
		['the very same', {}, '/a.bin'],
	])('%s', async (what, more, path) => {
		const run = { fileName: 'a.bin', options, items: [file('x', BIG)] };
		await breakOff(run);
		expect(await failuresOf({ ...run, ...more })).toEqual([undefined]);
		expect(storedFiles(rig())).toMatchObject([{ path, sha1: sha1Of(BIG) }]);
		expect(calls(CREATE)).toBe(what === 'the very same' ? 1 : 2);
	});
});

describe('Rename, when name after name is taken', () => {
	it('a small file: each name is asked for before the content goes out again', async () => {
		for (const name of ['a', 'a (1)', 'a (2)', 'a (3)']) box().putFile({ name, content: name });
		// The list has none of them.
		const nothing = { entries: [], next_marker: null, limit: 1_000 };
		add({
			route: LIST_ITEMS,
			times: Infinity,
			action: { kind: 'reply', status: 200, body: JSON.stringify(nothing) },
		});
		const result = await upload(rig(), { ifExists: 'rename', items: [file('a', SMALL)] });
		expect(jsonOf(result)).toMatchObject([{ sha1: sha1Of(SMALL) }]);
		expect(storedFiles(rig())).toHaveLength(5);
		expect(
			rig()
				.calls(DIRECT)
				.map(({ status }) => status),
		).toEqual([409, 201]);
	});

	it('between each check and the content: it is told after three times', async () => {
		const conflicts = { type: 'folder', id: '7', name: 'a' };
		const body = JSON.stringify({ code: 'item_name_in_use', context_info: { conflicts } });
		add({ route: DIRECT, times: Infinity, action: { kind: 'reply', status: 409, body } });
		const errors = await failuresOf({ ifExists: 'rename', items: [file('a', SMALL)] });
		expect(errors).toMatchObject([{ path: 'item_name_in_use', stored: 'no' }]);
		expect(calls(DIRECT)).toBe(3);
		expect(calls(CHECK)).toBeGreaterThan(0);
	});
});

describe('a session that nobody can send a file through', () => {
	it.each<[string, BoxSettings['bentSession'], string]>([
		['parts of 8 GiB', { part_size: 2 ** 33 }, 'part_size 8589934592'],
		['parts of nothing', { part_size: 0 }, 'part_size 0'],
		['parts of less', { part_size: -1 }, 'part_size -1'],
		['parts of halves', { part_size: 1.5 }, 'part_size 1.5'],
		['parts of one byte', { part_size: 1 }, 'part_size 1'],
		['parts without a size', { part_size: undefined }, 'part_size missing'],
		['another number of parts', { total_parts: 7 }, 'total_parts 7'],
		['no endpoints', { session_endpoints: undefined }, 'session_endpoints missing'],
		['half of them', { session_endpoints: { upload_part: 'x' } }, 'endpoint'],
		['an endpoint elsewhere', elsewhere(), 'box.example.com'],
	])('%s: told at once, and given up', async (_, bentSession, said) => {
		set({ bentSession });
		const [error] = await failuresOf({ items: [file('a', BIG)] });
		expect(error).toMatchObject({ stored: 'no' });
		expect(error?.path).toMatch(/^(session\/unusable|endpoint\/refused)$/);
		expect(error?.description).toContain(said);
		expect([calls(CREATE), calls(ABORT), calls(PUT_PART)]).toEqual([1, 1, 0]);
		expect(openSessions(rig())).toEqual([]);
	});

	it('when it goes on with one: the file is sent in a new one', async () => {
		const run = { options: { parallel: 1, maxRetries: 0 }, items: [file('a', BIG)] };
		const mend = add({
			route: PUT_PART,
			skip: 1,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		await failuresOf(run);
		mend();
		add({
			route: 'GET /files/upload_sessions/:id',
			action: { kind: 'reply', status: 200, body: '{"id":"A","part_size":-5}' },
		});
		expect(await failuresOf(run)).toEqual([undefined]);
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
		expect(calls(CREATE)).toBe(2);
	});
});

function elsewhere(): BoxSettings['bentSession'] {
	const url = 'https://box.example.com/2.0/files/upload_sessions/1';
	const endpoints = { upload_part: url, commit: url, abort: url, list_parts: url };
	return { session_endpoints: endpoints };
}
