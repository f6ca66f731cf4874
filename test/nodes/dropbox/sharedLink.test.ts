import { memberAccount } from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import { errorsOf, jsonOf } from './uploads';

const CREATE = 'sharing/create_shared_link_with_settings';

const rig = useRig();

const carryOn = { onError: 'continueRegularOutput' } as const;
const getLink = {
	resource: 'sharedFile',
	operation: 'getLink',
	parameters: { file: '={{ $json.file }}' },
};
const asking = (...files: string[]) => files.map((file) => ({ json: { file } }));
const put = (path: string) => rig().cloud.dropbox.putFile(path, 'content');

describe('Get Shared Link', () => {
	it('makes a link, and gives the same one from then on, by path and by ID', async () => {
		const { id } = put('/日本/å.txt');
		const [first] = jsonOf(await rig().dropbox({ ...getLink, items: asking('/日本/å.txt') }));
		expect(first).toMatchObject({
			name: 'å.txt',
			url: expect.stringMatching('^https://') as string,
		});
		const again = await rig().dropbox({ ...getLink, items: asking('/日本/å.txt', id) });
		expect(jsonOf(again)).toEqual([first, first]);
		expect(again.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
	});

	it('sends audience, expiry and password', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const { accountId } = memberAccount;
		rig().cloud.dropbox.putFile('/a.txt', 'content', { accountId });
		const options = {
			root: 'home',
			linkAudience: 'team',
			linkExpires: '2030-01-02 03:04',
			linkPassword: 'open',
		};
		const result = await rig().dropbox({ ...getLink, options, items: asking('/a.txt') });
		expect(jsonOf(result)[0]).toMatchObject({
			expires: '2030-01-02T03:04:00Z',
			link_permissions: {
				effective_audience: { '.tag': 'team' },
				resolved_visibility: { '.tag': 'password' },
			},
		});
		expect(rig().calls(CREATE)[0]?.argument).toMatchObject({ path: '/a.txt' });
	});

	it('fails for what is not there, and goes on with the others', async () => {
		put('/a.txt');
		const items = asking('/nothing.txt', 'no slash', '/a.txt');
		const result = await rig().dropbox({ ...getLink, ...carryOn, items });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'path/not_found', stored: 'no' });
		expect(errorsOf(result)[0]?.description).toContain('/nothing.txt: path/not_found.');
		expect(errorsOf(result)[1]).toMatchObject({ path: 'input/file' });
		expect(jsonOf(result)[2]).toMatchObject({ name: 'a.txt' });
	});

	it('says where the permission is to be ticked', async () => {
		await rig().connectDropbox({ scopes: ['account_info.read', 'sharing.read'] });
		put('/a.txt');
		const result = await rig().dropbox({ ...getLink, ...carryOn, items: asking('/a.txt') });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'missing_scope', class: 'user' });
		expect(errorsOf(result)[0]?.description).toContain('select sharing.write');
	});
});
