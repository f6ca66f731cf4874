/** A folder of Dropbox or Box as the source, and the other ways to name what is copied. */
import { boxAccounts } from '../../cloud/box';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { errorsOf, hintOf, jsonOf } from '../upload/uploads';
import type { Copy, Vendor } from './copies';
import { connectSources, from, isSlow, PAIRS, SOURCE_ACCOUNTS, to } from './copies';

const rig = useRig({ pace: SHORT_WAITS });
beforeEach(async () => await connectSources(rig()));

const FOLDERS = isSlow ? 21 : 6;
const FILES_OF_FOLDER = isSlow ? 48 : 5;
const { accountId, displayName } = SOURCE_ACCOUNTS.Dropbox;

/** A chain of folders with files in each; gives what the source field takes, and the paths below it. */
function tree(vendor: Vendor): { name: string; paths: string[] } {
	const paths: string[] = [];
	const userId = boxAccounts.colleague.id;
	const { id: rootId } = rig().cloud.box.putFolder({ name: 'Projekt', userId });
	let parentId = rootId;
	let folder = '';
	for (let depth = 0; depth < FOLDERS; depth++) {
		if (depth > 0) {
			folder += `/Ebene ${depth}`;
			if (vendor === 'Box') {
				parentId = rig().cloud.box.putFolder({ name: `Ebene ${depth}`, parentId, userId }).id;
			}
		}
		for (let index = 0; index < FILES_OF_FOLDER; index++) {
			const path = `${folder}/${index}.txt`;
			const content = `${vendor} ${path}`;
			paths.push(path);
			if (vendor === 'Dropbox') {
				rig().cloud.dropbox.putFile(`/Projekt${path}`, content, { accountId });
			} else {
				rig().cloud.box.putFile({ name: `${index}.txt`, parentId, content, userId });
			}
		}
	}
	return { name: vendor === 'Dropbox' ? `/${displayName}/projekt` : rootId, paths };
}

const run = async (target: Vendor, copy: Copy) => await to[target].run(rig(), copy);

describe.each(PAIRS)('from %s to %s', (source, target) => {
	const destination =
		target === 'Box'
			? { parentFolderId: { __rl: true, mode: 'path', value: '/Ziel' } }
			: { folder: '/Ziel' };

	it(
		'copies all files with their folders, and nothing at all the second time',
		async () => {
			const { name, paths } = tree(source);
			const copy = {
				parameters: {
					source: from[source].folder,
					[from[source].folder]: name,
					skipUnchanged: true,
					ifExists: to[target].overwrite,
					...destination,
				},
			};
			const first = await run(target, copy);
			expect(errorsOf(first).filter(Boolean)).toEqual([]);
			expect(first.outputs[0]).toHaveLength(paths.length);
			expect(
				new Set(first.outputs[0]?.map(({ pairedItem }) => JSON.stringify(pairedItem))),
			).toEqual(new Set(['{"item":0}']));
			const stored = to[target].stored(rig()).map(({ path }) => path);
			expect(stored.sort()).toEqual(paths.map((path) => `/Ziel${path}`).sort());
			rig().cloud.resetCounters();
			const second = await run(target, copy);
			expect(jsonOf(second).map(({ skipped }) => skipped)).toEqual(paths.map(() => 'unchanged'));
			const { requests, requestsByRoute } = rig().cloud.counters();
			if (isSlow) console.log(`${source} to ${target}: second run`, requests, requestsByRoute);
			expect(requestsByRoute[from[source].linkRoute]).toBeUndefined();
			// The source is listed and the target is, a folder of Box once each: for 1,000 files in 20 nested folders at
			// most 46 calls. The parent of the target and what the source is called take the rest.
			expect(requests).toBeLessThan(2 * FOLDERS + 6);
		},
		5 * 60_000,
	);

	it('plans every file, and leaves nothing behind', async () => {
		const { name, paths } = tree(source);
		const planned = await run(target, {
			parameters: { source: from[source].folder, [from[source].folder]: name, ...destination },
			options: { planOnly: true },
		});
		const actions = jsonOf(planned).map(({ plan }) => (plan as { action: string }).action);
		expect(actions).toEqual(paths.map(() => 'new'));
		expect(to[target].stored(rig())).toEqual([]);
	});
});

describe.each([
	['Dropbox', 'Box'],
	['Box', 'Dropbox'],
] as const)('two files of one size and one second, from %s to %s', (source, target) => {
	const modifiedAt = '2021-03-04T05:06:07Z';

	/** Gives what the source field takes. */
	function folderWith(name: string, content: string, fileName = 'status.json'): string {
		const { box, dropbox } = rig().cloud;
		if (source === 'Dropbox') {
			dropbox.putFile(`/${name}/${fileName}`, content, { accountId, clientModified: modifiedAt });
			return `/${displayName}/${name}`;
		}
		const userId = boxAccounts.colleague.id;
		const { id } = box.putFolder({ name, userId });
		const modifiedAtMs = Date.parse(modifiedAt);
		box.putFile({ name: fileName, parentId: id, content, userId, modifiedAtMs });
		return id;
	}

	const copy = async (contents: readonly string[], ifExists: string = to[target].overwrite) =>
		await run(target, {
			parameters: {
				source: from[source].folder,
				[from[source].folder]: '={{ $json.from }}',
				skipUnchanged: true,
				ifExists,
			},
			items: contents.map((content, index) => ({
				json: { from: folderWith(`Export ${index}`, content) },
			})),
		});

	it('in one place: the second one is not taken for the first', async () => {
		const [first, second] = errorsOf(await copy(['one', 'two']));
		expect([first, second?.path]).toEqual([undefined, 'items/same_place']);
		const hashes = to[target].stored(rig()).map(({ hash }) => hash);
		expect(hashes).toEqual([to[target].hashOf(Buffer.from('one'))]);
	});

	it('with Rename: both are stored', async () => {
		const result = await copy(['one', 'two'], 'rename');
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual([undefined, undefined]);
		const stored = to[target].stored(rig()).map(({ path }) => path);
		expect(stored.sort()).toEqual(['/status (1).json', '/status.json']);
	});

	it('with Rename: a name that a file gets instead of its own may be that of another', async () => {
		const named = [['one'], ['two'], ['six', 'status (1).json']] as const;
		const items = named.map(([content, fileName], index) => ({
			json: { from: folderWith(`Export ${index}`, content, fileName) },
		}));
		// Box gets the last one first, and stores it when its name has gone to the second.
		const action = { kind: 'delay', delayMs: 300 } as const;
		rig().cloud.faults.add({ route: 'POST /files/content', skip: 1, action });
		const result = await run(target, {
			parameters: {
				source: from[source].folder,
				[from[source].folder]: '={{ $json.from }}',
				skipUnchanged: true,
				ifExists: 'rename',
			},
			items,
		});
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual([undefined, undefined, undefined]);
		const hashes = to[target].stored(rig()).map(({ hash }) => hash);
		const contents = named.map(([content]) => to[target].hashOf(Buffer.from(content)));
		expect(hashes.sort()).toEqual(contents.sort());
	});

	it('in one place: the second one is left out if it is the same', async () => {
		const result = await copy(['one', 'one']);
		expect(errorsOf(result)).toEqual([undefined, undefined]);
		expect(jsonOf(result)[1]).toMatchObject({ skipped: 'unchanged' });
	});
});

describe('a shared folder that the account has not added to its Dropbox', () => {
	it('is copied with its folders', async () => {
		const namespaceId = '3000000009';
		const { dropbox } = rig().cloud;
		dropbox.share(accountId, 'Not added', namespaceId);
		for (const path of ['/a.txt', '/Sub/a.txt', '/Sub/Deep/a.txt']) {
			dropbox.putFile(`ns:${namespaceId}${path}`, path, { accountId });
		}
		const dropboxFolder = `ns:${namespaceId}/Sub`;
		const result = await run('Box', { parameters: { source: 'dropboxFolder', dropboxFolder } });
		expect(errorsOf(result)).toEqual([undefined, undefined]);
		const stored = to.Box.stored(rig()).map(({ path }) => path);
		expect(stored.sort()).toEqual(['/Deep/a.txt', '/a.txt'].sort());
	});
});

describe.each(['Dropbox', 'Box'] as const)('a credential of the source in %s', (source) => {
	it('that n8n cannot read fails the item', async () => {
		const name = from[source].put(rig(), 'a.txt', 'a');
		const type = { Dropbox: 'dropboxUploadSourceOAuth2Api', Box: 'boxUploadSourceOAuth2Api' };
		rig().use(type[source], 'gone');
		const result = await run('Box', {
			parameters: { source: from[source].file, [from[source].file]: name },
		});
		expect(errorsOf(result)).toMatchObject([{ path: 'source/auth/not_connected', stored: 'no' }]);
	});
});

describe('a report', () => {
	it('names the input item of a file that failed, however many files came before it', async () => {
		for (const name of ['a', 'b', 'c']) {
			rig().cloud.dropbox.putFile(`/Three/${name}.txt`, name, { accountId });
		}
		const result = await run('Box', {
			parameters: { source: 'dropboxFolder', dropboxFolder: '={{ $json.from }}' },
			options: { output: 'report' },
			items: ['Three', 'Nothing here'].map((name) => ({
				json: { from: `/${displayName}/${name}` },
			})),
		});
		expect(jsonOf(result)[0]).toMatchObject({
			report: { stored: 3, failed: 1, failures: [{ item: 1 }] },
		});
	});
});

describe('what has no content', () => {
	it('is told by an item and a hint, and keeps no file from being copied', async () => {
		rig().cloud.dropbox.putFile('/Projekt/a.txt', 'a', { accountId });
		rig().cloud.dropbox.putFile('/Projekt/plan.paper', '', { accountId, exportAs: 'html' });
		const fromDropbox = await run('Box', {
			parameters: { source: 'dropboxFolder', dropboxFolder: `/${displayName}/Projekt` },
			options: { output: 'filesAndReport' },
		});
		expect(jsonOf(fromDropbox).slice(0, 2)).toMatchObject([
			{ name: 'a.txt' },
			{ skipped: 'noFile', reason: { path: 'source/cloud_document', vendor: 'Dropbox' } },
		]);
		expect(jsonOf(fromDropbox)[2]).toMatchObject({ report: { stored: 1, skipped: 1, failed: 0 } });
		expect(hintOf(fromDropbox)).toContain('no content to copy');

		const userId = boxAccounts.colleague.id;
		const { id } = rig().cloud.box.putFolder({ name: 'Links', userId });
		rig().cloud.box.putFile({ name: 'b.txt', parentId: id, content: 'b', userId });
		rig().cloud.box.putWebLink('Intranet', 'https://intranet.example/', id, userId);
		const fromBox = await run('Dropbox', { parameters: { source: 'boxFolder', boxFolder: id } });
		expect(jsonOf(fromBox)).toMatchObject([
			{ name: 'b.txt' },
			{ skipped: 'noFile', reason: { path: 'source/web_link', vendor: 'Box' } },
		]);
	});

	it('fails where it is the source itself, or where its vendor gives it to nobody', async () => {
		rig().cloud.dropbox.putFile('/plan.paper', '', { accountId, exportAs: 'html' });
		rig().cloud.dropbox.putFile('/film.mkv', 'f', {
			accountId,
			linkRefusal: { '.tag': 'not_allowed' },
		});
		const userId = boxAccounts.colleague.id;
		const refusal = { status: 403, code: 'forbidden_by_policy' };
		const { id } = rig().cloud.box.putFile({ name: 'v.exe', content: 'v', userId, refusal });
		const told = async (source: 'dropboxFile' | 'boxFile', name: string) =>
			errorsOf(await run('Box', { parameters: { source, [source]: name } }))[0]?.path;
		expect(await told('dropboxFile', `/${displayName}/plan.paper`)).toBe('source/cloud_document');
		expect(await told('dropboxFile', `/${displayName}/film.mkv`)).toBe('source/not_allowed');
		expect(await told('boxFile', id)).toBe('source/forbidden_by_policy');
	});
});

describe('a source can be named', () => {
	it('by ID, by URL, by path, or by a shared link, with its password', async () => {
		const { id } = rig().cloud.dropbox.putFile('/Sub/d.txt', 'd', { accountId });
		const userId = boxAccounts.colleague.id;
		const folder = rig().cloud.box.putFolder({ name: 'Sub', userId });
		const file = rig().cloud.box.putFile({
			name: 'b.txt',
			parentId: folder.id,
			content: 'b',
			userId,
		});
		const foreign = rig().cloud.box.putFile({
			name: 'service.txt',
			content: 's',
			userId: boxAccounts.service.id,
		});
		const named: Array<readonly [string, string, Record<string, string>?]> = [
			['dropboxFile', id],
			['boxFile', file.id],
			['boxFile', `https://app.box.com/file/${file.id}?s=1`],
			['boxFile', '/Sub/B.txt'],
			[
				'boxFile',
				rig().cloud.box.share(foreign.id, 'hush hush'),
				{ sourceLinkPassword: 'hush hush' },
			],
		];
		for (const [index, [source, name, options]] of named.entries()) {
			const fileName = `${index}.txt`;
			const result = await run('Box', {
				parameters: { source, [source]: name, fileName },
				options,
			});
			expect([name, errorsOf(result)]).toEqual([name, [undefined]]);
		}
		const expected = ['d', 'b', 'b', 'b', 's'].map((text) => to.Box.hashOf(Buffer.from(text)));
		expect(to.Box.stored(rig()).map(({ hash }) => hash)).toEqual(expected);
	});

	it('by a shared link, and says so when the sign-in ends before the content is read', async () => {
		await rig().connectDropbox();
		rig().cloud.dropbox.putFile('/Shared/a.txt', 'a');
		const shared = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'getLink',
			parameters: { file: '/Shared', simplify: false },
		});
		const run = (): void => {
			rig().cloud.dropboxTokens.revokeRefreshTokens();
			rig().cloud.dropboxTokens.expireAll();
		};
		const route = 'sharing/get_shared_link_file';
		rig().cloud.faults.add({ route, action: { kind: 'before', run } });
		const result = await to.Box.run(rig(), {
			parameters: { source: 'dropboxFolder', dropboxFolder: jsonOf(shared)[0]?.url as string },
		});
		expect(errorsOf(result)).toMatchObject([
			{ path: 'source/auth/not_connected', retryable: false, stored: 'no' },
		]);
		expect(rig().calls(route)).toHaveLength(1);
	});

	it('by a shared link to what another account has in Dropbox, a file or a folder', async () => {
		await rig().connectDropbox();
		rig().cloud.dropbox.putFile('/Shared/a.txt', 'a');
		rig().cloud.dropbox.putFile('/Shared/inner/b.txt', 'b');
		const link = async (file: string) => {
			const shared = await rig().dropbox({
				resource: 'sharedFile',
				operation: 'getLink',
				parameters: { file, simplify: false },
			});
			return jsonOf(shared)[0]?.url as string;
		};
		const [toFile, toFolder] = [await link('/Shared/a.txt'), await link('/Shared')];
		rig().cloud.resetCounters();
		const single = await run('Box', {
			parameters: { source: 'dropboxFile', dropboxFile: toFile, fileName: 'one.txt' },
		});
		expect(errorsOf(single)).toEqual([undefined]);
		const whole = await run('Box', {
			parameters: { source: 'dropboxFolder', dropboxFolder: toFolder },
		});
		expect(errorsOf(whole)).toEqual([undefined, undefined]);
		const paths = to.Box.stored(rig()).map(({ path }) => path);
		expect(paths.sort()).toEqual(['/a.txt', '/inner/b.txt', '/one.txt']);
		const reads = rig().calls('sharing/get_shared_link_file');
		expect(reads).toHaveLength(3);
		expect(new Set(reads.map(({ host }) => host))).toEqual(new Set(['content.dropboxapi.com']));
	});
});

describe('before anything is asked for', () => {
	it.each([
		['dropboxFolder', '/a', { fileName: 'one.txt' }, 'input/fileName'],
		['boxFolder', '1', { uploadAs: 'newVersion', fileId: '5' }, 'input/uploadAs'],
		['dropboxFile', 'https://evil.example/a', {}, 'input/dropboxFile'],
		['boxFile', 'nothing', {}, 'input/boxFile'],
	])('%s %s %p is refused', async (source, name, parameters, path) => {
		const result = await run('Box', { parameters: { source, [source]: name, ...parameters } });
		expect(errorsOf(result)[0]?.path).toBe(path);
		expect(rig().cloud.log).toEqual([]);
	});
});
