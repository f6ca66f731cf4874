/** Over TLS and the proxy: Box's own SDK, unmodified, and what a broken connection leaves behind. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProxyAgent, request } from 'undici';
import { boxAccounts, boxEnterpriseId } from './box/accounts';
import { digestOf, someBytes } from './box/direct';
import { sha1Hex } from './box/digests';
import type { LoopbackCloud } from './index';
import { startCloud } from './index';

let cloud: LoopbackCloud;

beforeAll(async () => {
	cloud = await startCloud();
});

afterEach(() => {
	expect(cloud.errors).toEqual([]);
	cloud.reset();
});

afterAll(async () => {
	await cloud.stop();
});

test("Box's SDK creates, uploads, reads and replaces files", async () => {
	const bigBytes = 20_000_123;
	const { clientId, clientSecret } = cloud.boxOAuth.clients[0] ?? {};
	const job = {
		token: cloud.boxTokens.issue().accessToken,
		bigBytes,
		app: {
			clientId,
			clientSecret,
			enterpriseId: boxEnterpriseId,
			asUser: boxAccounts.colleague.id,
		},
	};
	const client = join(__dirname, 'box', 'sdkClient.ts');
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', client, JSON.stringify(job)],
		{ cwd: join(__dirname, '..', '..'), env: { ...process.env, ...cloud.env } },
	);
	const sha1 = sha1Hex(Buffer.alloc(bigBytes, 'big file '));
	expect(JSON.parse(stdout)).toEqual({
		me: boxAccounts.user.id,
		service: boxAccounts.service.id,
		asUser: boxAccounts.colleague.id,
		checked: 'checked.txt',
		second: '1',
		big: { size: bigBytes, sha1, parent: true },
		version: '1',
		names: ['big.bin', 'checked.txt', 'small.txt'],
		conflict: 409,
	});
	expect(cloud.box.schemaProblems).toEqual([]);
	expect(cloud.box.files()).toMatchObject([
		{ path: '/From the SDK/small.txt', versions: 2, content: Buffer.from('second') },
		{ path: '/From the SDK/checked.txt', content: Buffer.from('checked') },
		{ path: '/From the SDK/big.bin', versions: 2, sha1 },
	]);
	const hosts = new Set(cloud.log.map(({ host }) => host));
	expect([...hosts].sort()).toEqual(['api.box.com', 'upload-las.app.box.com', 'upload.box.com']);
}, 120_000);

describe('a connection that breaks', () => {
	const bytes = someBytes(25);
	const putPart = 'PUT /files/upload_sessions/:id';
	let dispatcher: ProxyAgent;
	let authorization: string;
	let sessionUrl: string;

	beforeEach(async () => {
		Object.assign(cloud.box.settings, { partSizeBytes: 10, minimumSessionBytes: 10 });
		dispatcher = new ProxyAgent({ uri: cloud.proxyUrl, requestTls: { ca: cloud.caPem } });
		authorization = `Bearer ${cloud.boxTokens.issue().accessToken}`;
		const { body } = await request('https://upload.box.com/api/2.0/files/upload_sessions', {
			method: 'POST',
			dispatcher,
			headers: { authorization, 'content-type': 'application/json' },
			body: JSON.stringify({ folder_id: '0', file_name: 'a.bin', file_size: 25 }),
		});
		const session = (await body.json()) as { session_endpoints: { upload_part: string } };
		sessionUrl = session.session_endpoints.upload_part;
	});

	afterEach(async () => {
		await dispatcher.close();
	});

	async function sendFirstPart(): Promise<{ status: number; code?: string }> {
		const { statusCode, body } = await request(sessionUrl, {
			method: 'PUT',
			dispatcher,
			headers: {
				authorization,
				'content-type': 'application/octet-stream',
				'content-range': 'bytes 0-9/25',
				digest: digestOf(bytes.subarray(0, 10)),
			},
			body: bytes.subarray(0, 10),
		});
		const { code } = (await body.json()) as { code?: string };
		return { status: statusCode, code };
	}

	test('after the part has arrived leaves it stored, and immutable', async () => {
		cloud.faults.add({ vendor: 'box', route: putPart, action: { kind: 'loseReply' } });
		await expect(sendFirstPart()).rejects.toThrow();
		expect(cloud.box.sessions()[0]?.parts).toMatchObject([{ offset: 0, size: 10 }]);
		expect(await sendFirstPart()).toEqual({ status: 416, code: 'range_overlaps_existing_part' });
	});

	test('within the part leaves nothing', async () => {
		cloud.faults.add({
			vendor: 'box',
			route: putPart,
			when: ({ argument }) => JSON.stringify(argument) === '{"content_range":"bytes 0-9/25"}',
			action: { kind: 'resetDuring', afterBytes: 4 },
		});
		await expect(sendFirstPart()).rejects.toThrow();
		expect(cloud.box.sessions()[0]?.parts).toEqual([]);
		expect(await sendFirstPart()).toMatchObject({ status: 200 });
	});
});
