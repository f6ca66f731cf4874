/** What Box refuses, as the user reads it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ERRORS_PAGE } from '../../../nodes/shared/issues';
import { boxCodes } from '../../../nodes/BoxUpload/api/failures/codes';
import { boxAccounts } from '../../cloud/box';
import {
	commitOf,
	COMMIT,
	failureOf,
	fileItem,
	filledSession,
	jsonOf,
	onlyJson,
	openSession,
	partOf,
	PUT_PART,
	step,
	text,
	useBox,
} from './steps';

const rig = useBox();
const CREATE = 'POST /files/upload_sessions';
const create = (options = {}, parameters = {}) =>
	step('create', { items: [fileItem(text)], options, parameters });

test('the catalogue knows every code that the loopback Box answers', () => {
	const folder = join(__dirname, '..', '..', 'cloud', 'box');
	const codes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
		.map((file) => readFileSync(join(folder, file), 'utf8'))
		.flatMap((source) => [...source.matchAll(/BoxFailure\(\s*[\w.]+,\s*'(\w+)'/g)])
		.map(([, code]) => code ?? '');
	expect(codes.length).toBeGreaterThan(20);
	expect([...new Set(codes)].filter((code) => !(code in boxCodes))).toEqual([]);
});

describe.each(Object.keys(boxCodes))('%s', (code) => {
	test('reaches the user as words, with what to do and where to ask', async () => {
		const error = { type: 'error', status: 403, code, message: 'Raw words', request_id: 'req1234' };
		rig().cloud.faults.add({
			route: 'GET /files/upload_sessions/:id',
			action: { kind: 'reply', status: 403, body: JSON.stringify(error) },
		});
		const parameters = { sessionId: 'ABCDEF' };
		const result = await rig().box(step('get', { parameters, options: { maxRetries: 0 } }));
		const { message, remedy } = boxCodes[code]!;
		expect(result.error).toMatchObject({ message, httpCode: '403' });
		expect(result.error?.description).toContain(
			`${remedy} ABCDEF: ${code}. Box said: Raw words. Request ID: req1234 <a href="${ERRORS_PAGE}#box-${code}"`,
		);
	});
});

describe('Box itself', () => {
	test.each<[code: string, status: number, arrange: () => void | Promise<void>]>([
		['file_size_too_small', 400, () => void (rig().cloud.box.settings.minimumSessionBytes = 25)],
		['file_size_limit_exceeded', 403, () => void (rig().cloud.box.settings.maximumFileBytes = 23)],
		['storage_limit_exceeded', 403, () => void (rig().cloud.box.settings.quotaBytes = 23)],
		[
			'item_name_in_use',
			409,
			() => void rig().cloud.box.putFile({ name: 'report.txt', content: '' }),
		],
		['session_conflict', 409, openTwin],
		[
			'insufficient_scope',
			403,
			async () => void (await rig().connectBox({ scopes: ['root_readonly'] })),
		],
	])('refuses a session with %s', async (code, status, arrange) => {
		await arrange();
		const result = await rig().box(create());
		const failure = failureOf(result);
		expect(failure).toMatchObject({ path: code, status, stored: 'no', retryable: false });
		expect(failure.message).toBe(boxCodes[code]?.message);
		expect(failure.description).toMatch(/ report\.txt: .* Request ID: \w{16}$/);
		expect(rig().cloud.counters().requestsByRoute[CREATE]).toBe(1);
	});

	test('names the session that is open already', async () => {
		await openTwin();
		const [{ id } = { id: '' }] = rig().cloud.box.sessions();
		expect(failureOf(await rig().box(create())).description).toContain(id);
	});

	test('refuses a folder that it does not know', async () => {
		const parentFolderId = { __rl: true, mode: 'id', value: '999' };
		const failure = failureOf(await rig().box(create({}, { parentFolderId })));
		expect(failure).toMatchObject({ status: 404, class: 'input' });
		expect(failure.message).toBe("Box can't find the folder or file");
	});

	test('refuses a folder without upload rights', async () => {
		const { id } = rig().cloud.box.putFolder({ name: 'Read only', canUpload: false });
		const parentFolderId = { __rl: true, mode: 'id', value: id };
		const failure = failureOf(await rig().box(create({}, { parentFolderId })));
		expect(failure).toMatchObject({
			path: 'access_denied_insufficient_permissions',
			message: "You don't have permission for this in Box",
		});
	});

	test('refuses a new version of a file that it does not know', async () => {
		const failure = failureOf(
			await rig().box(create({}, { uploadAs: 'newVersion', fileId: '999' })),
		);
		expect(failure.message).toBe("Box can't find the folder or file");
		expect(failure.description).toMatch(/ 999: not_found\./);
	});

	test.each([
		['session_expired', 410, (id: string) => rig().cloud.box.expireSession(id)],
		['upload_failed', 410, (id: string) => rig().cloud.box.failSession(id)],
		['not_found', 404, (id: string) => rig().cloud.box.loseSession(id)],
	])('refuses a part with %s', async (code, status, change) => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({
			route: PUT_PART,
			action: { kind: 'before', run: () => change(sessionId) },
		});
		const failure = failureOf(await rig().box(partOf(sessionId)));
		expect(failure).toMatchObject({ path: code, status, retryable: false });
		expect(failure.message).toMatch(/upload session/);
	});

	test("refuses another user's session", async () => {
		const sessionId = await openSession(rig());
		await rig().connectBox({ accountId: boxAccounts.colleague.id });
		const failure = failureOf(await rig().box(partOf(sessionId)));
		expect(failure).toMatchObject({
			path: 'forbidden',
			message: "You don't have permission for this in Box",
		});
	});

	test('refuses an ID that is no session ID', async () => {
		const failure = failureOf(await rig().box(partOf('not-an-id')));
		expect(failure.path).toBe('invalid_upload_session_id');
		expect(failure.message).toBe('Box no longer has this upload session');
	});

	test('refuses a file that has grown beyond the account meanwhile', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.box.settings.quotaBytes = 23;
		const failure = failureOf(await rig().box(commitOf(sessionId)));
		expect(failure).toMatchObject({ path: 'storage_limit_exceeded', stored: 'no' });
	});

	test('refuses a name that was taken meanwhile', async () => {
		const sessionId = await filledSession(rig());
		rig().cloud.box.putFile({ name: 'report.txt', content: 'another' });
		const failure = failureOf(await rig().box(commitOf(sessionId)));
		expect(failure).toMatchObject({ path: 'item_name_in_use', status: 409, stored: 'no' });
		expect(rig().cloud.box.sessions()).toMatchObject([{ state: 'open' }]);
	});

	async function openTwin(): Promise<void> {
		rig().cloud.box.settings.sessionConflicts = true;
		await openSession(rig());
	}
});

describe('what passes by itself', () => {
	test.each([
		['blockedTemporary', 'operation_blocked_temporary'],
		['nameReserved', 'name_temporarily_reserved'],
		['rateLimited', 'rate_limit_exceeded'],
	] as const)('is waited for: %s', async (setting, _code) => {
		Object.assign(rig().cloud.box.settings, { [setting]: 2, retryAfterSec: 0.2 });
		onlyJson(await rig().box(create()));
		expect(rig().cloud.counters().requestsByRoute[CREATE]).toBe(3);
	});

	test.each([500, 502, 503, 504, 408])('is waited for: HTTP %i', async (status) => {
		rig().cloud.faults.add({ route: CREATE, action: { kind: 'reply', status } });
		onlyJson(await rig().box(create()));
		expect(rig().cloud.counters().requestsByRoute[CREATE]).toBe(2);
	});

	test.each([['blockedTemporary', 'operation_blocked_temporary', 409]] as const)(
		'is a failure when it does not: %s',
		async (setting, code, status) => {
			Object.assign(rig().cloud.box.settings, { [setting]: 99, retryAfterSec: 0.1 });
			const failure = failureOf(await rig().box(create({ maxRetries: 2 })));
			expect(failure).toMatchObject({ path: code, status, class: 'transient', retryable: true });
			expect(failure.description).toContain('The node has tried 3 times.');
			expect(rig().cloud.counters().requestsByRoute[CREATE]).toBe(3);
		},
	);

	test('costs the call no try when it is the rest of the account', async () => {
		Object.assign(rig().cloud.box.settings, { rateLimited: 4, retryAfterSec: 0.1 });
		onlyJson(await rig().box(create({ maxRetries: 1 })));
		expect(rig().cloud.counters().requestsByRoute[CREATE]).toBe(5);
	});

	test('is not waited for when Box asks for more than five minutes', async () => {
		Object.assign(rig().cloud.box.settings, { rateLimited: 99, retryAfterSec: 3_600 });
		const result = await rig().box(create());
		expect(failureOf(result)).toMatchObject({ path: 'rate_limit_exceeded', retryable: true });
		expect(result.durationMs).toBeLessThan(2_000);
	});

	test('holds all items of the account when Box asks one to slow down', async () => {
		Object.assign(rig().cloud.box.settings, { rateLimited: 1, retryAfterSec: 1 });
		const items = Array.from({ length: 8 }, (_, index) => fileItem(text, { name: `${index}.txt` }));
		const parameters = { fileName: '={{ $json.name }}' };
		jsonOf(await rig().box(step('create', { items, parameters })));
		const refused = rig().cloud.log.find(({ status }) => status === 429);
		const restedUntilMs = (refused?.endedAtMs ?? 0) + 1_000;
		const began = rig().cloud.log.map(({ startedAtMs }) => startedAtMs);
		// Up to four were under way; the rest waited as long as Box asked for.
		expect(began.filter((atMs) => atMs >= restedUntilMs - 10).length).toBeGreaterThanOrEqual(5);
	});
});

describe('an answer that is not from Box', () => {
	const html = '<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>';

	test('is quoted without its tags', async () => {
		rig().cloud.faults.add({
			route: CREATE,
			times: Infinity,
			action: {
				kind: 'reply',
				status: 502,
				headers: { 'content-type': 'text/html' },
				body: html,
			},
		});
		const failure = failureOf(await rig().box(create({ maxRetries: 1 })));
		expect(failure).toMatchObject({ path: 'http/502', status: 502, retryable: true });
		expect(failure.message).toBe('Something between n8n and Box sent the response');
		expect(failure.description).toContain('Reason: 502 Bad Gateway');
	});

	test.each(['', html, '{}', '{"id":1}', '[]', 'null'])('is no session: %s', async (body) => {
		rig().cloud.faults.add({
			route: CREATE,
			times: Infinity,
			action: { kind: 'reply', status: 200, body },
		});
		const failure = failureOf(await rig().box(create({ maxRetries: 0 })));
		expect(failure).toMatchObject({ path: 'http/unexpected_reply', stored: 'no' });
		expect(failure.message).toBe("The response isn't one that Box sends");
	});

	test.each(['', html, '{}', '{"entries":[]}', '{"total_count":0,"entries":[null]}'])(
		'to a commit leaves open whether the file is stored: %s',
		async (body) => {
			const sessionId = await filledSession(rig());
			rig().cloud.faults.add({
				route: COMMIT,
				times: Infinity,
				action: { kind: 'reply', status: 201, body },
			});
			const failure = failureOf(await rig().box(commitOf(sessionId, { maxRetries: 0 })));
			expect(failure).toMatchObject({ path: 'http/unexpected_reply', stored: 'unknown' });
			expect(failure.description).toContain('The file may be stored.');
		},
	);

	test.each([200, 400, 500])(
		'is not read to its end when it never ends: HTTP %i',
		async (status) => {
			rig().cloud.faults.add({
				route: CREATE,
				times: Infinity,
				action: { kind: 'endlessReply', status, chunk: 'x'.repeat(65_536) },
			});
			const failure = failureOf(await rig().box(create({ maxRetries: 0 })));
			expect(failure).toMatchObject({ path: 'http/reply_too_long', status });
		},
	);
});
