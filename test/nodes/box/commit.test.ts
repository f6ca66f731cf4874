import type { IDataObject } from 'n8n-workflow';

import type { ErrorJson } from '../dropbox/uploads';
import committedFiles from './committedFiles.json';
import {
	callsOf,
	COMMIT,
	commitOf,
	failureOf,
	fileItem,
	filledSession,
	jsonOf,
	LIST_PARTS,
	onlyJson,
	openSession,
	putParts,
	sha1,
	step,
	text,
	useBox,
} from './steps';

const rig = useBox();
const files = () => rig().cloud.box.files();
const storedText = { name: 'report.txt', size: 24, sha1: sha1(text, 'hex') };
const commits = () => rig().cloud.log.filter(({ route }) => route === COMMIT);

async function versionSession(): Promise<{ sessionId: string; fileId: string }> {
	const { id: fileId } = rig().cloud.box.putFile({ name: 'old.txt', content: 'old' });
	return { sessionId: await filledSession(rig(), { fileId }), fileId };
}

describe('Commit Box Session', () => {
	test('makes the file of the parts that Box has, with the digest of the file in the item', async () => {
		const sessionId = await filledSession(rig());
		const result = await rig().box(commitOf(sessionId));
		expect(files()).toMatchObject([storedText]);
		expect(onlyJson(result)).toMatchObject({
			total_count: 1,
			entries: [{ type: 'file', id: files()[0]?.id, size: 24 }],
		});
		expect(callsOf(rig(), LIST_PARTS)).toBe(1);
	});

	test.each([sha1(text), `sha=${sha1(text)}`])(
		'needs no file when the digest is given: %s',
		async (digest) => {
			const sessionId = await filledSession(rig());
			const items = [{ json: {} }];
			onlyJson(await rig().box(commitOf(sessionId, { digest }, { items })));
			expect(files()).toMatchObject([storedText]);
		},
	);

	test('takes the parts from the items, one commit for each session, in any order', async () => {
		const items = [];
		for (const name of ['a.txt', 'b.txt']) {
			const sessionId = await openSession(rig(), text, { name });
			items.push(...(await putParts(rig(), sessionId)));
		}
		const [a0, a1, a2, b0, b1, b2] = items;
		const mixed = [b2, a1, a0, b0, a2, b1].map((json) => ({ json }));
		const result = await rig().box(
			step('commit', { items: mixed, options: { partsFrom: 'items', digest: sha1(text) } }),
		);
		expect(
			files()
				.map(({ name }) => name)
				.sort(),
		).toEqual(['a.txt', 'b.txt']);
		expect(result.outputs[0]).toMatchObject([
			{
				json: { entries: [{ name: 'b.txt' }] },
				pairedItem: [{ item: 0 }, { item: 3 }, { item: 5 }],
			},
			{
				json: { entries: [{ name: 'a.txt' }] },
				pairedItem: [{ item: 1 }, { item: 2 }, { item: 4 }],
			},
		]);
		expect(callsOf(rig(), LIST_PARTS)).toBe(0);
	});

	describe('with an item that cannot be read', () => {
		const byItem = { partsFrom: 'items', digest: sha1(text) };
		const carryOn = { onError: 'continueRegularOutput' } as const;
		const partsOf = async (name: string) => {
			const sessionId = await openSession(rig(), text, { name });
			return await putParts(rig(), sessionId);
		};
		const commitAll = async (parts: readonly IDataObject[]) =>
			await rig().box(
				step('commit', { items: parts.map((json) => ({ json })), options: byItem, ...carryOn }),
			);

		test.each<[string, (part: IDataObject) => IDataObject, string]>([
			['a part that is not complete', (part) => ({ ...part, part: { offset: 10 } }), 'input/parts'],
			['nor its session ID', ({ part }) => ({ part }), 'input/sessionId'],
		])('%s: its session is told before the call', async (_what, broken, path) => {
			const [first, second, third] = await partsOf('a.txt');
			const result = await commitAll([first!, broken(second!), third!]);
			const errors = jsonOf(result).map(({ error }) => error as unknown as ErrorJson);
			expect(errors.map((error) => [error.path, error.stored])).toEqual([
				['items/part_unread', 'no'],
				[path, 'no'],
			]);
			expect(errors[0]!.description).toMatch(/^Correct that item .* Item 1 couldn't be read\./);
			expect(errors[0]!.resume).toEqual({ sessionId: first!.session_id });
			expect(result.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
				[{ item: 0 }, { item: 2 }],
				{ item: 1 },
			]);
			expect(callsOf(rig(), COMMIT)).toBe(0);
			// Corrected, it is committed.
			expect(jsonOf(await commitAll([first!, second!, third!]))).toHaveLength(1);
			expect(files()).toMatchObject([{ name: 'a.txt' }]);
		});

		test('the other sessions go on', async () => {
			const [broken, ...others] = await partsOf('a.txt');
			const whole = await partsOf('b.txt');
			const unread = { ...broken, part: 'none' };
			const result = await commitAll([...others, ...whole, unread]);
			expect(
				jsonOf(result).map(({ error }) => (error as { path?: string } | undefined)?.path),
			).toEqual(['items/part_unread', undefined, 'input/parts']);
			expect(files()).toMatchObject([{ name: 'b.txt' }]);
			expect(callsOf(rig(), COMMIT)).toBe(1);
		});
	});

	test('takes the parts from the items that List Parts gave', async () => {
		const sessionId = await filledSession(rig());
		const listed = jsonOf(await rig().box(step('listParts', { parameters: { sessionId } })));
		const result = await rig().box(
			step('commit', {
				items: listed.map((json) => fileItem(text, json)),
				options: { partsFrom: 'items' },
			}),
		);
		expect(onlyJson(result).total_count).toBe(1);
		expect(files()).toMatchObject([storedText]);
	});

	test.each<[string, (parts: IDataObject[]) => unknown]>([
		['a list', (parts) => parts],
		['a list of what Upload Part gave', (parts) => parts.map((part) => ({ part }))],
		['an object with the list', (parts) => ({ parts })],
		['a list that an expression gave', (parts) => parts],
	])('takes the parts from JSON: %s', async (what, shapeOf) => {
		const sessionId = await openSession(rig());
		const sent = await putParts(rig(), sessionId);
		const given = shapeOf(sent.map(({ part }) => part as IDataObject));
		const byExpression = what.includes('expression');
		const partsJson = byExpression ? '={{ $json.given }}' : JSON.stringify(given);
		const items = [fileItem(text, { given: given as IDataObject[] })];
		onlyJson(await rig().box(commitOf(sessionId, { partsFrom: 'json', partsJson }, { items })));
		expect(files()).toMatchObject([storedText]);
		expect(callsOf(rig(), LIST_PARTS)).toBe(0);
	});

	test('sends description and dates along', async () => {
		const sessionId = await filledSession(rig());
		const attributes = {
			description: 'Contract for Q1 renewal – größer',
			contentCreatedAt: '2012-12-12 10:53:43',
			contentModifiedAt: '2026-05-12T15:50:38.900+02:00',
		};
		onlyJson(await rig().box(commitOf(sessionId, {}, { parameters: { attributes } })));
		expect(files()).toMatchObject([
			{
				description: attributes.description,
				contentCreatedAtMs: Date.UTC(2012, 11, 12, 10, 53, 43),
				contentModifiedAtMs: Date.UTC(2026, 4, 12, 13, 50, 38),
			},
		]);
	});

	test('takes a number as a description', async () => {
		const sessionId = await filledSession(rig());
		const attributes = { description: '={{ 42 }}' };
		onlyJson(await rig().box(commitOf(sessionId, {}, { parameters: { attributes } })));
		expect(files()).toMatchObject([{ description: '42' }]);
	});

	test('gives every field of the answer on', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({
			route: COMMIT,
			action: {
				kind: 'reply',
				status: 201,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(committedFiles),
			},
		});
		expect(onlyJson(await rig().box(commitOf(sessionId)))).toEqual(committedFiles);
	});

	test('commits items in parallel and gives them in order', async () => {
		const items = [];
		for (const name of ['1.txt', '2.txt', '3.txt', '4.txt', '5.txt', '6.txt']) {
			items.push(fileItem(text, { id: await filledSession(rig(), { name }) }));
		}
		const { outputs } = await rig().box(step('commit', { items }));
		expect(outputs[0]).toMatchObject(
			[0, 1, 2, 3, 4, 5].map((item) => ({
				json: { entries: [{ name: `${item + 1}.txt` }] },
				pairedItem: { item },
			})),
		);
	});
});

describe('a condition on the etag', () => {
	test('lets the commit through when Unchanged Since names the present one', async () => {
		const { sessionId } = await versionSession();
		onlyJson(await rig().box(commitOf(sessionId, { ifMatch: files()[0]?.etag ?? '' })));
		expect(files()).toMatchObject([{ name: 'old.txt', size: 24, versions: 2 }]);
	});

	test('stops the commit when Unchanged Since names an older one', async () => {
		const { sessionId, fileId } = await versionSession();
		const [before] = files();
		rig().cloud.box.putFile({ name: 'old.txt', content: 'changed by another' });
		const failure = failureOf(
			await rig().box(commitOf(sessionId, { ifMatch: before?.etag ?? '' })),
		);
		expect(failure).toMatchObject({
			path: 'precondition_failed',
			message: 'The file has been changed since you last saw it',
			status: 412,
			stored: 'no',
			retryable: false,
		});
		expect(files()).toMatchObject([{ id: fileId, size: 18, versions: 2 }]);
	});

	test('stops the commit when If None Match names the present one', async () => {
		const { sessionId } = await versionSession();
		const failure = failureOf(
			await rig().box(commitOf(sessionId, { ifNoneMatch: files()[0]?.etag ?? '' })),
		);
		expect(failure).toMatchObject({
			path: 'http/304',
			status: 304,
			stored: 'no',
			retryable: false,
		});
		expect(failure.message).toContain("hasn't changed");
		expect(files()).toMatchObject([{ size: 3, versions: 1 }]);
	});

	test('lets the commit through when If None Match names an older one', async () => {
		const { sessionId } = await versionSession();
		onlyJson(await rig().box(commitOf(sessionId, { ifNoneMatch: '={{ "99" }}' })));
		expect(files()).toMatchObject([{ size: 24, versions: 2 }]);
	});
});

test('a digest of another file is refused once, not asked for again and again', async () => {
	const sessionId = await filledSession(rig());
	const failure = failureOf(await rig().box(commitOf(sessionId, { digest: sha1('another') })));
	expect(failure).toMatchObject({
		path: 'digest_mismatch',
		status: 400,
		retryable: false,
		stored: 'no',
	});
	expect(commits()).toHaveLength(1);
	expect(files()).toEqual([]);
});
