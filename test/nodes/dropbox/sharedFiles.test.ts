import type { INodePropertyOptions } from 'n8n-workflow';

import { teamFolder, memberAccount } from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import { answering, sharedFileExample } from './replies';
import { leavesOf, tagsOf } from './unions';
import { errorsOf, jsonOf } from './uploads';

const GET = 'sharing/get_file_metadata';
const BATCH = 'sharing/get_file_metadata/batch';

const rig = useRig();

const carryOn = { onError: 'continueRegularOutput' } as const;
const get = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '={{ $json.file }}' },
};
const getMany = { ...get, operation: 'getMany' };

const asking = (...files: string[]) => files.map((file) => ({ json: { file } }));
const allActions = tagsOf('sharing.FileAction').map(({ name }) => name);

beforeEach(() => {
	const { sharing } = rig().cloud.dropbox;
	sharing.accessErrors = {};
	sharing.deniedActions = {};
	delete sharing.userError;
});

describe('Get Shared File Metadata', () => {
	it('lets every field of the API reference through', async () => {
		rig().cloud.faults.add({ route: GET, action: answering(sharedFileExample) });
		const result = await rig().dropbox({ ...get, items: asking('/dir/file.txt') });
		expect(result.outputs[0]).toEqual([{ json: sharedFileExample, pairedItem: { item: 0 } }]);
	});

	it('takes a path, an ID and a path in a namespace', async () => {
		const { id } = rig().cloud.dropbox.putFile('/日本/å.txt', 'text');
		const namespace = '1000000001';
		const result = await rig().dropbox({
			...get,
			items: asking(
				'/日本/å.txt',
				id,
				`ns:${namespace}/日本/å.txt`,
				`nspath:${namespace}:/日本/å.txt`,
			),
		});
		expect(jsonOf(result).map((json) => json.id)).toEqual([id, id, id, id]);
		expect(
			rig()
				.calls(GET)
				.map(({ argument }) => argument),
		).toEqual(expect.arrayContaining([{ file: '/日本/å.txt' }, { file: id }]));
	});

	it('offers every action that Dropbox knows', async () => {
		const nodes = await rig().engine.nodeDescriptions();
		const { properties } = nodes.find(({ name }) => name.endsWith('.dropboxUpload'))!;
		const offered = properties
			.filter(({ name }) => name === 'options')
			.flatMap(
				({ options }) => options as Array<{ name: string; options?: INodePropertyOptions[] }>,
			)
			.find(({ name }) => name === 'actions')!
			.options!.map(({ value }) => value);
		expect([...offered].sort()).toEqual([...allActions].sort());
	});

	it('asks for every action and shows what is denied and why', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		rig().cloud.dropbox.sharing.deniedActions = { unshare: { '.tag': 'target_is_owner' } };
		const result = await rig().dropbox({
			...get,
			options: { actions: allActions },
			items: asking('/a.txt'),
		});
		expect(jsonOf(result)[0]!.permissions).toEqual(
			allActions.map((name) => ({
				action: { '.tag': name },
				...(name === 'unshare'
					? { allow: false, reason: { '.tag': 'target_is_owner' } }
					: { allow: true }),
			})),
		);
	});

	it.each(leavesOf('sharing.SharingFileAccessError').map(({ path }) => path))(
		'says in words what %s means, and about which file',
		async (reason) => {
			rig().cloud.dropbox.sharing.accessErrors = { '/a.txt': reason };
			const result = await rig().dropbox({ ...get, ...carryOn, items: asking('/a.txt') });
			const error = errorsOf(result)[0]!;
			expect(error).toMatchObject({ path: `access_error/${reason}`, status: 409, stored: 'no' });
			expect(error.description).toContain('/a.txt');
			expect(error.requestId).toMatch(/^[0-9a-f]{32}$/);
		},
	);

	it('says that the e-mail address must be verified first', async () => {
		rig().cloud.dropbox.sharing.userError = 'email_unverified';
		const one = await rig().dropbox({ ...get, ...carryOn, items: asking('/a.txt') });
		expect(errorsOf(one)[0]).toMatchObject({ path: 'user_error/email_unverified', class: 'user' });
		const many = await rig().dropbox({ ...getMany, ...carryOn, items: asking('/a.txt') });
		expect(errorsOf(many)[0]).toMatchObject({ path: 'email_unverified', class: 'user' });
	});

	it('finds a file of the team space', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		rig().cloud.dropbox.putFile(`ns:${teamFolder.namespaceId}/plan.txt`, 'text', {
			accountId: memberAccount.accountId,
		});
		const result = await rig().dropbox({ ...get, items: asking(`/${teamFolder.name}/plan.txt`) });
		expect(jsonOf(result)[0]).toMatchObject({
			name: 'plan.txt',
			parent_shared_folder_id: teamFolder.namespaceId,
			owner_team: memberAccount.team,
		});
	});
});

describe('Get Many', () => {
	it('asks for 250 files in 3 calls, and gives what Dropbox says of each in order', async () => {
		const { sharing } = rig().cloud.dropbox;
		const files = Array.from({ length: 250 }, (_, index) => `/Many/${index}.txt`);
		files.forEach((file, index) => {
			if (index % 7 === 0) sharing.accessErrors[file] = 'no_permission';
			else if (index % 7 > 1) rig().cloud.dropbox.putFile(file, 'text');
		});
		const result = await rig().dropbox({ ...getMany, ...carryOn, items: asking(...files) });
		expect(
			rig()
				.calls(BATCH)
				.map(({ argument }) => (argument as { files: string[] }).files.length)
				.sort(),
		).toEqual([100, 100, 50]);
		expect(result.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(
			files.map((_, item) => ({ item })),
		);
		const errors = errorsOf(result);
		files.forEach((file, index) => {
			if (index % 7 > 1) {
				expect(jsonOf(result)[index]).toMatchObject({ '.tag': 'metadata', name: `${index}.txt` });
				return;
			}
			const path = index % 7 === 0 ? 'no_permission' : 'invalid_file';
			expect(errors[index]).toMatchObject({
				path,
				class: path === 'invalid_file' ? 'input' : 'user',
			});
			expect(errors[index]!.description).toContain(`${file}: ${path}.`);
		});
	});

	it('lets every field of the API reference through', async () => {
		const answer = { file: '/dir/file.txt', result: { '.tag': 'metadata', ...sharedFileExample } };
		rig().cloud.faults.add({ route: BATCH, action: answering([answer]) });
		const result = await rig().dropbox({ ...getMany, items: asking('/dir/file.txt') });
		expect(jsonOf(result)).toEqual([{ '.tag': 'metadata', ...sharedFileExample }]);
	});

	it('puts files that ask for the same actions into one call', async () => {
		for (const file of ['/a', '/b', '/c']) rig().cloud.dropbox.putFile(file, 'text');
		const result = await rig().dropbox({
			...getMany,
			options: { actions: '={{ $json.actions }}' as never },
			items: [
				{ json: { file: '/a', actions: ['unshare'] } },
				{ json: { file: '/b', actions: [] } },
				{ json: { file: '/c', actions: ['unshare'] } },
			],
		});
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
		expect(
			rig()
				.calls(BATCH)
				.map(({ argument }) => argument),
		).toEqual(
			expect.arrayContaining([
				{ files: ['/a', '/c'], actions: [{ '.tag': 'unshare' }] },
				{ files: ['/b'] },
			]),
		);
		expect(rig().calls(BATCH)).toHaveLength(2);
	});

	it('does not guess when the number of answers is wrong', async () => {
		rig().cloud.faults.add({ route: BATCH, action: answering([]) });
		const result = await rig().dropbox({ ...getMany, ...carryOn, items: asking('/a', '/b') });
		expect(errorsOf(result)).toMatchObject([
			{ path: 'http/unexpected_reply' },
			{ path: 'http/unexpected_reply' },
		]);
	});

	it('stops with one error that counts the failed files', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		const { error } = await rig().dropbox({
			...getMany,
			items: asking('/a.txt', '/b.txt', '/c.txt'),
		});
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: "Dropbox can't find this file",
		});
		expect(error!.context).toMatchObject({ itemIndex: 1 });
		expect(error!.description).toContain('2 of 3 items failed for this reason');
		expect(error!.description).toContain('/c.txt');
	});
});
