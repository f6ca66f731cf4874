/** The folder that a file goes into, and the list to choose it from. */
import { memberAccount, teamFolder } from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import { LIST_FOLDER, carryOn, errorsOf, file, jsonOf, upload } from './uploads';

const rig = useRig();

const chosen = (value: string, mode = 'list') => ({ __rl: true, mode, value }) as const;
const storedPaths = () =>
	rig()
		.cloud.dropbox.files()
		.map(({ path }) => path);

describe('Folder', () => {
	it.each([
		['/Reports', '', '/Reports/a.txt'],
		['/Reports/', '', '/Reports/a.txt'],
		['/Reports', 'other.txt', '/Reports/other.txt'],
		['/Reports/2026', 'other.txt', '/Reports/2026/other.txt'],
		['/', '', '/a.txt'],
		['', '', '/a.txt'],
		['', 'other.txt', '/other.txt'],
	])('"%s" and the name "%s" are %s', async (folder, fileName, expected) => {
		const items = [file('a.txt', 'content')];
		const result = await upload(rig(), { folder: chosen(folder), fileName, items });
		expect(result.error).toBeUndefined();
		expect(storedPaths()).toEqual([expected]);
	});

	it('may be a namespace, and another one for each item', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const items = [`ns:${teamFolder.namespaceId}/in`, '/Own/in'].map((folder) => ({
			...file('a.txt', 'content'),
			json: { folder },
		}));
		const folder = chosen('={{ $json.folder }}', 'path');
		const result = await upload(rig(), { folder, items });
		expect(result.error).toBeUndefined();
		const inTeamFolder = { namespace: teamFolder.namespaceId };
		expect(rig().cloud.dropbox.file('/in/a.txt', inTeamFolder)).toBeDefined();
		expect(jsonOf(result)[1]).toMatchObject({ path_display: '/Own/in/a.txt' });
	});

	it("that doesn't begin with a slash is refused before any request", async () => {
		const items = [file('a.txt', 'content')];
		const result = await upload(rig(), { folder: chosen('Reports'), items, ...carryOn });
		const message = "'Folder' doesn't begin with a slash";
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/folder', message, class: 'input' });
		expect(rig().cloud.log).toEqual([]);
	});
});

describe('the list of Folder', () => {
	const list = async (filter?: string, paginationToken?: string, options = {}) =>
		await rig().dropboxList('searchFolders', { options }, { filter, paginationToken });
	const namesOf = async (filter?: string) => (await list(filter)).results.map(({ name }) => name);

	beforeEach(() => {
		for (const path of ['/Reports/2026/june/a.txt', '/Reports/2025/a.txt', '/Other/a.txt', '/a']) {
			rig().cloud.dropbox.putFile(path, 'content');
		}
	});

	it('shows the top folder and what lies in it', async () => {
		const { results, paginationToken } = await list();
		expect(results).toEqual(
			['/', '/Apps', '/Other', '/Reports'].map((path) => ({ name: path, value: path })),
		);
		expect(paginationToken).toBeUndefined();
	});

	it('finds folders by a part of their name', async () => {
		expect(await namesOf(' REP ')).toEqual(['/Reports', '/REP (new folder)']);
		expect(await namesOf('reports')).toEqual(['/Reports']);
	});

	it('goes down into the folder that the search names', async () => {
		expect(await namesOf('/reports/')).toEqual(['/reports', '/reports/2025', '/reports/2026']);
		expect(await namesOf('Reports/26')).toEqual(['/Reports/2026', '/Reports/26 (new folder)']);
		expect(await namesOf('/Reports/2026/june/')).toEqual(['/Reports/2026/june']);
	});

	it.each(['/Reports/../', '/..', 'ns:77', 'ns:77/'])(
		'has no folder to offer for %s',
		async (filter) => {
			expect(await namesOf(filter)).toEqual([]);
		},
	);

	it.each([
		['/No/such/', '/No/such'],
		['New', '/New'],
		['/Reports/2027', '/Reports/2027'],
	])('offers %s as a new folder, which the upload creates', async (filter, path) => {
		const { results } = await list(filter);
		expect(results).toEqual([{ name: `${path} (new folder)`, value: path }]);
		const items = [file('a.txt', 'content')];
		const result = await upload(rig(), { folder: chosen(String(results[0]!.value)), items });
		expect(result.error).toBeUndefined();
		expect(storedPaths()).toContain(`${path}/a.txt`);
	});

	it('finds a folder among many files, page by page', async () => {
		rig().cloud.dropbox.settings.listFolderPageSize = 2;
		for (let index = 0; index < 9; index++) rig().cloud.dropbox.putFile(`/f${index}`, '');
		const found: string[] = [];
		let token: string | undefined;
		do {
			const page = await list(undefined, token);
			found.push(...page.results.map(({ name }) => name));
			token = page.paginationToken;
		} while (token !== undefined);
		expect(found).toEqual(['/', '/Apps', '/Other', '/Reports']);
	});

	it('begins where the option Root says', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const own = (await list(undefined, undefined, { root: 'home' })).results;
		const ofTeam = (await list()).results.map(({ name }) => name);
		expect(ofTeam).toContain(`/${teamFolder.name}`);
		expect(own.map(({ name }) => name)).not.toContain(`/${teamFolder.name}`);
	});

	it('says what is wrong in words', async () => {
		rig().cloud.faults.add({ route: LIST_FOLDER, times: 9, action: { kind: 'resetBefore' } });
		await expect(list()).rejects.toThrow(
			'The connection to Dropbox broke before the response arrived',
		);
		await expect(list(undefined, undefined, { selectUser: 'a', selectAdmin: 'b' })).rejects.toThrow(
			"'Act as Team Member' and 'Act as Team Admin' can't be used together",
		);
	});
});
