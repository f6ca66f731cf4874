import { DirectBox, someBytes } from './box/direct';
import { sha1Hex } from './box/digests';

const bytes = someBytes(300);
const attributes = JSON.stringify({ name: 'a.bin', parent: { id: '0' } });

describe('a direct upload', () => {
	test.each([1, 2, 7, 64, 100_000])('is read in pieces of %i bytes', async (pieceBytes) => {
		const box = new DirectBox();
		// The content looks like a boundary, but for its end.
		const content = Buffer.concat([bytes, Buffer.from('\r\n--a-boundar'), Buffer.from('\r\n--')]);
		const reply = await box.upload(
			'/files/content',
			[
				['attributes', attributes],
				['file', content],
			],
			{ pieceBytes },
		);
		expect(reply).toMatchObject({
			status: 201,
			json: { total_count: 1, entries: [{ name: 'a.bin', size: content.length, etag: '0' }] },
		});
		expect(box.service.files()).toMatchObject([{ sha1: sha1Hex(content), content }]);
		expect(box.service.schemaProblems).toEqual([]);
	});

	test('may be empty, and carries the times of its content', async () => {
		const box = new DirectBox();
		const timed = JSON.stringify({
			name: 'empty',
			parent: { id: '0' },
			content_created_at: '2020-05-17T10:00:00Z',
			content_modified_at: '2021-05-17T10:00:00Z',
		});
		const reply = await box.upload('/files/content', [
			['attributes', timed],
			['file', ''],
		]);
		expect(reply.status).toBe(201);
		expect(box.service.files()).toMatchObject([
			{
				size: 0,
				contentCreatedAtMs: Date.UTC(2020, 4, 17, 10),
				contentModifiedAtMs: Date.UTC(2021, 4, 17, 10),
			},
		]);
	});

	test('refuses attributes that come after the file', async () => {
		const box = new DirectBox();
		const reply = await box.upload('/files/content', [
			['file', bytes],
			['attributes', attributes],
		]);
		expect(reply).toMatchObject({
			status: 400,
			json: { code: 'metadata_after_file_contents' },
		});
		expect(box.service.files()).toEqual([]);
	});

	test.each([
		['no file', [['attributes', attributes]]],
		[
			'two files',
			[
				['attributes', attributes],
				['file', 'a'],
				['file', 'b'],
			],
		],
		[
			'attributes that are not JSON',
			[
				['attributes', '{'],
				['file', 'a'],
			],
		],
		[
			'attributes without a parent',
			[
				['attributes', '{"name":"a"}'],
				['file', 'a'],
			],
		],
		[
			'attributes that Box does not know',
			[
				['attributes', '{"name":"a","parent":{"id":"0"},"x":1}'],
				['file', 'a'],
			],
		],
	] as Array<[string, Array<[string, string]>]>)('refuses %s', async (_, fields) => {
		const box = new DirectBox();
		const reply = await box.upload('/files/content', fields);
		expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } });
		expect(box.service.files()).toEqual([]);
	});

	test.each([
		[
			'an end that is missing',
			'--b\r\nContent-Disposition: form-data; name="attributes"\r\n\r\n{}',
		],
		[
			'a beginning that is missing',
			'Content-Disposition: form-data; name="attributes"\r\n\r\n{}\r\n--b--\r\n',
		],
		['line feeds alone', '--b\nContent-Disposition: form-data; name="attributes"\n\n{}\n--b--\n'],
		[
			'a boundary glued to the next bytes',
			'--bContent-Disposition: form-data; name="attributes"\r\n\r\n{}\r\n--b--\r\n',
		],
	])('refuses a multipart body with %s', async (_, body) => {
		const reply = await new DirectBox().send('POST', '/files/content', {
			headers: { 'content-type': 'multipart/form-data; boundary=b' },
			chunks: [Buffer.from(body)],
		});
		expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } });
	});

	test('compares content-md5, which is a SHA-1, with what has arrived', async () => {
		const box = new DirectBox();
		const fields = [
			['attributes', attributes],
			['file', bytes],
		] as const;
		const wrong = await box.upload('/files/content', fields, {
			headers: { 'content-md5': sha1Hex(Buffer.from('other')) },
		});
		expect(wrong).toMatchObject({ status: 400, json: { code: 'bad_digest' } });
		expect(box.service.files()).toEqual([]);
		const right = await box.upload('/files/content', fields, {
			headers: { 'content-md5': sha1Hex(bytes) },
		});
		expect(right.status).toBe(201);
	});

	test('refuses more than a direct upload may hold', async () => {
		const reply = await new DirectBox({ maximumDirectBytes: 299 }).upload('/files/content', [
			['attributes', attributes],
			['file', bytes],
		]);
		expect(reply).toMatchObject({ status: 413, json: { code: 'request_entity_too_large' } });
	});

	test('a name in use is a conflict with the file that has it', async () => {
		const box = new DirectBox();
		const { id } = box.service.putFile({ name: 'A.BIN', content: 'x' });
		const reply = await box.upload('/files/content', [
			['attributes', attributes],
			['file', bytes],
		]);
		expect(reply).toMatchObject({
			status: 409,
			json: { code: 'item_name_in_use', context_info: { conflicts: { id } } },
		});
	});

	test('belongs to the upload hosts', async () => {
		const box = new DirectBox();
		const path = '/files/content';
		expect(await box.send('POST', path, { host: 'api.box.com' })).toMatchObject({
			status: 405,
			json: { code: 'method_not_allowed' },
		});
		expect(box.service.schemaProblems).toEqual([
			'POST https://api.box.com/2.0/files/content is no operation',
		]);
	});
});

describe('a new version by direct upload', () => {
	const fields = [
		['attributes', '{"name":"b.bin"}'],
		['file', bytes],
	] as const;

	test('obeys If-Match, may rename, and answers the same file', async () => {
		const box = new DirectBox();
		const { id } = box.service.putFile({ name: 'a.bin', content: 'first' });
		const stale = await box.upload(`/files/${id}/content`, fields, {
			headers: { 'if-match': '1' },
		});
		expect(stale).toMatchObject({ status: 412, json: { code: 'precondition_failed' } });
		const done = await box.upload(`/files/${id}/content`, fields, { headers: { 'if-match': '0' } });
		expect(done).toMatchObject({ status: 200, json: { entries: [{ id, name: 'b.bin' }] } });
		expect(box.service.files()).toMatchObject([{ id, versions: 2, content: bytes }]);
	});

	test('of a file that is not there is not found', async () => {
		const reply = await new DirectBox().upload('/files/99/content', fields);
		expect(reply).toMatchObject({ status: 404, json: { code: 'not_found' } });
	});
});

describe('the check before an upload', () => {
	const check = async (box: DirectBox, body: Record<string, unknown>) =>
		await box.send('OPTIONS', '/files/content', { body });

	test('names another host to upload to', async () => {
		const { status, json } = await check(new DirectBox(), {
			name: 'a',
			size: 5_000_000_000,
			parent: { id: '0' },
		});
		expect(status).toBe(200);
		expect(json.upload_url).toBe('https://upload-las.app.box.com/api/2.0/files/content');
	});

	test('refuses what the upload would be refused', async () => {
		const box = new DirectBox({ quotaBytes: 10 });
		const { id } = box.service.putFile({ name: 'a', content: 'x' });
		expect(await check(box, { name: 'A', parent: { id: '0' } })).toMatchObject({
			status: 409,
			json: { code: 'item_name_in_use', context_info: { conflicts: { id } } },
		});
		const tooMuch = await check(box, { name: 'b', size: 10, parent: { id: '0' } });
		expect(tooMuch.json.code).toBe('storage_limit_exceeded');
		expect((await check(box, { name: 'b', parent: { id: '9' } })).status).toBe(404);
		expect((await check(box, { name: 'b' })).status).toBe(400);
	});
});
