/** Plan Only: what it says is what the run then does, and it changes nothing. */
import type { IDataObject } from 'n8n-workflow';

import type { ItemSpec, RunResult } from '../../engine/types';
import { useRig } from '../../support/rig';
import { useSourceServer } from '../../support/sourceServer';
import * as box from '../boxUpload/uploads';
import { toDropbox } from '../source/uploads';
import type { Upload } from './uploads';
import { MIB, carryOn, file, hintOf, jsonOf, upload } from './uploads';

const rig = useRig();
const source = useSourceServer();

const WRITES = /upload_session|save_url|content$|upload_sessions/;

interface Plan extends IDataObject {
	action: string;
	path: string;
	size: number | null;
	bytesToSend: number;
	there?: IDataObject;
	reason?: { path: string; message: string };
}

const plansOf = (result: RunResult) => jsonOf(result).map(({ plan }) => plan as Plan);
const runOf = (result: RunResult) => jsonOf(result)[0]?.run as { requests: number; bytes: number };

/** By what the run gave, what has become of each file. */
function doneTo(json: IDataObject, before: ReadonlySet<unknown>): string {
	if (json.error !== undefined) return 'refuse';
	if (json.skipped === 'exists') return 'skip';
	return json.skipped === 'unchanged' || before.has(json.rev ?? '') ? 'unchanged' : 'stored';
}

describe('Dropbox', () => {
	/** Plans, checks that nothing has happened, runs, and compares. */
	async function compare(run: Upload, expected: readonly string[]): Promise<Plan[]> {
		const { cloud } = rig();
		const before = cloud.dropbox.files();
		const seen = cloud.log.length;
		const planned = await upload(rig(), { ...run, options: { ...run.options, planOnly: true } });
		const plans = plansOf(planned);
		expect(plans.map(({ action }) => action)).toEqual(expected);
		const calls = cloud.log.slice(seen);
		expect(calls.filter(({ route }) => WRITES.test(route ?? ''))).toEqual([]);
		expect(cloud.dropbox.files()).toEqual(before);

		await cloud.idle();
		cloud.resetCounters();
		const planEnd = cloud.log.length;
		const result = await upload(rig(), { ...carryOn, ...run });
		const revs = new Set<unknown>(before.map(({ rev }) => rev));
		const done = jsonOf(result).map((json) => {
			const end = doneTo(json, revs);
			revs.add(json.rev);
			return end;
		});
		const stores = (action: string) => ['new', 'replace', 'rename'].includes(action);
		expect(done).toEqual(expected.map((action) => (stores(action) ? 'stored' : action)));
		jsonOf(result).forEach((json, index) => {
			const { action, path, reason } = plans[index]!;
			if (action === 'new' || action === 'replace') expect(json.path_display).toBe(path);
			if (action === 'refuse') expect(json.error).toMatchObject({ path: reason?.path });
		});
		const { requests, bytes } = runOf(planned);
		expect(hintOf(planned)).toMatch(/^Plan: .*Nothing was sent\.$/);
		expect(requests).toBe(cloud.counters().requests);
		const sent = cloud.log.slice(planEnd).filter(({ route }) => /\/append_/.test(route ?? ''));
		expect(sent.reduce((sum, call) => sum + call.requestBytes, 0)).toBe(bytes);
		return plans;
	}

	const items: ItemSpec[] = [
		file('same.txt', 'same'),
		file('other.txt', 'mine'),
		file('new.txt', 'new'),
		file('folder', 'a folder is there'),
	];

	beforeEach(() => {
		const { dropbox } = rig().cloud;
		dropbox.putFile('/in/same.txt', 'same');
		dropbox.putFile('/in/other.txt', 'theirs');
		dropbox.putFile('/in/folder/deep.txt', 'deep');
	});

	it.each<[string, Partial<Upload>, string[]]>([
		['Fail', {}, ['unchanged', 'refuse', 'new', 'refuse']],
		['Overwrite', { ifExists: 'overwrite' }, ['unchanged', 'replace', 'new', 'refuse']],
		['Skip', { ifExists: 'skip' }, ['skip', 'skip', 'new', 'refuse']],
		['Skip Unchanged', { skipUnchanged: true }, ['unchanged', 'refuse', 'new', 'refuse']],
		[
			'Skip Unchanged and Overwrite',
			{ ifExists: 'overwrite', skipUnchanged: true },
			['unchanged', 'replace', 'new', 'refuse'],
		],
		[
			'Treat Same Content as Conflict',
			{ options: { strictConflict: true } },
			['refuse', 'refuse', 'new', 'refuse'],
		],
		['Rename', { ifExists: 'rename' }, ['unchanged', 'rename', 'new', 'rename']],
	])('%s', async (_, run, expected) => {
		await compare({ path: '/in/', items, ...run }, expected);
	});

	it('a revision', async () => {
		const { rev } = rig().cloud.dropbox.file('/in/other.txt')!;
		const one = [file('other.txt', 'mine')];
		const run = { path: '/in/', items: one, ifExists: 'update' };
		await compare({ ...run, rev: 'a1c10ce0dd78' }, ['refuse']);
		const [plan] = await compare({ ...run, rev }, ['replace']);
		expect(plan?.there).toMatchObject({ rev, size: 6 });
	});

	it('a path through a file', async () => {
		const [plan] = await compare({ path: '/in/same.txt/a/b.txt', items: [file('b', 'b')] }, [
			'refuse',
		]);
		expect(plan?.reason?.path).toBe('path/conflict/file_ancestor');
	});

	it('several items with one path, in their order', async () => {
		const three = [file('a', 'one'), file('b', 'two'), file('c', 'two')];
		const overwriting = { path: '/in/x', items: three, ifExists: 'overwrite' };
		const plans = await compare(overwriting, ['new', 'refuse', 'refuse']);
		expect(plans[1]?.reason).toMatchObject({ path: 'items/same_place' });
		expect(JSON.stringify(plans[2]?.reason)).toContain('Item 0 goes to the same place');
		await compare({ path: '/in/y', items: three }, ['new', 'refuse', 'refuse']);
		const same = [...three.slice(1), file('d', 'other')];
		await compare({ path: '/in/z', items: same }, ['new', 'unchanged', 'refuse']);
		await compare({ path: '/in/s', items: same, ifExists: 'skip' }, ['new', 'unchanged', 'skip']);
		await compare({ path: '/in/r', items: three, ifExists: 'rename' }, ['new', 'rename', 'rename']);
		// The run looks at the path before it sends either, so the bytes of both go out.
		const renaming = { ifExists: 'rename', skipUnchanged: true };
		await compare({ path: '/in/q', items: three.slice(1), ...renaming }, ['new', 'unchanged']);
		// The second meets what the first has put over the file that was there.
		const asTold = (name: string, ifExists: string) => ({
			...file(name, 'two'),
			json: { ifExists },
		});
		const told = [asTold('b', 'overwrite'), asTold('c', 'skip')];
		await compare({ path: '/in/other.txt', items: told, ifExists: '={{ $json.ifExists }}' }, [
			'replace',
			'unchanged',
		]);
	});

	it('many sizes: packs, parts and empty files', async () => {
		const sizes = [0, 0, 1, 3 * MIB, 6 * MIB, 8 * MIB, 8 * MIB + 1, 20 * MIB];
		const many = sizes.map((sizeBytes, seed) => file(`${seed}.bin`, { sizeBytes, seed }));
		const plans = await compare(
			{ path: '/many/', items: many },
			sizes.map(() => 'new'),
		);
		expect(plans.map(({ size, bytesToSend }) => [size, bytesToSend])).toEqual(
			sizes.map((size) => [size, size]),
		);
	});

	it('a link, of which nothing but the beginning is read', async () => {
		const url = source().put('/big.bin', { content: { sizeBytes: 100 * MIB, seed: 1 } });
		const result = await toDropbox(rig(), { urls: [url], options: { planOnly: true } });
		expect(plansOf(result)).toMatchObject([{ action: 'new', path: '/big.bin', size: 100 * MIB }]);
		expect(source().requests).toHaveLength(1);
		expect((await rig().engine.openHandles()).sockets).toBe(0);
		expect(source().sentBytes).toBeLessThan(30 * MIB);
	});

	it('a report of the plan', async () => {
		const options = { planOnly: true, output: 'report' };
		const result = await upload(rig(), { path: '/in/', items, options });
		expect(jsonOf(result)).toMatchObject([
			{ report: { planOnly: true, files: 4, new: 1, unchanged: 1, refuse: 2, failed: 0 } },
		]);
	});
});

describe('Box', () => {
	async function compare(run: box.Upload, expected: readonly string[]): Promise<Plan[]> {
		const { cloud } = rig();
		const before = box.storedFiles(rig());
		const seen = cloud.log.length;
		const planned = await box.upload(rig(), {
			...run,
			options: { ...run.options, planOnly: true },
		});
		const plans = plansOf(planned);
		expect(plans.map(({ action }) => action)).toEqual(expected);
		const calls = cloud.log.slice(seen);
		expect(calls.filter(({ method }) => method === 'POST' || method === 'PUT')).toEqual([]);
		expect(box.storedFiles(rig())).toEqual(before);

		await cloud.idle();
		cloud.resetCounters();
		const result = await box.upload(rig(), { ...carryOn, ...run });
		const stores = (action: string) => ['new', 'replace', 'rename'].includes(action);
		expect(jsonOf(result).map((json) => doneTo(json, new Set()))).toEqual(
			expected.map((action) => (stores(action) ? 'stored' : action)),
		);
		jsonOf(result).forEach((json, index) => {
			const { action, path, reason } = plans[index]!;
			if (stores(action)) expect(path.endsWith(json.name as string)).toBe(true);
			if (action === 'refuse') expect(json.error).toMatchObject({ path: reason?.path });
		});
		expect(runOf(planned).requests).toBe(cloud.counters().requests);
		return plans;
	}

	const items: ItemSpec[] = [
		file('same.txt', 'same'),
		file('other.txt', 'mine'),
		file('new.txt', 'new'),
	];
	const inFolder = { parentFolderId: box.byPath('/in'), items };

	beforeEach(async () => {
		const there = [file('same.txt', 'same'), file('other.txt', 'theirs')];
		const made = await box.upload(rig(), { ...inFolder, items: there });
		expect(made.status).toBe('success');
		await rig().cloud.idle();
	});

	it.each<[string, Partial<box.Upload>, string[]]>([
		['Fail', {}, ['unchanged', 'refuse', 'new']],
		['Skip', { ifExists: 'skip' }, ['skip', 'skip', 'new']],
		['Rename', { ifExists: 'rename' }, ['rename', 'rename', 'new']],
		['Upload New Version', { ifExists: 'version' }, ['replace', 'replace', 'new']],
		[
			'Skip Unchanged',
			{ ifExists: 'version', skipUnchanged: true },
			['unchanged', 'replace', 'new'],
		],
	])('%s', async (_, run, expected) => {
		await compare({ ...inFolder, ...run }, expected);
	});

	it('folders that are missing, and files of many sizes', async () => {
		const sizes = [0, 5 * MIB, 19_999_999, 20_000_000, 30 * MIB];
		const many = sizes.map((sizeBytes, seed) => file(`${seed}.bin`, { sizeBytes, seed }));
		const run = { parentFolderId: box.byPath('/in/a/b/c'), items: many };
		await compare(
			run,
			sizes.map(() => 'new'),
		);
	});

	it('names no target that another item asks for', async () => {
		const told = (name: string, content: string, ifExists: string): ItemSpec => ({
			...file(name, content),
			json: { ifExists },
		});
		const three = [
			told('same.txt', 'one', 'rename'),
			told('same.txt', 'two', 'rename'),
			told('same (1).txt', 'three', 'version'),
		];
		const plans = await compare({ ...inFolder, items: three, ifExists: '={{ $json.ifExists }}' }, [
			'rename',
			'rename',
			'new',
		]);
		expect(new Set(plans.map(({ path }) => path)).size).toBe(3);
	});

	it('gives no two files one name', async () => {
		const two = [file('same.txt', 'one'), file('same (1).txt', 'two')];
		const planned = await box.upload(rig(), {
			...inFolder,
			items: two,
			ifExists: 'rename',
			options: { planOnly: true },
		});
		expect(new Set(plansOf(planned).map(({ path }) => path)).size).toBe(2);
	});

	it('several items with one name, in their order', async () => {
		const three = [file('x', 'one'), file('x', 'two'), file('x', 'two')];
		const run = { ...inFolder, items: three, ifExists: 'version' };
		const plans = await compare(run, ['new', 'refuse', 'refuse']);
		expect(JSON.stringify(plans[1]?.reason)).toContain('Item 0 goes to the same place');
		const same = [...three.slice(1), file('x', 'four')].map((item) => ({ ...item }));
		const other = { ...run, parentFolderId: box.byPath('/other'), items: same };
		await compare(other, ['new', 'unchanged', 'refuse']);
	});

	it('parts of another size than 8 MiB, once Box has named it to the account', async () => {
		const { settings } = rig().cloud.box;
		const usual = settings.partSizeBytes;
		settings.partSizeBytes = 5 * MIB;
		try {
			const named = (name: string) => ({
				parentFolderId: '0',
				items: [file(name, { sizeBytes: 33 * MIB, seed: 1 })],
			});
			const first = await box.upload(rig(), { ...named('a.bin'), options: { planOnly: true } });
			expect(jsonOf(first)[0]?.run).toMatchObject({
				requestsAssume: 'parts of 8.39 MB in Box',
			});
			expect(hintOf(first)).toMatch(
				/requests, assuming parts of 8\.39 MB in Box\. Nothing was sent/,
			);
			await box.upload(rig(), named('a.bin'));
			await rig().cloud.idle();
			await compare(named('b.bin'), ['new']);
			const second = await box.upload(rig(), { ...named('c.bin'), options: { planOnly: true } });
			expect(jsonOf(second)[0]?.run).not.toHaveProperty('requestsAssume');
		} finally {
			settings.partSizeBytes = usual;
		}
	});
});
