/** Sources that nobody would make on purpose, and what is said of them. */
import { boxAccounts } from '../../cloud/box';
import type { FaultAction } from '../../cloud';
import { memberAccount } from '../../cloud/dropbox';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { errorsOf, hintOf, jsonOf } from '../upload/uploads';
import type { Copy, Vendor } from './copies';
import { connectSources, CROSSINGS, cutDownloads, from, SOURCE_ACCOUNTS, to } from './copies';

const rig = useRig({ pace: SHORT_WAITS });
beforeEach(async () => await connectSources(rig()));

const { accountId, displayName } = SOURCE_ACCOUNTS.Dropbox;
const userId = boxAccounts.colleague.id;
const run = async (target: Vendor, copy: Copy) => await to[target].run(rig(), copy);
const namesIn = (vendor: Vendor) =>
	to[vendor]
		.stored(rig())
		.map(({ path }) => path)
		.sort();

const copyFile = async (source: Vendor, target: Vendor, name: string, more: Partial<Copy> = {}) =>
	await run(target, {
		...more,
		parameters: { source: from[source].file, [from[source].file]: name, ...more.parameters },
	});

const copyFolder = async (source: Vendor, target: Vendor, name: string, more = {}) =>
	await run(target, {
		parameters: { source: from[source].folder, [from[source].folder]: name, ...more },
	});

/** A reply of Box as JSON, changed. */
const changed = (change: (json: Record<string, unknown>) => unknown): FaultAction => ({
	kind: 'changeReply',
	change: (reply) => {
		const json = JSON.parse(reply.body.toString()) as Record<string, unknown>;
		return { ...reply, headers: {}, body: Buffer.from(JSON.stringify(change(json))) };
	},
});

describe.each(CROSSINGS)('%s to %s', (source, target) => {
	it('a link that has expired before the first byte, and before the last one', async () => {
		const content = Buffer.from('0123456789');
		const name = from[source].put(rig(), 'a.txt', content);
		cutDownloads(rig(), source, [0, 100, content.length - 1, 100], [0, 2]);
		const result = await copyFile(source, target, name);
		expect(errorsOf(result)).toEqual([undefined]);
		expect(to[target].stored(rig())).toMatchObject([{ hash: to[target].hashOf(content) }]);
		expect(rig().calls(from[source].linkRoute)).toHaveLength(3);
		expect(hintOf(result)).toContain('2 × source/link_expired');
	});

	it('content that is larger than listed is not stored, and a watermark is thought of', async () => {
		const name = from[source].put(rig(), 'a.txt', 'listed');
		const body = 'with a watermark on it';
		for (const kept of [body, body.slice(0, 3)]) {
			rig().cloud.faults.add({
				route: from[source].downloadRoute,
				action: { kind: 'reply', status: 200, body: kept },
			});
			const [error] = errorsOf(await copyFile(source, target, name));
			expect(error).toMatchObject({ path: 'source/other_size', vendor: source, stored: 'no' });
			expect(error!.description).toMatch(/watermark/);
		}
		expect(namesIn(target)).toEqual([]);
	});

	it.each([404, 410, 451])('an address that is answered with %d is refused', async (status) => {
		const name = from[source].put(rig(), 'a.txt', 'x');
		const action = { kind: 'reply', status, body: '<html>' } as const;
		rig().cloud.faults.add({ route: from[source].downloadRoute, times: Infinity, action });
		expect(errorsOf(await copyFile(source, target, name))[0]).toMatchObject({
			path: 'source/refused',
			retryable: false,
			stored: 'no',
		});
	});

	it('a sign-in that is no longer good is told as that of the source', async () => {
		const name = from[source].put(rig(), 'a.txt', 'x');
		const route = source === 'Dropbox' ? 'files/get_metadata' : 'GET /files/:id';
		const action = { kind: 'reply', status: 401, body: '{}' } as const;
		rig().cloud.faults.add({ route, times: Infinity, action });
		const [error] = errorsOf(await copyFile(source, target, name));
		expect(error).toMatchObject({ vendor: source, stored: 'no', retryable: false });
		expect(error!.path).toMatch(/^source\//);
		expect(error!.description).toMatch(/credential of the source/);
		expect(rig().cloud.log.filter(({ route: at }) => at === to[target].partRoute)).toEqual([]);
	});

	it('a date that was entered stands for no content: Skip Unchanged reads, and sends nothing again', async () => {
		const name = from[source].put(rig(), 'a.txt', 'same');
		const date = '2020-01-01T00:00:00Z';
		const skipping = { skipUnchanged: true, ifExists: to[target].overwrite };
		const dated =
			target === 'Dropbox'
				? { parameters: skipping, options: { clientModified: date } }
				: { parameters: { ...skipping, attributes: { contentModifiedAt: date } } };
		await copyFile(source, target, name, dated);
		expect(to[target].stored(rig())).toMatchObject([{ modifiedAtMs: Date.parse(date) }]);
		const again = await copyFile(source, target, name, dated);
		expect(jsonOf(again)[0]).toMatchObject({ skipped: 'unchanged' });
		from[source].put(rig(), 'a.txt', 'emas');
		const other = await copyFile(source, target, name, dated);
		expect(jsonOf(other)[0]?.skipped).toBeUndefined();
		expect(to[target].stored(rig())).toMatchObject([
			{ hash: to[target].hashOf(Buffer.from('emas')) },
		]);
	});

	it('is refused without a credential, before anything is asked for', async () => {
		const credentials = { dropboxUploadOAuth2Api: 'account-1', boxUploadOAuth2Api: 'account-2' };
		const [error] = errorsOf(await copyFile(source, target, '/a.txt', { node: { credentials } }));
		expect(error).toMatchObject({ path: 'input/source', stored: 'no' });
		expect(error!.description).toMatch(new RegExp(`${source} Upload Source OAuth2 API`));
		expect(rig().cloud.log).toEqual([]);
	});

	it('items stay linked, and Retry On Fail copies only what is missing', async () => {
		const names = ['a.txt', 'b.txt', 'c.txt'].map((name) => from[source].put(rig(), name, name));
		const action = { kind: 'reply', status: 404, body: '' } as const;
		rig().cloud.faults.add({ route: from[source].downloadRoute, times: 1, action });
		const field = from[source].file;
		const result = await run(target, {
			parameters: { source: field, [field]: '={{ $json.name }}' },
			items: names.map((name) => ({ json: { name } })),
			stops: true,
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(result.status).toBe('success');
		expect(result.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
			names.map((_, item) => ({ item })),
		);
		expect(namesIn(target)).toEqual(['/a.txt', '/b.txt', '/c.txt']);
		expect(rig().calls(from[source].downloadRoute)).toHaveLength(names.length + 1);
	});
});

describe('from Box', () => {
	it('names that Dropbox refuses fail alone, and say where they are', async () => {
		const { id } = rig().cloud.box.putFolder({ name: 'Odd', userId });
		const sub = rig().cloud.box.putFolder({ name: 'desktop.ini', parentId: id, userId });
		for (const [parentId, name] of [
			[sub.id, 'in.txt'],
			[id, '.dropbox'],
			[id, 'emoji 🎉.txt'],
			[id, `${'x'.repeat(251)}.txt`],
		] as const) {
			rig().cloud.box.putFile({ name, parentId, content: name, userId });
		}
		const result = await copyFolder('Box', 'Dropbox', '/Odd');
		const failed = errorsOf(result).filter((error) => error !== undefined);
		expect(failed.map(({ message }) => message)).toEqual(
			Array(2).fill("Dropbox doesn't store files with this name"),
		);
		expect(failed[0]!.description).toContain('/Odd/.dropbox');
		expect(failed[1]!.description).toContain('/Odd/desktop.ini/in.txt');
		expect(namesIn('Dropbox')).toHaveLength(2);
	});

	it.each([
		['1969-12-31T23:59:59-00:00', '1969-12-31T23:59:59Z'],
		['1901-02-03T04:05:06+01:00', '1901-02-03T03:05:06Z'],
	])('a date before 1970 is kept: %s', async (told, kept) => {
		const name = from.Box.put(rig(), 'old.txt', 'old');
		const action = changed((json) => ({ ...json, content_modified_at: told }));
		rig().cloud.faults.add({ route: 'GET /files/:id', action });
		expect(errorsOf(await copyFile('Box', 'Dropbox', name))).toEqual([undefined]);
		expect(to.Dropbox.stored(rig())).toMatchObject([{ modifiedAtMs: Date.parse(kept) }]);
	});

	it.each(['+012026-01-01T00:00:00Z', 'yesterday', null])(
		'a date that Dropbox would not take costs no file: %s',
		async (told) => {
			const name = from.Box.put(rig(), 'odd.txt', 'odd');
			const action = changed((json) => ({ ...json, content_modified_at: told }));
			rig().cloud.faults.add({ route: 'GET /files/:id', action });
			expect(errorsOf(await copyFile('Box', 'Dropbox', name))).toEqual([undefined]);
			expect(namesIn('Dropbox')).toEqual(['/odd.txt']);
		},
	);

	it('a folder that contains itself is copied once', async () => {
		const { id } = rig().cloud.box.putFolder({ name: 'Loop', userId });
		rig().cloud.box.putFile({ name: 'a.txt', parentId: id, content: 'a', userId });
		rig().cloud.faults.add({
			route: 'GET /folders/:id/items',
			times: 3,
			action: changed(({ entries, ...json }) => ({
				...json,
				entries: [...(entries as object[]), { type: 'folder', id, name: 'Loop again' }],
			})),
		});
		expect(errorsOf(await copyFolder('Box', 'Dropbox', id))).toEqual([undefined]);
		expect(namesIn('Dropbox')).toEqual(['/a.txt']);
		expect(rig().calls('GET /folders/:id/items')).toHaveLength(1);
	});

	it('what lies in a shared folder is found by the address that a browser shows', async () => {
		const owner = boxAccounts.service.id;
		const folder = rig().cloud.box.putFolder({ name: 'Shared', userId: owner });
		const inner = rig().cloud.box.putFolder({ name: 'In', parentId: folder.id, userId: owner });
		const put = { name: 'b.txt', content: 'b', parentId: inner.id, userId: owner };
		const { id } = rig().cloud.box.putFile(put);
		const link = rig().cloud.box.share(folder.id);
		const file = await copyFile('Box', 'Dropbox', `${link}/file/${id}`);
		expect(errorsOf(file)).toEqual([undefined]);
		const whole = await copyFolder('Box', 'Dropbox', `${link}/folder/${inner.id}?page=1`, {
			folder: '/Whole',
		});
		expect(errorsOf(whole)).toEqual([undefined]);
		expect(namesIn('Dropbox')).toEqual(['/Whole/b.txt', '/b.txt']);
		const none = await copyFolder('Box', 'Dropbox', `${link}/folder/12345`);
		expect(errorsOf(none)[0]?.path).toBe('source/not_found');
	});

	it('a password that is missing or wrong is asked for', async () => {
		const put = { name: 's.txt', content: 's', userId: boxAccounts.service.id };
		const link = rig().cloud.box.share(rig().cloud.box.putFile(put).id, 'right');
		for (const sourceLinkPassword of [undefined, 'wrong']) {
			const options = sourceLinkPassword === undefined ? {} : { sourceLinkPassword };
			const [error] = errorsOf(await copyFile('Box', 'Dropbox', link, { options }));
			expect(error).toMatchObject({ path: 'source/not_found', stored: 'no' });
			expect(error!.description).toMatch(/password/);
			expect(JSON.stringify(error)).not.toContain('wrong');
		}
	});

	it('a password that no header can hold is refused before anything is asked for', async () => {
		const put = { name: 's.txt', content: 's', userId: boxAccounts.service.id };
		const link = rig().cloud.box.share(rig().cloud.box.putFile(put).id, 'пароль');
		const options = { sourceLinkPassword: 'пароль' };
		const [error] = errorsOf(await copyFile('Box', 'Dropbox', link, { options }));
		expect(error).toMatchObject({ path: 'input/sourceLinkPassword', stored: 'no' });
		expect(JSON.stringify(error)).not.toContain('пароль');
		expect(rig().cloud.log).toEqual([]);
	});

	it('a Google document has no content', async () => {
		const { id } = rig().cloud.box.putFile({ name: 'Plan.gdoc', content: '{}', userId });
		expect(errorsOf(await copyFile('Box', 'Dropbox', id))[0]?.path).toBe('source/cloud_document');
	});

	it('content that is not ready yet is waited for', async () => {
		rig().cloud.box.settings.content202 = 2;
		const name = from.Box.put(rig(), 'new.txt', 'new');
		expect(errorsOf(await copyFile('Box', 'Dropbox', name))).toEqual([undefined]);
		expect(rig().calls(from.Box.linkRoute)).toHaveLength(3);
	});

	it('an address without encryption is not followed', async () => {
		const name = from.Box.put(rig(), 'a.txt', 'a');
		const location = 'http://dl.boxcloud.com/d/1/x/download';
		rig().cloud.faults.add({
			route: from.Box.linkRoute,
			times: Infinity,
			action: { kind: 'reply', status: 302, headers: { location } },
		});
		const [error] = errorsOf(
			await copyFile('Box', 'Dropbox', name, { options: { maxRetries: 0 } }),
		);
		expect(error).toMatchObject({ path: 'source/http/unexpected_reply', stored: 'no' });
		expect(rig().cloud.log.filter(({ vendor }) => vendor === 'stranger')).toEqual([]);
	});
});

describe('from Dropbox', () => {
	it('a shared link with a password opens with it alone', async () => {
		const { accountId: owner } = memberAccount;
		await rig().connectDropbox({ accountId: owner });
		rig().cloud.dropbox.putFile('/secret.txt', 's', { accountId: owner });
		const shared = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'getLink',
			parameters: { file: '/secret.txt', simplify: false },
			options: { root: 'home', linkPassword: 'right' },
		});
		const link = jsonOf(shared)[0]?.url as string;
		const copied = async (sourceLinkPassword: string) =>
			await copyFile('Dropbox', 'Box', link, { options: { sourceLinkPassword } });
		for (const password of ['', 'wrong']) {
			const [error] = errorsOf(await copied(password));
			expect(error).toMatchObject({ path: 'source/shared_link_access_denied', stored: 'no' });
			expect(error!.description).toMatch(/'Source Link Password'/);
		}
		expect(errorsOf(await copied('right'))).toEqual([undefined]);
		expect(namesIn('Box')).toEqual(['/secret.txt']);
	});

	it('the addresses of another vendor or of a page are refused before anything is asked for', async () => {
		for (const name of ['https://app.box.com/file/1', 'https://dropbox.com.evil.example/a']) {
			const [error] = errorsOf(await copyFile('Dropbox', 'Box', name));
			expect(error).toMatchObject({ path: 'input/dropboxFile', stored: 'no' });
		}
		expect(rig().cloud.log).toEqual([]);
	});

	it('names that Box takes for one are told apart or refused, never lost in silence', async () => {
		const names = [' a.txt', 'a.txt', 'b.txt'];
		for (const name of names) {
			rig().cloud.dropbox.putFile(`/Odd/${name}`, name, { accountId });
		}
		const result = await copyFolder('Dropbox', 'Box', `/${displayName}/Odd`, {
			ifExists: 'version',
		});
		const failed = errorsOf(result).filter((error) => error !== undefined);
		expect(namesIn('Box')).toEqual(['/a.txt', '/b.txt']);
		expect(failed).toMatchObject([{ stored: 'no' }]);
		expect(failed[0]!.description).toContain('a.txt');
	});
});
