/** What only shows at size: pages of parts, and memory. */
import committedFiles from './committedFiles.json';
import {
	callsOf,
	COMMIT,
	commitOf,
	jsonOf,
	LIST_PARTS,
	onlyJson,
	openSession,
	putParts,
	sha1,
	step,
	useBox,
} from './steps';

const rig = useBox();

describe('a session of 2,500 parts', () => {
	const content = Buffer.from(Array.from({ length: 2_500 }, (_, index) => index % 251));
	let sessionId = '';

	beforeEach(async () => {
		rig().cloud.box.settings.partSizeBytes = 1;
		sessionId = await openSession(rig(), content);
		await putParts(rig(), sessionId, content);
	});

	test('is listed in three pages, each part once and in order', async () => {
		const parts = jsonOf(await rig().box(step('listParts', { parameters: { sessionId } })));
		expect(parts).toEqual(
			rig()
				.cloud.box.sessions()[0]
				?.parts.map((part) => ({ session_id: sessionId, ...part })),
		);
		expect(parts).toHaveLength(2_500);
		expect(callsOf(rig(), LIST_PARTS)).toBe(3);
	});

	test('is committed whole', async () => {
		const items = [{ json: {} }];
		onlyJson(await rig().box(commitOf(sessionId, { digest: sha1(content) }, { items })));
		expect(rig().cloud.box.files()).toMatchObject([{ size: 2_500, sha1: sha1(content, 'hex') }]);
	});

	test('is listed whole although a page has fewer parts than asked for', async () => {
		const parts = rig().cloud.box.sessions()[0]?.parts ?? [];
		rig().cloud.faults.add({
			route: LIST_PARTS,
			action: {
				kind: 'reply',
				status: 200,
				body: JSON.stringify({ entries: parts.slice(0, 7), total_count: 2_500 }),
			},
		});
		const listed = jsonOf(await rig().box(step('listParts', { parameters: { sessionId } })));
		expect(listed.map(({ part_id }) => part_id)).toEqual(parts.map(({ part_id }) => part_id));
	});

	test('is not taken for whole when a page fails', async () => {
		rig().cloud.faults.add({
			route: LIST_PARTS,
			skip: 1,
			times: Infinity,
			action: { kind: 'reply', status: 500 },
		});
		const run = step('listParts', { parameters: { sessionId }, options: { maxRetries: 0 } });
		expect((await rig().box(run)).status).toBe('error');
	});
});

test('the digest of a file of 300 MB takes less memory than the file', async () => {
	const sessionId = await openSession(rig());
	rig().cloud.faults.add({
		route: COMMIT,
		action: { kind: 'reply', status: 201, body: JSON.stringify(committedFiles) },
	});
	const generated = { sizeBytes: 300_000_000, seed: 1 };
	const items = [{ binary: { data: { generated, fileName: 'large.bin' } } }];
	const { rssBytes } = await rig().engine.usage();
	await rig().engine.resetPeak();
	const committed = onlyJson(await rig().box(commitOf(sessionId, {}, { items })));
	expect(committed.total_count).toBe(1);
	const { peakRssBytes } = await rig().engine.usage();
	// Making and storing the file is part of it, so this only says that it is never held whole.
	expect(peakRssBytes - rssBytes).toBeLessThan(250_000_000);
});
