import { DirectBox, digestOf, someBytes } from './box/direct';
import { sha1Hex } from './box/digests';

const tiny = { partSizeBytes: 10, minimumSessionBytes: 10 };
const bytes = someBytes(25);

describe('creating an upload session', () => {
	test('dictates the part size and names endpoints on another host than upload.box.com', async () => {
		const box = new DirectBox();
		const { status, json } = await box.createSession('big.bin', 20_000_000);
		expect(status).toBe(201);
		expect(json).toMatchObject({ part_size: 8_388_608, total_parts: 3, num_parts_processed: 0 });
		const url = `https://upload-las.app.box.com/api/2.0/files/upload_sessions/${json.id}`;
		expect(json.session_endpoints).toMatchObject({
			upload_part: url,
			commit: `${url}/commit`,
			list_parts: `${url}/parts`,
			abort: url,
		});
		expect(json.session_expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-08:00$/);
	});

	test('can be pointed at a foreign or an insecure host', async () => {
		const box = new DirectBox({ ...tiny, endpointOrigin: 'http://evil.example' });
		const { json } = await box.createSession('a.bin', 25);
		expect(json.session_endpoints?.commit).toMatch(/^http:\/\/evil\.example\/api\/2\.0\//);
	});

	test('refuses files below 20,000,000 bytes', async () => {
		const reply = await new DirectBox().createSession('small.bin', 19_999_999);
		expect(reply).toMatchObject({ status: 400, json: { code: 'file_size_too_small' } });
	});

	test('refuses an unknown folder, a bad folder id and bad names', async () => {
		const box = new DirectBox(tiny);
		expect(await box.createSession('a', 25, '77')).toMatchObject({
			status: 404,
			json: { code: 'invalid_parameter' },
		});
		expect((await box.createSession('a', 25, 'x')).json.code).toBe('invalid_folder_id');
		for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\nb', ' a', 'a ', 'a?']) {
			expect((await box.createSession(name, 25)).json.code).toBe('item_name_invalid');
		}
		expect((await box.createSession('a'.repeat(256), 25)).json.code).toBe('item_name_too_long');
		expect((await box.createSession('a'.repeat(255), 25)).status).toBe(201);
	});

	test('answers a name in use, whatever its case, with the one conflicting file', async () => {
		const box = new DirectBox(tiny);
		const file = box.service.putFile({ name: 'Report.PDF', content: 'x' });
		expect(await box.createSession('report.pdf', 25)).toMatchObject({
			status: 409,
			json: {
				code: 'item_name_in_use',
				context_info: { conflicts: { type: 'file', id: file.id, sha1: file.sha1, etag: '0' } },
			},
		});
		box.service.settings.conflictsAs = 'array';
		const again = await box.createSession('report.pdf', 25);
		expect(again.json).toMatchObject({ context_info: { conflicts: [{ id: file.id }] } });
	});

	test('refuses what does not fit the quota, the file size limit or the permissions', async () => {
		const box = new DirectBox({ ...tiny, quotaBytes: 30, maximumFileBytes: 28 });
		box.service.putFile({ name: 'there', content: 'x'.repeat(10) });
		expect(await box.createSession('a', 21)).toMatchObject({
			status: 403,
			json: { code: 'storage_limit_exceeded' },
		});
		expect((await box.createSession('a', 29)).json.code).toBe('file_size_limit_exceeded');
		const { id } = box.service.putFolder({ name: 'read only', canUpload: false });
		expect(await box.createSession('a', 15, id)).toMatchObject({
			status: 403,
			json: { code: 'access_denied_insufficient_permissions' },
		});
	});

	test('passing blocks pass', async () => {
		const box = new DirectBox({ ...tiny, blockedTemporary: 1, nameReserved: 1 });
		const codes = [];
		for (let turn = 0; turn < 3; turn++) codes.push(await box.createSession('a', 25));
		expect(codes.map(({ status, json }) => [status, json.code])).toEqual([
			[409, 'operation_blocked_temporary'],
			[409, 'name_temporarily_reserved'],
			[201, undefined],
		]);
	});

	test('on demand, a repeated creation is answered with the session that is open', async () => {
		const box = new DirectBox({ ...tiny, sessionConflicts: true });
		const id = await box.openSession('a.bin', bytes.length);
		expect(await box.createSession('a.bin', 25)).toMatchObject({
			status: 409,
			json: { code: 'session_conflict', context_info: { session: { id, part_size: 10 } } },
		});
	});

	test('a request that the OpenAPI does not allow is refused and remembered', async () => {
		const box = new DirectBox(tiny);
		const body = { folder_id: 0, file_size: 25, file_name: 'a', mode: 'add' };
		const reply = await box.send('POST', '/files/upload_sessions', { body });
		expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } });
		expect(box.service.schemaProblems).toEqual([
			'POST /files/upload_sessions: body must NOT have additional properties: mode',
			'POST /files/upload_sessions: body/folder_id must be string',
		]);
	});
});

describe('uploading parts', () => {
	test('takes parts in any order and lists them in the order of the file', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		expect(parts).toEqual([
			{
				part_id: expect.stringMatching(/^[0-9A-F]{8}$/) as unknown,
				offset: 0,
				size: 10,
				sha1: sha1Hex(bytes.subarray(0, 10)),
			},
			expect.objectContaining({ offset: 10, size: 10 }),
			expect.objectContaining({ offset: 20, size: 5 }),
		]);
		const list = await box.send('GET', `/files/upload_sessions/${id}/parts`, {
			query: { offset: '1', limit: '1' },
		});
		expect(list.json).toEqual({
			entries: [parts[1]],
			offset: 1,
			limit: 1,
			total_count: 3,
			order: [{ by: 'offset', direction: 'ASC' }],
		});
		const tooMany = await box.send('GET', `/files/upload_sessions/${id}/parts`, {
			query: { limit: '1001' },
		});
		expect(tooMany.status).toBe(400);
	});

	test.each([
		['not at a multiple of the part size', 5, 14],
		['shorter than a part, in the middle', 0, 8],
		['longer than a part', 0, 19],
		['beyond the end', 20, 29],
	])('refuses a range that is %s', async (_, first, last) => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const reply = await box.sendPart(id, bytes, first, last);
		expect(reply).toMatchObject({ status: 416, json: { code: 'range_out_of_bounds' } });
	});

	test('refuses another total, a range of another form and a body of another length', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const path = `/files/upload_sessions/${id}`;
		const chunks = [bytes.subarray(0, 10)];
		const headers = {
			'content-type': 'application/octet-stream',
			digest: digestOf(bytes.subarray(0, 10)),
		};
		const put = async (range: string, sent: readonly Buffer[] = chunks) =>
			await box.send('PUT', path, {
				headers: { ...headers, 'content-range': range },
				chunks: sent,
			});
		expect((await put('bytes 0-9/26')).status).toBe(416);
		expect((await put('bytes=0-9/25')).json.code).toBe('bad_request');
		expect((await put('bytes 0-9/25', [bytes.subarray(0, 9)])).json.code).toBe(
			'request_size_mismatch',
		);
		expect((await put('bytes 0-9/25')).status).toBe(200);
	});

	test('needs a digest, and the right one; a refused part is not stored', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const put = async (digest: Record<string, string>) =>
			await box.send('PUT', `/files/upload_sessions/${id}`, {
				headers: {
					'content-type': 'application/octet-stream',
					'content-range': 'bytes 0-9/25',
					...digest,
				},
				chunks: [bytes.subarray(0, 10)],
			});
		expect((await put({})).json.code).toBe('bad_request');
		expect((await put({ digest: `sha=${sha1Hex(bytes)}` })).json.code).toBe('bad_digest');
		expect((await put({ digest: digestOf(bytes) })).json.code).toBe('bad_digest');
		expect(box.service.sessions()[0]?.parts).toEqual([]);
	});

	test('a part whose connection breaks is not stored, and can be sent again', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		function* broken(): Generator<Buffer> {
			yield bytes.subarray(0, 4);
			throw new Error('connection reset');
		}
		const headers = {
			'content-type': 'application/octet-stream',
			'content-range': 'bytes 0-9/25',
			digest: digestOf(bytes.subarray(0, 10)),
		};
		const path = `/files/upload_sessions/${id}`;
		await expect(box.send('PUT', path, { headers, chunks: broken() })).rejects.toThrow('reset');
		const parts = await box.sendParts(id, bytes, 10);
		expect((await box.commit(id, bytes, parts)).status).toBe(201);
	});

	test('takes octets only', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const reply = await box.send('PUT', `/files/upload_sessions/${id}`, {
			headers: { 'content-type': 'application/json', digest: 'x', 'content-range': 'x' },
		});
		expect(reply.status).toBe(415);
	});

	test('a part is immutable: the same bytes again are an overlap', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		await box.sendPart(id, bytes, 0, 9);
		expect(await box.sendPart(id, bytes, 0, 9)).toMatchObject({
			status: 416,
			json: { code: 'range_overlaps_existing_part' },
		});
		box.service.settings.overlapStatus = 409;
		expect((await box.sendPart(id, bytes, 0, 9)).status).toBe(409);
	});

	test('of two requests with the same part at the same time one is stored', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const replies = await Promise.all([
			box.sendPart(id, bytes, 0, 9),
			box.sendPart(id, bytes, 0, 9),
		]);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 416]);
	});
});
