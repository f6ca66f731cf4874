/** Shared Link: each item carries a link; one that cannot be had makes no stored file a failure. */
import { memberAccount } from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import * as box from '../boxUpload/uploads';
import { file, hintOf, jsonOf, storedPaths, upload } from './uploads';

const rig = useRig();

const CREATE = 'sharing/create_shared_link_with_settings';
const LIST = 'sharing/list_shared_links';
const options = { sharedLink: true };
const items = [file('a.txt', 'aaa'), file('b.txt', 'bbb')];
const SCOPES = ['account_info.read', 'files.metadata.read', 'files.content.write', 'sharing.read'];

describe('Dropbox', () => {
	it('gives each item a link', async () => {
		const result = await upload(rig(), { items, options });
		expect(jsonOf(result)).toMatchObject(
			['a', 'b'].map((name) => ({
				path_display: `/${name}.txt`,
				shared_link: { url: expect.stringMatching(`^https://.*${name}\\.txt`) as string },
			})),
		);
	});

	it('gives the link that is there, also for what is skipped', async () => {
		const first = jsonOf(await upload(rig(), { items, options }));
		const again = await upload(rig(), { items, options, ifExists: 'skip' });
		const urls = (list: typeof first) => list.map(({ shared_link: link }) => link);
		expect(urls(jsonOf(again))).toEqual(urls(first));
		expect(jsonOf(again).map(({ skipped }) => skipped)).toEqual(['exists', 'exists']);
		expect(rig().calls(LIST)).toEqual([]);
	});

	it("asks for the link where Dropbox doesn't name it", async () => {
		const [first] = jsonOf(await upload(rig(), { items: items.slice(0, 1), options }));
		rig().cloud.faults.add({
			route: CREATE,
			action: {
				kind: 'reply',
				status: 409,
				headers: { 'content-type': 'application/json' },
				body: '{"error": {".tag": "shared_link_already_exists"}}',
			},
		});
		const again = await upload(rig(), { items: items.slice(0, 1), options });
		expect(jsonOf(again)[0]?.shared_link).toEqual(first?.shared_link);
		expect(rig().calls(LIST)).toHaveLength(1);
	});

	it('sends audience, expiry and password', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const link = { linkAudience: 'team', linkExpires: '2030-01-02 03:04', linkPassword: 'open' };
		const run = { items: items.slice(0, 1), options: { ...options, ...link } };
		const [json] = jsonOf(await upload(rig(), run));
		expect(json?.shared_link).toMatchObject({
			expires: '2030-01-02T03:04:00Z',
			link_permissions: {
				effective_audience: { '.tag': 'team' },
				resolved_visibility: { '.tag': 'password' },
			},
		});
	});

	it('says exactly what to select when the app may not make links, and stores the files', async () => {
		await rig().connectDropbox({ scopes: SCOPES });
		const result = await upload(rig(), { items, options });
		expect(result.status).toBe('success');
		expect(storedPaths(rig())).toEqual(['/a.txt', '/b.txt']);
		for (const json of jsonOf(result)) {
			expect(json).toMatchObject({
				rev: expect.any(String) as string,
				shared_link: null,
				shared_link_error: { path: 'missing_scope', class: 'user', stored: 'yes' },
			});
			expect(JSON.stringify(json.shared_link_error)).toMatch(/sharing\.write.*Shared Links/);
		}
		expect(hintOf(result)).toContain('No shared link for 2 of 2 stored files');
	});

	it('makes no failure of settings that the plan does not allow', async () => {
		const link = { ...options, linkPassword: 'secret' };
		const [json] = jsonOf(await upload(rig(), { items: items.slice(0, 1), options: link }));
		expect(json).toMatchObject({
			path_display: '/a.txt',
			shared_link: null,
			shared_link_error: { path: 'settings_error/not_authorized' },
		});
	});

	it('refuses a date that is none before anything is sent', async () => {
		const link = { ...options, linkExpires: 'next week' };
		const result = await upload(rig(), { items, options: link });
		expect(result.error?.message).toBe("'Shared Link Expires' isn't a date");
		expect(rig().cloud.counters().requests).toBe(0);
	});
});

describe('Box', () => {
	const run = { items, parentFolderId: box.byId('0') };

	it('gives each item a link, as it is wanted', async () => {
		const link = { linkAudience: 'open', linkExpires: '2030-01-02 03:04', linkPassword: 'open it' };
		const result = await box.upload(rig(), { ...run, options: { ...options, ...link } });
		for (const json of jsonOf(result)) {
			expect(json.shared_link).toMatchObject({
				url: expect.stringMatching('^https://app.box.com/s/') as string,
				access: 'open',
				is_password_enabled: true,
			});
			const { unshared_at: until } = json.shared_link as { unshared_at: string };
			expect(Date.parse(until)).toBe(Date.parse('2030-01-02T03:04:00Z'));
		}
	});

	it('keeps the link that is there', async () => {
		const first = jsonOf(await box.upload(rig(), { ...run, options }));
		const skip = await box.upload(rig(), { ...run, options, ifExists: 'skip' });
		const version = await box.upload(rig(), {
			...run,
			items: [file('a.txt', 'other'), file('b.txt', 'other')],
			options: { ...options, linkAudience: 'company' },
			ifExists: 'version',
		});
		for (const result of [skip, version]) {
			expect(jsonOf(result).map((json) => json.shared_link)).toEqual(
				first.map((json) => json.shared_link),
			);
		}
	});

	it('makes no failure of a link that Box refuses', async () => {
		const link = { ...options, linkAudience: 'company', linkPassword: 'x' };
		const result = await box.upload(rig(), { ...run, options: link });
		expect(result.status).toBe('success');
		expect(box.storedPaths(rig())).toEqual(['/a.txt', '/b.txt']);
		expect(jsonOf(result)[0]).toMatchObject({
			sha1: box.sha1Of('aaa'),
			shared_link: null,
			shared_link_error: { path: 'bad_request', stored: 'yes' },
		});
		expect(hintOf(result)).toContain('No shared link for');
	});
});
