/** Box without one of its routes: files are stored all the same where there is another way. */
import type { Refusal } from '../../cloud/refusedRoutes';
import { REFUSALS, refuseRoute } from '../../cloud/refusedRoutes';
import type { ItemSpec } from '../../engine/types';
import { SHORT_WAITS } from '../../support/rig';
import {
	ABORT,
	asVersionOf,
	byPath,
	CHECK,
	COMMIT,
	CREATE,
	CREATE_FOLDER,
	DIRECT,
	errorsOf,
	file,
	GET_FILE,
	GET_FOLDER,
	jsonOf,
	LARGE,
	LIST_ITEMS,
	LIST_PARTS,
	PUT_PART,
	upload,
	useBox,
} from './uploads';

const rig = useBox({ pace: SHORT_WAITS });

const refuse = (route: string, refusal: Refusal = 'unknown') =>
	refuseRoute(rig().cloud, 'box', route, refusal);

/** Box has no reason of its own for a 409 without a code. */
const all = REFUSALS.filter((refusal) => refusal !== 409);

afterEach(() => {
	rig().cloud.faults.clear();
});

const large = (seed: number): ItemSpec => file(`large ${seed}.bin`, { sizeBytes: LARGE, seed });
const small: ItemSpec[] = [file('a.txt', 'a'), file('b.txt', 'b'), file('empty.txt', '')];

function storedNames(): string[] {
	return rig()
		.cloud.box.files()
		.map(({ name }) => name)
		.sort();
}

function calls(route: string): number {
	return rig().calls(route).length;
}

/** The dry run counts as the run goes: along the ways that are left. */
async function expectPlanned(items: ItemSpec[]): Promise<void> {
	const planned = await upload(rig(), { items, options: { planOnly: true } });
	const [{ run } = {}] = jsonOf(planned);
	const before = rig().cloud.log.length;
	expect((await upload(rig(), { items })).error?.description).toBeUndefined();
	expect(run).toMatchObject({ requests: rig().cloud.log.length - before });
	expect(run).not.toHaveProperty('requestsAssume');
}

describe('upload sessions refused', () => {
	it.each(all)(
		'%s: files that fit go in one request, and no session is asked for again',
		async (refusal) => {
			refuse(CREATE, refusal);
			const first = await upload(rig(), { items: [...small, large(1)] });
			expect(first.error?.description).toBeUndefined();
			const asked = calls(CREATE);
			const second = await upload(rig(), { items: [large(2)] });
			expect(second.error?.description).toBeUndefined();
			expect(calls(CREATE)).toBe(asked);
			expect(storedNames()).toEqual(['a.txt', 'b.txt', 'empty.txt', 'large 1.bin', 'large 2.bin']);
			await expectPlanned([large(3), file('c.txt', 'c')]);
		},
	);

	it.each([PUT_PART, COMMIT])('%s', async (route) => {
		refuse(route, 403);
		const result = await upload(rig(), { items: [large(1)] });
		expect(result.error?.description).toBeUndefined();
		expect(calls(DIRECT)).toBe(1);
		expect(storedNames()).toEqual(['large 1.bin']);
	});
});

describe('the check refused', () => {
	it.each(all)('%s: the upload itself shows whether the file is taken', async (refusal) => {
		refuse(CHECK, refusal);
		const medium = file('medium.bin', { sizeBytes: 2_000_000, seed: 3 });
		const result = await upload(rig(), { items: [medium] });
		expect(result.error?.description).toBeUndefined();
		const again = await upload(rig(), { items: [medium], ifExists: 'rename' });
		expect(again.error?.description).toBeUndefined();
		expect(storedNames()).toEqual(['medium (1).bin', 'medium.bin']);
		expect(calls(DIRECT)).toBe(2);
	});

	it('looks into the folder for what has the name', async () => {
		rig().cloud.box.putFile({ name: 'a.txt', content: 'other' });
		refuse(CHECK);
		const result = await upload(rig(), { items: [file('a.txt', 'a')], ifExists: 'skip' });
		expect(jsonOf(result)).toMatchObject([{ skipped: 'exists' }]);
		expect(calls(DIRECT)).toBe(0);
	});
});

describe('the list of a folder refused', () => {
	it.each(all)('%s: the folder is found by the refusal to make it', async (refusal) => {
		const { id } = rig().cloud.box.putFolder({ name: 'Reports' });
		refuse(LIST_ITEMS, refusal);
		const result = await upload(rig(), { items: small, parentFolderId: byPath('/Reports') });
		expect(result.error?.description).toBeUndefined();
		expect(calls(CREATE_FOLDER)).toBe(1);
		expect(
			rig()
				.cloud.box.folders()
				.filter(({ name }) => name === 'Reports'),
		).toHaveLength(1);
		for (const stored of rig().cloud.box.files()) expect(stored.parentId).toBe(id);
	});

	it('asks for each file instead', async () => {
		for (const name of ['a.txt', 'b.txt', 'empty.txt']) {
			rig().cloud.box.putFile({ name, content: 'other' });
		}
		refuse(LIST_ITEMS);
		const result = await upload(rig(), { items: small, ifExists: 'skip' });
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual(['exists', 'exists', 'exists']);
		expect(calls(CHECK)).toBe(3);
	});
});

it.each(all)(
	'a folder by its ID is found by its list when it cannot be asked for: %s',
	async (refusal) => {
		const { id } = rig().cloud.box.putFolder({ name: 'Reports' });
		refuse(GET_FOLDER, refusal);
		const result = await upload(rig(), { items: small, parentFolderId: id });
		expect(result.error?.description).toBeUndefined();
		expect(storedNames()).toHaveLength(3);
	},
);

it('what the conflict says has to do where the file cannot be asked for', async () => {
	rig().cloud.box.putFile({ name: 'a.txt', content: 'other' });
	refuse(GET_FILE);
	const result = await upload(rig(), { items: [file('a.txt', 'a')], ifExists: 'version' });
	expect(result.error?.description).toBeUndefined();
	expect(
		rig()
			.cloud.box.files()
			.map(({ content }) => String(content)),
	).toEqual(['a']);
});

it.each([LIST_PARTS, ABORT])(
	'a part whose answer is lost is sent again without %s',
	async (route) => {
		refuse(route, 403);
		rig().cloud.faults.add({ route: PUT_PART, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { items: [large(4)] });
		expect(result.error?.description).toBeUndefined();
		expect(storedNames()).toEqual(['large 4.bin']);
	},
);

describe.each([CREATE, PUT_PART, COMMIT, CHECK, LIST_ITEMS, LIST_PARTS, ABORT, GET_FOLDER])(
	'without %s',
	(route) => {
		const isOfSessions = [CREATE, PUT_PART, COMMIT].includes(route);
		const kinds = { small: small.slice(0, 2), empty: small.slice(2), large: [large(5)] };
		const inOneRequest = { small: 2, empty: 1, large: isOfSessions ? 1 : 0 };

		it('small, empty and large files arrive, alone and together', async () => {
			await rig().connectBox();
			refuse(route, 404);
			const [smallOnes, emptyOnes, largeOnes] = Object.values(kinds);
			const both = [...smallOnes!, ...emptyOnes!, ...largeOnes!];
			for (const [kind, items] of Object.entries({ ...kinds, both })) {
				const { id } = rig().cloud.box.putFolder({ name: kind });
				const before = calls(DIRECT);
				const result = await upload(rig(), { items, parentFolderId: id });
				expect([kind, result.error?.description]).toEqual([kind, undefined]);
				const stored = rig()
					.cloud.box.files()
					.filter(({ parentId }) => parentId === id);
				expect(stored).toHaveLength(items.length);
				const wanted =
					kind === 'both'
						? Object.values(inOneRequest).reduce((sum, count) => sum + count, 0)
						: inOneRequest[kind as keyof typeof kinds];
				expect([kind, calls(DIRECT) - before]).toEqual([kind, wanted]);
			}
		});
	},
);

it('tells what has no other way', async () => {
	refuse(DIRECT);
	const result = await upload(rig(), { items: small, onError: 'continueRegularOutput' });
	expect(errorsOf(result).map((error) => error?.stored)).toEqual(['no', 'no', 'no']);
	refuse('POST /files/:id/content');
	const { id } = rig().cloud.box.putFile({ name: 'x', content: 'x' });
	const version = await upload(rig(), {
		items: [file('x', 'y')],
		...asVersionOf(id),
		onError: 'continueRegularOutput',
	});
	expect(errorsOf(version).map((error) => error?.stored)).toEqual(['no']);
});
