import { DirectBox, digestOf, someBytes } from './box/direct';
import { sha1Hex } from './box/digests';

const tiny = { partSizeBytes: 10, minimumSessionBytes: 10 };
const bytes = someBytes(25);

describe('committing', () => {
	test('makes the file, of parts that came in any order', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		const attributes = {
			content_created_at: '2020-01-02T03:04:05Z',
			content_modified_at: '2021-01-02T03:04:05+01:00',
			description: 'all parts',
		};
		const reply = await box.commit(id, bytes, parts, { attributes });
		expect(reply.status).toBe(201);
		expect(reply.json).toMatchObject({
			total_count: 1,
			entries: [
				{
					type: 'file',
					name: 'a.bin',
					size: 25,
					sha1: sha1Hex(bytes),
					etag: '0',
					description: 'all parts',
					content_created_at: '2020-01-01T19:04:05-08:00',
					content_modified_at: '2021-01-01T18:04:05-08:00',
					parent: { id: '0' },
				},
			],
		});
		expect(box.service.files()).toMatchObject([{ path: '/a.bin', content: bytes }]);
		expect(box.service.schemaProblems).toEqual([]);
	});

	test('hashes what it does not keep', async () => {
		const box = new DirectBox({ ...tiny, keepBytesUpTo: 24 });
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		expect((await box.commit(id, bytes, parts)).status).toBe(201);
		expect(box.service.files()).toMatchObject([{ sha1: sha1Hex(bytes), content: undefined }]);
	});

	test('refuses a list that is not what was uploaded', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = (await box.sendParts(id, bytes, 10)) as Array<Record<string, unknown>>;
		const [first, second, third] = parts;
		const wrong = [
			[first, second],
			[first, first, third],
			[first, second, third, third],
			[first, second, { ...third, size: 6 }],
			[first, second, { ...third, part_id: first?.part_id }],
			[first, second, { ...third, sha1: '0'.repeat(40) }],
		];
		for (const list of wrong) {
			expect(await box.commit(id, bytes, list)).toMatchObject({
				status: 400,
				json: { code: 'parts_mismatch' },
			});
		}
		expect((await box.commit(id, bytes, parts)).status).toBe(201);
	});

	test('refuses a file with a part missing', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const { json } = await box.sendPart(id, bytes, 0, 9);
		expect((await box.commit(id, bytes, [json.part])).json.code).toBe('parts_mismatch');
	});

	test('refuses the digest of another file', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		const headers = { digest: digestOf(Buffer.from('other')) };
		const reply = await box.commit(id, bytes, parts, { headers });
		expect(reply).toMatchObject({ status: 400, json: { code: 'digest_mismatch' } });
		expect(box.service.files()).toEqual([]);
	});

	test('first mismatches that pass, then 202 while parts are processed, then the file', async () => {
		const box = new DirectBox({ ...tiny, partsMismatchTimes: 1, commit202: 2, retryAfterSec: 3 });
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		const statuses = [];
		for (let turn = 0; turn < 4; turn++) {
			const reply = await box.commit(id, bytes, parts);
			const session = await box.send('GET', `/files/upload_sessions/${id}`);
			statuses.push([reply.status, reply.headers['retry-after'], session.json.num_parts_processed]);
		}
		expect(statuses).toEqual([
			[400, undefined, 1],
			[202, '3', 2],
			[202, '3', 3],
			[201, undefined, undefined],
		]);
	});

	test('consumes the session: a second commit finds nothing', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		await box.commit(id, bytes, parts);
		expect(await box.commit(id, bytes, parts)).toMatchObject({
			status: 404,
			json: { code: 'not_found' },
		});
		expect(box.service.files()).toHaveLength(1);
	});

	test('a name that was taken meanwhile is a conflict, and the session stays', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const parts = await box.sendParts(id, bytes, 10);
		const other = box.service.putFile({ name: 'A.bin', content: 'other' });
		expect(await box.commit(id, bytes, parts)).toMatchObject({
			status: 409,
			json: { code: 'item_name_in_use', context_info: { conflicts: { id: other.id } } },
		});
		box.service.removeItem(other.id);
		expect((await box.commit(id, bytes, parts)).status).toBe(201);
	});

	test('a new version keeps the id, counts the etag and obeys If-Match and If-None-Match', async () => {
		const box = new DirectBox(tiny);
		const file = box.service.putFile({ name: 'a.bin', content: 'first' });
		const path = `/files/${file.id}/upload_sessions`;
		const created = await box.send('POST', path, { body: { file_size: 25 } });
		const id = String(created.json.id);
		const parts = await box.sendParts(id, bytes, 10);
		const stale = await box.commit(id, bytes, parts, { headers: { 'if-match': '7' } });
		expect(stale).toMatchObject({ status: 412, json: { code: 'precondition_failed' } });
		const same = await box.commit(id, bytes, parts, { headers: { 'if-none-match': '0' } });
		expect(same.status).toBe(304);
		const done = await box.commit(id, bytes, parts, { headers: { 'if-match': '0' } });
		expect(done).toMatchObject({
			status: 201,
			json: { entries: [{ id: file.id, etag: '1', sha1: sha1Hex(bytes) }] },
		});
		expect(box.service.files()).toMatchObject([{ id: file.id, versions: 2, content: bytes }]);
	});

	test('a new version under a new name renames the file', async () => {
		const box = new DirectBox(tiny);
		const file = box.service.putFile({ name: 'a.bin', content: 'first' });
		const body = { file_size: 25, file_name: 'b.bin' };
		const created = await box.send('POST', `/files/${file.id}/upload_sessions`, { body });
		const parts = await box.sendParts(String(created.json.id), bytes, 10);
		await box.commit(String(created.json.id), bytes, parts);
		expect(box.service.files()).toMatchObject([{ id: file.id, name: 'b.bin', versions: 2 }]);
	});
});

describe('the end of a session', () => {
	test.each([
		[
			'aborted',
			404,
			'not_found',
			(box: DirectBox, id: string) => box.send('DELETE', `/files/upload_sessions/${id}`),
		],
		['lost', 404, 'not_found', (box: DirectBox, id: string) => box.service.loseSession(id)],
		[
			'expired',
			410,
			'session_expired',
			(box: DirectBox, id: string) => box.service.expireSession(id),
		],
		['a week old', 410, 'session_expired', (box: DirectBox) => box.clock.advance(7 * 86_400_000)],
		['failed', 410, 'upload_failed', (box: DirectBox, id: string) => box.service.failSession(id)],
	] as const)('a session that is %s answers %i %s', async (_, status, code, end) => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const ended = await end(box, id);
		if (ended) expect(ended.status).toBe(204);
		// After a week the access token is over as well.
		const token = box.tokens.issue().accessToken;
		const reply = await box.send('GET', `/files/upload_sessions/${id}`, { token });
		expect(reply).toMatchObject({ status, json: { code } });
	});

	test('belongs to who created it', async () => {
		const box = new DirectBox(tiny);
		const id = await box.openSession('a.bin', bytes.length);
		const token = box.tokens.issue({ accountId: box.service.accounts.colleague.id }).accessToken;
		const reply = await box.send('GET', `/files/upload_sessions/${id}`, { token });
		expect(reply).toMatchObject({ status: 403, json: { code: 'forbidden' } });
	});

	test('an id of another form is no session id', async () => {
		const reply = await new DirectBox().send('GET', '/files/upload_sessions/nothing-like-it');
		expect(reply).toMatchObject({ status: 400, json: { code: 'invalid_upload_session_id' } });
	});
});
