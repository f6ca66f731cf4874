import { DirectBox } from './box/direct';
import { apiTable } from './box/openapi';
import { handlers } from './box/operations';
import { matchRoute } from './box/routes';
import { assertReply } from './box/schema';

describe('the table of operations', () => {
	test('names its source, and every operation in it is served', () => {
		expect(apiTable.source).toContain('box-openapi');
		const served: string[] = [];
		for (const [template, operations] of Object.entries(apiTable.paths)) {
			const path = template.replace(/\{\w+\}/g, '1');
			for (const [method, { servers }] of Object.entries(operations)) {
				const isUpload = servers?.some(({ url }) => url.includes('upload')) ?? false;
				const [host, prefix] = isUpload
					? ['fupload-loop.app.box.com', '/api/2.0']
					: ['api.box.com', '/2.0'];
				const { match } = matchRoute(method.toUpperCase(), host, prefix + path);
				expect(match?.route.template).toBe(template);
				served.push(match?.route.name ?? '');
			}
		}
		expect(served.sort()).toEqual(Object.keys(handlers).sort());
	});

	test('what is not in it is not found, and is remembered', async () => {
		const box = new DirectBox();
		expect((await box.send('GET', '/collections')).status).toBe(404);
		expect((await box.send('DELETE', '/files/1')).status).toBe(405);
		expect(box.service.schemaProblems).toEqual([
			'GET https://api.box.com/2.0/collections is no operation',
			'DELETE https://api.box.com/2.0/files/1 is no operation',
		]);
		box.service.reset();
		expect(box.service.schemaProblems).toEqual([]);
	});
});

describe('a reply that Box could not have given', () => {
	const { match } = matchRoute('GET', 'api.box.com', '/2.0/files/1');
	if (!match) throw new Error('GET /files/{file_id} is not served');
	const { route } = match;

	test.each([
		['of another type', 200, { type: 'folder', id: '1' }, 'reply/type'],
		['without an id', 200, { type: 'file' }, 'id'],
		['with a time that is none', 200, { type: 'file', id: '1', created_at: 'now' }, 'date-time'],
		['with a status it never has', 201, { type: 'file', id: '1' }, 'never answers 201'],
		['that is an error of another shape', 404, { type: 'error', status: '404' }, 'reply/status'],
	])('%s is a mistake in the cloud', (_, status, json, message) => {
		expect(() => assertReply(route, { status, json })).toThrow(message);
	});

	test('without a body is one as well', () => {
		expect(() => assertReply(route, { status: 200 })).toThrow('without a body');
		expect(() => assertReply(route, { status: 304 })).not.toThrow();
	});
});
