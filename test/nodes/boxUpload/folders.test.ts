/** Where a file goes: a folder from the list, by ID, by URL, or by a path that is made when it is missing. */
import { boxAccounts } from '../../cloud/box';
import { boxEnterpriseId } from '../../cloud/box/accounts';
import {
	CREATE_FOLDER,
	DIRECT,
	GET_FOLDER,
	LIST_ITEMS,
	byId,
	byPath,
	carryOn,
	errorsOf,
	expectAllStored,
	failureOf,
	file,
	jsonOf,
	nodeRun,
	startUpload,
	storedPaths,
	upload,
	useBox,
} from './uploads';

const rig = useBox();
const box = () => rig().cloud.box;
const folderPaths = () =>
	box()
		.folders()
		.map(({ path }) => path)
		.sort();

describe('Upload File, into a folder', () => {
	it('by its ID, and asks for it before anything is sent', async () => {
		const { id } = box().putFolder({ name: 'Reports' });
		const items = [file('a', 'aaa'), file('b', 'bbb')];
		const result = await upload(rig(), { parentFolderId: byId(id), items });
		expectAllStored(rig(), result, [
			['/Reports/a', 'aaa'],
			['/Reports/b', 'bbb'],
		]);
		expect(rig().cloud.log.map(({ route }) => route)).toEqual([GET_FOLDER, DIRECT, DIRECT]);
	});

	it('by its ID as an expression of each item', async () => {
		const ids = ['one', 'two'].map((name) => box().putFolder({ name }).id);
		const items = ids.map((folder) => file('same name', folder, { folder }));
		const result = await upload(rig(), { parentFolderId: '={{ $json.folder }}', items });
		expectAllStored(rig(), result, [
			['/one/same name', ids[0]!],
			['/two/same name', ids[1]!],
		]);
	});

	it('by its address in the browser', async () => {
		const { id } = box().putFolder({ name: 'Reports' });
		const result = await upload(rig(), {
			parentFolderId: { __rl: true, mode: 'url', value: `https://acme.app.box.com/folder/${id}` },
			items: [file('a', 'aaa')],
		});
		expectAllStored(rig(), result, [['/Reports/a', 'aaa']]);
	});

	it('that is not there: says so before a byte is sent', async () => {
		const result = await upload(rig(), { parentFolderId: byId('404404'), items: [file('a', 'a')] });
		expect(failureOf(result)).toMatchObject({
			path: 'not_found',
			message: "Box can't find the folder or file",
			class: 'input',
			stored: 'no',
		});
		expect(failureOf(result).description).toContain('404404');
		expect(rig().calls(DIRECT)).toEqual([]);
	});

	it('without the right to upload: says whom to ask', async () => {
		const { id } = box().putFolder({ name: 'Theirs', canUpload: false });
		const result = await upload(rig(), { parentFolderId: byId(id), items: [file('a', 'a')] });
		expect(failureOf(result)).toMatchObject({
			path: 'access_denied_insufficient_permissions',
			class: 'user',
			stored: 'no',
		});
	});

	it('keeps the folders that the files lie in', async () => {
		const result = await upload(rig(), {
			parentFolderId: byPath('/Base'),
			options: { keepFoldersBelow: '/data/in' },
			items: ['/data/in/x', '/data/in/2026/june/x', '/elsewhere/x'].map((path) => file(path, path)),
			...carryOn,
		});
		expect(storedPaths(rig())).toEqual(['/Base/2026/june/x', '/Base/x']);
		expect(errorsOf(result)[2]).toMatchObject({ path: 'input/keepFoldersBelow', stored: 'no' });
	});
});

describe('Upload File, into a path', () => {
	it('makes the folders that are missing, each once', async () => {
		box().putFolder({ name: 'Reports' });
		const items = Array.from({ length: 12 }, (_, index) => file(`${index}.txt`, `${index}`));
		const stored = await upload(rig(), { parentFolderId: byPath('/Reports/2026/Juni ü'), items });
		expect(jsonOf(stored)).toHaveLength(12);
		expect(folderPaths()).toEqual(['/Reports', '/Reports/2026', '/Reports/2026/Juni ü']);
		expect(rig().calls(CREATE_FOLDER)).toHaveLength(2);
		expect(rig().calls(LIST_ITEMS)).toHaveLength(3);
	});

	it.each(['/', ' / ', '//'])('takes %j for All Files', async (path) => {
		const result = await upload(rig(), { parentFolderId: byPath(path), items: [file('a', 'a')] });
		expectAllStored(rig(), result, [['/a', 'a']]);
	});

	it.each([
		['without a slash before it', 'Reports/2026'],
		['with slashes around it', '/Reports/2026/'],
		['in another case', '/REPORTS/2026'],
	])('%s is the same folder', async (_, path) => {
		const { id } = box().putFolder({ name: 'Reports' });
		box().putFolder({ name: '2026', parentId: id });
		const result = await upload(rig(), { parentFolderId: byPath(path), items: [file('a', 'a')] });
		expectAllStored(rig(), result, [['/Reports/2026/a', 'a']]);
		expect(rig().calls(CREATE_FOLDER)).toEqual([]);
	});

	it('finds a folder on a later page', async () => {
		for (let index = 0; index < 1_001; index++) box().putFolder({ name: `folder ${index}` });
		const path = byPath('/folder 1000');
		expect((await upload(rig(), { parentFolderId: path, items: [file('a', 'a')] })).status).toBe(
			'success',
		);
		expect(storedPaths(rig())).toEqual(['/folder 1000/a']);
		expect(rig().calls(LIST_ITEMS)).toHaveLength(2);
	});

	it('through a file: says that it is one', async () => {
		box().putFile({ name: 'Reports', content: 'a file' });
		const path = byPath('/Reports/2026');
		const result = await upload(rig(), { parentFolderId: path, items: [file('a', 'a')] });
		expect(failureOf(result)).toMatchObject({ path: 'folder/not_a_folder', class: 'user' });
		expect(failureOf(result).description).toContain('/Reports');
	});

	it.each([
		['..', 'A folder name is only dots'],
		['a\\b', 'A folder name has a slash or backslash'],
		['={{ "" }}', "'Parent Folder' is empty"],
	])('refuses %j before anything is asked', async (path, message) => {
		const result = await upload(rig(), { parentFolderId: byPath(path), items: [file('a', 'a')] });
		expect(failureOf(result)).toMatchObject({ path: 'input/parentFolderId', message });
		expect(rig().cloud.log).toEqual([]);
	});

	it('that somebody else makes at the same time: takes theirs', async () => {
		rig().cloud.faults.add({
			route: CREATE_FOLDER,
			action: { kind: 'before', run: () => void box().putFolder({ name: 'new' }) },
		});
		const path = byPath('/New');
		const result = await upload(rig(), { parentFolderId: path, items: [file('a', 'a')] });
		expectAllStored(rig(), result, [['/new/a', 'a']]);
		expect(
			rig()
				.calls(CREATE_FOLDER)
				.map(({ status }) => status),
		).toEqual([409]);
	});

	it('makes no second folder when the answer to the first is lost', async () => {
		rig().cloud.faults.add({ route: CREATE_FOLDER, action: { kind: 'loseReply' } });
		const path = byPath('/New');
		const result = await upload(rig(), { parentFolderId: path, items: [file('a', 'a')] });
		expectAllStored(rig(), result, [['/New/a', 'a']]);
		expect(folderPaths()).toEqual(['/New']);
	});

	it('five executions at once make one folder', async () => {
		rig().cloud.faults.add({
			route: /folders/,
			times: Infinity,
			action: { kind: 'delay', delayMs: 30 },
		});
		const handles = await Promise.all(
			Array.from(
				{ length: 5 },
				async (_, index) =>
					await startUpload(rig(), {
						parentFolderId: byPath('/Reports/2026'),
						items: [file(`${index}.txt`, `${index}`)],
					}),
			),
		);
		const results = await Promise.all(handles.map(async ({ finished }) => await finished));
		expect(results.map(({ status }) => status)).toEqual(Array(5).fill('success'));
		expect(folderPaths()).toEqual(['/Reports', '/Reports/2026']);
		// One at a time in this process: nobody ran into a conflict.
		expect(
			rig()
				.calls(CREATE_FOLDER)
				.map(({ status }) => status),
		).toEqual([201, 201]);
		expect(storedPaths(rig())).toHaveLength(5);
	});
});

describe('Upload File, as another user', () => {
	it('stores into their folders, made by path', async () => {
		await rig().connectBoxServer({ boxSubjectType: 'enterprise', boxSubjectId: boxEnterpriseId });
		const run = nodeRun({
			parentFolderId: byPath('/Theirs'),
			options: { asUser: boxAccounts.colleague.id },
			items: [file('a', 'aaa'), file('large', { sizeBytes: 20_000_001, seed: 1 })],
		});
		const result = await rig().boxServer({
			...run,
			parameters: { ...run.parameters, authentication: 'serverOAuth2' },
		});
		expect(result.error).toBeUndefined();
		expect(box().files()).toMatchObject([
			{ path: '/Theirs/a', ownerId: boxAccounts.colleague.id },
			{ path: '/Theirs/large', ownerId: boxAccounts.colleague.id },
		]);
		const others = rig().cloud.log.filter(
			({ host, headers }) =>
				host.endsWith('box.com') && headers['as-user'] !== boxAccounts.colleague.id,
		);
		expect(others.map(({ pathname }) => pathname)).toEqual(['/oauth2/token']);
	});
});

describe('the list of Parent Folder', () => {
	const list = async (filter?: string, paginationToken?: string) =>
		await rig().boxList('searchFolders', { authentication: 'oAuth2' }, { filter, paginationToken });

	it('shows All Files and what lies in it', async () => {
		const reports = box().putFolder({ name: 'Reports' });
		box().putFolder({ name: '2026', parentId: reports.id });
		box().putFile({ name: 'a.txt', content: '' });
		expect(await list()).toEqual({
			results: [
				{ name: 'All Files', value: '0', url: 'https://app.box.com/folder/0' },
				{ name: 'Reports', value: reports.id, url: `https://app.box.com/folder/${reports.id}` },
			],
		});
	});

	it('finds folders wherever they lie, and says where', async () => {
		const reports = box().putFolder({ name: 'Reports' });
		const inside = box().putFolder({ name: 'June reports', parentId: reports.id });
		const { results } = await list(' report ');
		expect(results.map(({ name, value }) => [name, value])).toEqual([
			['/Reports', reports.id],
			['/Reports/June reports', inside.id],
			['/report (new folder)', '/report'],
		]);
	});

	it('goes on page by page', async () => {
		for (let index = 0; index < 230; index++) box().putFolder({ name: `folder ${index}` });
		const pages = [await list('folder')];
		for (let token = pages[0]!.paginationToken; token; token = pages.at(-1)!.paginationToken) {
			pages.push(await list('folder', String(token)));
		}
		const isFound = ({ value }: { value: unknown }) => value !== '/folder';
		expect(pages.map(({ results }) => results.filter(isFound).length)).toEqual([100, 100, 30]);
		const ids = pages.flatMap(({ results }) => results.filter(isFound).map(({ value }) => value));
		expect(new Set(ids).size).toBe(230);
	});

	it('offers an upload, but no session, what was typed as a new folder, and creates it', async () => {
		const parameters = { authentication: 'oAuth2', operation: 'upload' };
		const reports = box().putFolder({ name: 'Reports' });
		const listFor = async (filter: string) =>
			(await rig().boxList('searchFolders', parameters, { filter })).results;
		expect((await listFor('reports')).map(({ value }) => value)).toEqual([reports.id]);
		const offered = (await listFor('/Reports/2027/')).at(-1);
		expect(offered).toEqual({ name: '/Reports/2027 (new folder)', value: '/Reports/2027' });
		const ofSession = { ...parameters, resource: 'uploadSession', operation: 'create' };
		expect(await rig().boxList('searchFolders', ofSession, { filter: '/Reports/2027' })).toEqual({
			results: [],
		});
		const parentFolderId = { __rl: true, mode: 'list', value: String(offered!.value) };
		const result = await upload(rig(), { parentFolderId, items: [file('a', 'content')] });
		expect(result.error).toBeUndefined();
		expect(box().files()).toMatchObject([{ path: '/Reports/2027/a' }]);
	});

	it('says what is wrong in words', async () => {
		rig().cloud.faults.add({
			route: LIST_ITEMS,
			times: Infinity,
			action: { kind: 'reply', status: 403, body: '{"code":"insufficient_scope"}' },
		});
		await expect(list()).rejects.toThrow('The Box app lacks a permission that this needs');
	});
});
