/** Whatever is thrown below the edge becomes the failure of the files it was for, and of no other. */
import { rmSync } from 'node:fs';

import type { RunResult } from '../../engine/types';
import type { Mutation } from '../../faults/mutations/list';
import { mutatedPackage } from '../../faults/mutations/mutate';
import { bugsToldIn, useRig } from '../../support/rig';
import * as boxUploads from '../boxUpload/uploads';
import * as uploads from './uploads';
import { MIB, carryOn, errorsOf, file, jsonOf, upload } from './uploads';

/** Thrown texts must reach nobody. */
const THROW = "throw new TypeError('text of a throw');";
const throwIf = (condition: string): string => `if (${condition}) ${THROW}`;
/** Only this size's second part throws. */
const SEND_THROWS = 12 * MIB + 1;

const DROPBOX = 'DropboxUpload/uploadFiles';

/** The built package, in which what has such a name throws at such a place. */
const MUTATIONS: readonly Mutation[] = [
	{
		name: 'sending a part',
		file: 'shared/transfer/sessionFill.js',
		find: 'const outcome = await this.target.send(this.session, part);',
		replace: `${throwIf(`this.source.sizeBytes === ${SEND_THROWS} && part.offset > 0 && !part.last`)}
			const outcome = await this.target.send(this.session, part);`,
	},
	{
		name: 'reading a pack',
		file: `${DROPBOX}/sendPack.js`,
		find: 'const loaded = await loadPack(pack, slot.take(bodyBytes), context);',
		replace: `${throwIf("pack.some((one) => one.file.commit.path.includes('pack throws'))")}
			const loaded = await loadPack(pack, slot.take(bodyBytes), context);`,
	},
	{
		name: 'committing',
		file: 'DropboxUpload/batch/commitEntries.js',
		find: 'async function commitEntries(connection, entries) {',
		replace: `async function commitEntries(connection, entries) {
			${throwIf("entries.some(({ commit }) => commit.path.includes('commit throws'))")}`,
	},
	{
		name: 'finding where to go on',
		file: `${DROPBOX}/uploader.js`,
		find: 'const note = await this.notes.of(file);',
		replace: `${throwIf("file.commit.path.includes('note throws')")}
			const note = await this.notes.of(file);`,
	},
	{
		name: 'settling',
		file: `${DROPBOX}/uploader.js`,
		find: 'this.context.settle(file, outcome);',
		replace: `if (file.commit.path.includes('never settled')) return;
			this.context.settle(file, outcome);
			if (file.commit.path.includes('settled twice')) this.context.settle(file, outcome);`,
	},
	{
		name: 'planning',
		file: `${DROPBOX}/dryRun.js`,
		find: 'async function plan(file, seen, now, context) {',
		replace: `async function plan(file, seen, now, context) {
			${throwIf("file.commit.path.includes('plan throws')")}`,
	},
	{
		name: 'storing',
		file: 'BoxUpload/uploadFile/sender.js',
		find: 'const canceled = this.context.canceled();',
		replace: `${throwIf("located.file.destination.fileName.includes('store throws')")}
			const canceled = this.context.canceled();`,
	},
	{
		name: 'one call for an item',
		file: 'shared/operation/operateOnItems.js',
		find: 'await operation.perform(input, itemIndex)',
		replace: `await (async () => {
			${throwIf('operation.context.getInputData()[itemIndex].json.throws')}
			return await operation.perform(input, itemIndex);
		})()`,
	},
];

let packageDir = '';
const rig = useRig(() => ({ packageDir: (packageDir = mutatedPackage(...MUTATIONS)) }));
afterAll(() => rmSync(packageDir, { recursive: true, force: true, maxRetries: 5 }));

const internal = { path: 'internal', class: 'internal', retryable: false, stored: 'unknown' };

function expectNoThrownText(result: RunResult): void {
	expect(JSON.stringify([result.outputs, result.error, result.logs])).not.toContain(
		'text of a throw',
	);
}

/** Those files alone have failed, the others are stored. */
async function expectFailed(
	names: ReadonlyArray<readonly [name: string, sizeBytes: number, ends: 'stored' | 'internal']>,
	options = {},
): Promise<RunResult> {
	const items = names.map(([name, sizeBytes], seed) => file(name, { sizeBytes, seed }));
	const result = await upload(rig(), { items, options, ...carryOn });
	expect(errorsOf(result).map((error) => error?.path)).toEqual(
		names.map(([, , end]) => (end === 'internal' ? 'internal' : undefined)),
	);
	for (const error of errorsOf(result)) if (error) expect(error).toMatchObject(internal);
	const stored = names.flatMap(([name, , end]) => (end === 'stored' ? [`/${name}`] : []));
	expect(uploads.storedPaths(rig())).toEqual(expect.arrayContaining(stored));
	const failed = names.length - stored.length;
	const plural = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;
	expect(uploads.hintOf(result)).toMatch(
		new RegExp(`^${plural(stored.length)} uploaded .*, ${plural(failed)} failed, `),
	);
	expectNoThrownText(result);
	return result;
}

describe('Upload to Dropbox', () => {
	it('a part that throws: its file is not committed, the others are stored', async () => {
		await expectFailed([
			['before.bin', 9 * MIB, 'stored'],
			['broken.bin', SEND_THROWS, 'internal'],
			['after.bin', 9 * MIB, 'stored'],
			['small.bin', 10, 'stored'],
		]);
		expect(uploads.storedPaths(rig())).not.toContain('/broken.bin');
	});

	it('a pack that throws: the files of that pack', async () => {
		await expectFailed([
			['pack throws', 5 * MIB, 'internal'],
			['another pack', 5 * MIB, 'stored'],
			['large', 9 * MIB, 'stored'],
		]);
	});

	it('a commit that throws: the files of that commit', async () => {
		const names = ['a', 'commit throws', 'b', 'c'] as const;
		await expectFailed(
			names.map((name) => [name, 10, name === 'commit throws' ? 'internal' : 'stored']),
			{ commitSize: 1 },
		);
	});

	it('a large file whose checkpoint throws: the run does not wait for it', async () => {
		await expectFailed([
			['note throws', 9 * MIB, 'internal'],
			['large', 9 * MIB, 'stored'],
		]);
	});

	it('a file that nothing settles is an item all the same, and a bug that is told', async () => {
		rig().mayHaveBugs = true;
		try {
			const result = await expectFailed([
				['never settled', 10, 'internal'],
				['a', 10, 'stored'],
			]);
			expect(bugsToldIn(result)).toEqual(['Dropbox Upload, bug: item 0 was never settled']);
			expect(errorsOf(result)[0]?.description).toContain('never settled');

			const twice = await upload(rig(), { items: [file('settled twice', 'x')], ...carryOn });
			expect(jsonOf(twice)).toMatchObject([{ path_display: '/settled twice' }]);
			expect(uploads.hintOf(twice)).toMatch(/^1 file uploaded /);
			expect(bugsToldIn(twice)).toEqual(['Dropbox Upload, bug: item 0 was settled twice']);
		} finally {
			rig().mayHaveBugs = false;
		}
	});

	it('a plan that throws stores nothing, and says so', async () => {
		const items = [file('plan throws', 'x'), file('b', 'y')];
		const result = await upload(rig(), { items, options: { planOnly: true }, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ ...internal, stored: 'no' });
		expectNoThrownText(result);
		expect(uploads.storedPaths(rig())).toEqual([]);
	});
});

describe('Upload to Box', () => {
	it.each([
		['small', 100],
		['large', boxUploads.LARGE],
	])('%s: a file that throws is its own failure', async (_what, sizeBytes) => {
		const names = ['a', 'store throws', 'b'];
		const items = names.map((name, seed) => boxUploads.file(name, { sizeBytes, seed }));
		const result = await boxUploads.upload(rig(), { items, ...carryOn });
		expect(errorsOf(result)[1]).toMatchObject(internal);
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'internal',
			undefined,
		]);
		expect(boxUploads.storedPaths(rig()).sort()).toEqual(['/a', '/b']);
		expect(uploads.hintOf(result)).toMatch(/^2 files uploaded .*, 1 file failed, /);
		expectNoThrownText(result);
	});
});

describe('other operations', () => {
	it('a call that throws is the failure of its item', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'x');
		const result = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'get',
			parameters: { file: 'id:unknown' },
			items: [{ json: { throws: true } }, { json: {} }],
			...carryOn,
		});
		const [first, second] = errorsOf(result);
		expect(first).toMatchObject(internal);
		expect(second?.path).not.toBe('internal');
		expectNoThrownText(result);
	});

	it('Finish Upload Batch: a commit that throws fails the items of that batch', async () => {
		const result = await rig().dropbox({
			resource: 'uploadBatch',
			operation: 'finishBatch',
			parameters: { sessionId: 'x', offset: 0, path: '={{ $json.path }}' },
			items: ['/commit throws', '/b'].map((path) => ({ json: { path } })),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual(['internal', 'internal']);
		expectNoThrownText(result);
	});
});
