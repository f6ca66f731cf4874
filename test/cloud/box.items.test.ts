import { DirectBox } from './box/direct';

describe('who asks', () => {
	test('a token that is missing or over is answered 401 without a body', async () => {
		const box = new DirectBox();
		const noToken = await box.send('GET', '/users/me', { headers: { authorization: '' } });
		expect(noToken).toMatchObject({ status: 401, json: {} });
		box.tokens.expire(box.token);
		const expired = await box.send('GET', '/users/me');
		expect(expired.status).toBe(401);
		expect(expired.json).toEqual({});
		expect(expired.headers['www-authenticate']).toContain('error="invalid_token"');
	});

	test('the user of the token, or whom a token of the app acts as', async () => {
		const box = new DirectBox();
		const { user, service, colleague } = box.service.accounts;
		expect((await box.send('GET', '/users/me')).json).toMatchObject({
			type: 'user',
			id: user.id,
			login: user.login,
			space_used: 0,
		});
		const token = box.tokens.issue({ kind: 'service', accountId: service.id }).accessToken;
		const me = async (asUser: string, by: string) =>
			await box.send('GET', '/users/me', { token: by, headers: { 'as-user': asUser } });
		expect((await me(colleague.id, token)).json.id).toBe(colleague.id);
		expect(await me('5', token)).toMatchObject({
			status: 404,
			json: { message: 'On-Behalf-Of User not found' },
		});
		expect((await me(colleague.id, box.token)).status).toBe(403);
	});

	test('each user has a root folder of their own', async () => {
		const box = new DirectBox();
		const userId = box.service.accounts.colleague.id;
		const { id } = box.service.putFile({ name: 'theirs', content: '', userId });
		expect((await box.send('GET', `/files/${id}`)).status).toBe(404);
		expect((await box.send('GET', '/folders/0/items')).json.entries).toEqual([]);
	});

	test('a token without the scope is refused', async () => {
		const box = new DirectBox();
		const token = box.tokens.issue({ scopes: ['root_readonly'] }).accessToken;
		expect((await box.send('GET', '/folders/0', { token })).status).toBe(200);
		const body = { name: 'a', parent: { id: '0' } };
		expect(await box.send('POST', '/folders', { token, body })).toMatchObject({
			status: 403,
			headers: {
				'www-authenticate': expect.stringContaining('error="insufficient_scope"') as string,
			},
		});
	});

	test('too many requests are answered 429, and pass', async () => {
		const box = new DirectBox({ rateLimited: 1, retryAfterSec: 7 });
		expect(await box.send('GET', '/users/me')).toMatchObject({
			status: 429,
			headers: { 'retry-after': '7' },
			json: { code: 'rate_limit_exceeded' },
		});
		expect((await box.send('GET', '/users/me')).status).toBe(200);
	});

	test('every reply has a request id', async () => {
		const { headers } = await new DirectBox().send('GET', '/folders/0');
		expect(headers['box-request-id']).toMatch(/^[0-9a-f]{16}$/);
	});
});

describe('files', () => {
	test('are answered whole, or with the fields that were asked for', async () => {
		const box = new DirectBox();
		const folder = box.service.putFolder({ name: 'Reports' });
		const file = box.service.putFile({ name: 'a.txt', parentId: folder.id, content: 'abc' });
		const whole = await box.send('GET', `/files/${file.id}`);
		expect(whole.json).toMatchObject({
			type: 'file',
			id: file.id,
			size: 3,
			sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
			file_version: { type: 'file_version', sha1: file.sha1 },
			path_collection: { total_count: 2, entries: [{ id: '0', etag: null }, { id: folder.id }] },
			parent: { name: 'Reports' },
			shared_link: null,
			item_status: 'active',
		});
		expect(whole.json).not.toHaveProperty('extension');
		const some = await box.send('GET', `/files/${file.id}`, {
			query: { fields: 'size,extension,nonsense' },
		});
		expect(some.json).toEqual({
			type: 'file',
			id: file.id,
			etag: '0',
			size: 3,
			extension: 'txt',
		});
		const unchanged = await box.send('GET', `/files/${file.id}`, {
			headers: { 'if-none-match': '0' },
		});
		expect(unchanged.status).toBe(304);
	});

	test('are renamed, moved, described and shared', async () => {
		const box = new DirectBox();
		const folder = box.service.putFolder({ name: 'There' });
		const file = box.service.putFile({ name: 'a.txt', content: 'abc' });
		const put = async (body: Record<string, unknown>, headers = {}) =>
			await box.send('PUT', `/files/${file.id}`, { body, headers });
		const moved = await put({ name: 'b.txt', parent: { id: folder.id }, description: 'moved' });
		expect(moved.json).toMatchObject({ etag: '1', name: 'b.txt', description: 'moved' });
		expect(box.service.files()).toMatchObject([{ path: '/There/b.txt' }]);
		expect((await put({ description: 'x' }, { 'if-match': '0' })).status).toBe(412);
		const shared = await put({ shared_link: { access: 'open', password: 'secret' } });
		expect(shared.json.shared_link).toMatchObject({
			access: 'open',
			effective_permission: 'can_download',
			is_password_enabled: true,
			url: expect.stringMatching(/^https:\/\/app\.box\.com\/s\//) as unknown,
		});
		expect((await put({ shared_link: null })).json.shared_link).toBeNull();
	});

	test('a name in use refuses a rename', async () => {
		const box = new DirectBox();
		box.service.putFile({ name: 'a.txt', content: '' });
		const { id } = box.service.putFile({ name: 'b.txt', content: '' });
		const reply = await box.send('PUT', `/files/${id}`, { body: { name: 'A.txt' } });
		expect(reply).toMatchObject({ status: 409, json: { code: 'item_name_in_use' } });
		const recased = await box.send('PUT', `/files/${id}`, { body: { name: 'B.txt' } });
		expect(recased.json.name).toBe('B.txt');
	});
});

describe('folders', () => {
	test('are created once; the conflict is a list', async () => {
		const box = new DirectBox();
		const body = { name: 'Reports', parent: { id: '0' } };
		const created = await box.send('POST', '/folders', { body });
		expect(created).toMatchObject({ status: 201, json: { type: 'folder', name: 'Reports' } });
		const again = await box.send('POST', '/folders', {
			body: { ...body, name: 'REPORTS' },
		});
		expect(again).toMatchObject({
			status: 409,
			json: {
				code: 'item_name_in_use',
				context_info: { conflicts: [{ type: 'folder', id: created.json.id }] },
			},
		});
	});

	test('list their items by offset, folders first', async () => {
		const box = new DirectBox();
		for (const name of ['b', 'a', 'c']) box.service.putFile({ name, content: name });
		box.service.putFolder({ name: 'z' });
		const page = async (query: Record<string, string>) =>
			(await box.send('GET', '/folders/0/items', { query })).json;
		const first = await page({ limit: '2' });
		expect(first).toMatchObject({ total_count: 4, offset: 0, limit: 2 });
		expect(first.entries?.map(({ name }) => name)).toEqual(['z', 'a']);
		const second = await page({ limit: '2', offset: '2', fields: 'name,size' });
		expect(second.entries).toMatchObject([
			{ name: 'b', size: 1 },
			{ name: 'c', size: 1 },
		]);
		const folder = await box.send('GET', '/folders/0');
		expect(folder.json).toMatchObject({
			id: '0',
			size: 3,
			item_collection: { total_count: 4 },
		});
	});

	test('list their items by marker, whatever is added meanwhile', async () => {
		const box = new DirectBox();
		for (let index = 0; index < 5; index++) box.service.putFile({ name: `${index}`, content: '' });
		const names: string[] = [];
		let marker: string | null = '';
		while (marker !== null) {
			const query: Record<string, string> = { usemarker: 'true', limit: '2' };
			if (marker) query.marker = marker;
			const { json } = await box.send('GET', '/folders/0/items', { query });
			names.push(...(json.entries ?? []).map(({ name }) => name));
			marker = json.next_marker ?? null;
			box.service.putFolder({ name: `new ${names.length}` });
			if (names.length > 20) break;
		}
		expect(names.slice(0, 5)).toEqual(['0', '1', '2', '3', '4']);
		expect(new Set(names).size).toBe(names.length);
	});

	test('a marker or a parameter that Box does not know is refused', async () => {
		const box = new DirectBox();
		const queries: Array<Record<string, string>> = [
			{ usemarker: 'true', marker: '***' },
			{ limt: '1' },
			{ limit: 'x' },
		];
		for (const query of queries) {
			expect((await box.send('GET', '/folders/0/items', { query })).status).toBe(400);
		}
		expect(box.service.schemaProblems).toHaveLength(2);
	});
});
