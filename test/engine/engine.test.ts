import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EngineExitedError, generateBuffer, startEngine } from '.';
import type { BinaryMode, Engine, NodeUnderTest } from '.';
import { startServer } from './fixture/server';
import type { ProbeServer } from './fixture/server';

jest.setTimeout(60_000);

const packageDirs = [join(__dirname, 'fixture', 'probe')];

let server: ProbeServer;
let engine: Engine;

function probe(action: string, parameters: NodeUnderTest['parameters'] = {}): NodeUnderTest {
	return { type: 'n8n-nodes-probe.probe', parameters: { action, ...parameters } };
}

function requesting(path: string, more: NodeUnderTest['parameters'] = {}): NodeUnderTest {
	return {
		...probe('request', { request: JSON.stringify({ url: server.origin + path }), ...more }),
		credentials: { probeOAuth2Api: 'account' },
	};
}

const savedData = () => ({
	origin: server.origin,
	clientId: 'id',
	clientSecret: 'secret',
	oauthTokenData: { access_token: 'token-0', refresh_token: 'refresh-0', token_type: 'bearer' },
});

beforeAll(async () => {
	server = await startServer();
	engine = await startEngine({ packageDirs, env: { NODE_EXTRA_CA_CERTS: server.caFile } });
});

beforeEach(async () => {
	server.requests.length = 0;
	server.validToken = 'token-0';
	await engine.setCredential('account', {
		name: 'account',
		type: 'probeOAuth2Api',
		data: savedData(),
	});
});

afterAll(async () => {
	await engine.stop();
	await server.close();
});

describe('a node in the engine', () => {
	test('evaluates expressions for each item and keeps the pairing', async () => {
		const { status, outputs } = await engine.runNode({
			node: probe('echo', { text: '={{ $json.name.toUpperCase() }}-{{ $itemIndex }}' }),
			items: [{ json: { name: 'a' } }, { json: { name: 'b' } }],
		});
		expect(status).toBe('success');
		expect(outputs).toEqual([
			[
				{ json: { result: { value: 'A-0' } }, pairedItem: { item: 0 } },
				{ json: { result: { value: 'B-1' } }, pairedItem: { item: 1 } },
			],
		]);
	});

	test.each(['manual', 'trigger'] as const)('runs in %s mode', async (mode) => {
		const { status, runData } = await engine.runNode({ node: probe('echo'), mode });
		expect(status).toBe('success');
		expect(Object.keys(runData)).toEqual(['Start', 'Items', 'Node']);
	});

	test('leaves log lines, hints and messages to the editor', async () => {
		const { logs, hints, uiMessages } = await engine.runNode({
			node: probe('say'),
			mode: 'manual',
		});
		expect(logs).toContainEqual(
			expect.objectContaining({
				level: 'debug',
				message: 'a line for developers',
				meta: expect.objectContaining({ part: 1 }) as unknown,
			}),
		);
		expect(logs).toContainEqual(
			expect.objectContaining({ level: 'warn', message: 'a line for the operator' }),
		);
		expect(hints).toEqual([{ message: 'a hint for the user', location: 'outputPane' }]);
		expect(JSON.stringify(uiMessages)).toContain('a message for the editor');
	});

	test('keeps static data of production runs only, and module memory of all', async () => {
		const run = async (mode: 'manual' | 'trigger') => {
			const { outputs } = await engine.runNode({
				node: probe('count'),
				mode,
				workflowId: 'counted',
			});
			return outputs[0]![0]!.json.result as { staticRuns: number; processRuns: number };
		};
		const first = await run('trigger');
		expect(first.staticRuns).toBe(1);
		expect((await run('manual')).staticRuns).toBe(2);
		const third = await run('trigger');
		expect(third).toEqual({ staticRuns: 2, processRuns: first.processRuns + 2 });
		expect(await engine.staticData('counted')).toEqual({ 'node:Node': { runs: 2 } });
	});

	test('writes files where n8n allows it and nowhere else', async () => {
		const allowed = join(engine.homeDir, '.n8n-files', 'state.json');
		expect((await engine.runNode({ node: probe('write', { text: allowed }) })).status).toBe(
			'success',
		);
		expect(readFileSync(allowed, 'utf8')).toBe('written');

		const elsewhere = join(engine.homeDir, 'state.json');
		writeFileSync(elsewhere, '');
		const { error } = await engine.runNode({ node: probe('write', { text: elsewhere }) });
		expect(error?.message).toBe('Access to the file is not allowed.');
	});
});

describe('binary data', () => {
	const generated = { sizeBytes: 2_500_000, seed: 7 };
	const sha256 = createHash('sha256').update(generateBuffer(generated)).digest('hex');
	const read = async (from: Engine) => {
		const { outputs, runData } = await from.runNode({
			node: probe('read', { sizeBytes: 1_000_000 }),
			items: [{ binary: { data: { generated, fileName: 'photo.jpg' } } }],
		});
		return { result: outputs[0]![0]!.json.result, items: runData.Items![0]!.data!.main![0]! };
	};

	test('on disk comes in chunks of the size asked for', async () => {
		const { result, items } = await read(engine);
		expect(result).toEqual({
			fileSize: 2_500_000,
			fileName: 'photo.jpg',
			chunkSizes: [1_000_000, 1_000_000, 500_000],
			sha256,
		});
		const binary = items[0]!.binary!.data!;
		expect(binary).toMatchObject({ mimeType: 'image/jpeg', bytes: 2_500_000 });
		expect((await engine.readBinary(binary)).equals(generateBuffer(generated))).toBe(true);
	});

	test.each<[BinaryMode, object]>([
		['database', { chunkSizes: [2_500_000], fileSize: 2_500_000, fileName: 'photo.jpg', sha256 }],
		['default', { inline: true, sha256 }],
	])('in mode %s comes in one piece', async (binaryMode, expected) => {
		const other = await startEngine({ packageDirs, binaryMode });
		try {
			expect((await read(other)).result).toEqual(expected);
		} finally {
			await other.stop();
		}
	});

	test('is gone after deleteBinaryData', async () => {
		const { executionId, outputs } = await engine.runNode({
			node: {
				type: 'test.items',
				parameters: { items: '[{"binary":{"data":{"base64":"YQ=="}}}]' },
			},
		});
		const binary = outputs[0]![0]!.binary!.data!;
		expect(String(await engine.readBinary(binary))).toBe('a');
		await engine.deleteBinaryData(executionId);
		await expect(engine.readBinary(binary)).rejects.toThrow('not found');
	});
});

describe('OAuth2', () => {
	test('renews an expired token once for parallel requests and saves it', async () => {
		server.validToken = 'revoked elsewhere';
		const { outputs, status } = await engine.runNode({ node: requesting('/data', { times: 4 }) });
		expect(status).toBe('success');
		const replies = outputs[0]![0]!.json.result;
		expect(replies).toEqual(Array(4).fill({ statusCode: 200, body: '{"received":1000}' }));

		const renewals = server.requests.filter(({ url }) => url === '/token');
		expect(renewals.map(({ body }) => String(body))).toEqual([
			'refresh_token=refresh-0&grant_type=refresh_token&client_id=id&client_secret=secret',
		]);
		const { data } = await engine.getCredential('account');
		expect(data).toMatchObject({
			clientId: 'id',
			oauthTokenData: { access_token: server.validToken, refresh_token: 'refresh-1' },
		});
	});

	test('gets a first token by client credentials with the extra body fields', async () => {
		const { oauthTokenData, ...data } = savedData();
		await engine.setCredential('server', { name: 'server', type: 'probeServerOAuth2Api', data });
		const { outputs } = await engine.runNode({
			node: {
				...requesting('/data', { credential: 'probeServerOAuth2Api' }),
				credentials: { probeServerOAuth2Api: 'server' },
			},
		});
		expect(outputs[0]![0]!.json.result).toEqual([{ statusCode: 200, body: '{"received":1000}' }]);
		expect(String(server.requests[0]!.body)).toBe(
			'grant_type=client_credentials&subject=enterprise&client_id=id&client_secret=secret',
		);
		expect(oauthTokenData.access_token).not.toBe(server.validToken);
	});

	test('tests a credential by its own request', async () => {
		const passed = await engine.testCredential('probeOAuth2Api', savedData());
		expect(passed).toEqual({ status: 'OK', message: 'Connection successful!' });
		const failed = await engine.testCredential('probeOAuth2Api', {
			...savedData(),
			oauthTokenData: { access_token: 'wrong', token_type: 'bearer' },
		});
		expect(failed.status).toBe('Error');
	});
});

describe('failures', () => {
	test('come as the error that n8n keeps', async () => {
		const { status, error, outputs } = await engine.runNode({ node: requesting('/reset') });
		expect(status).toBe('error');
		expect(outputs).toEqual([]);
		expect(error).toMatchObject({ name: 'NodeApiError', context: {} });
	});

	test('stop the run, go to the error output, or become items, as the node is set', async () => {
		const node = requesting('/reset');
		const items = [{ json: { id: 1 } }];
		const stopped = await engine.runNode({ node, items });
		expect(stopped.status).toBe('error');

		const asItems = await engine.runNode({
			node: { ...node, onError: 'continueRegularOutput' },
			items,
		});
		expect(asItems.status).toBe('success');
		expect(asItems.outputs[0]![0]!.json.error).toMatchObject({ code: 'ECONNRESET' });

		const split = await engine.runNode({
			node: { ...node, onError: 'continueErrorOutput' },
			items,
		});
		expect(split.outputs[0]).toEqual([]);
		expect(split.outputs[1]![0]!.json).toMatchObject({ id: 1, error: { code: 'ECONNRESET' } });
	});

	test('are tried again with Retry On Fail', async () => {
		const fresh = await startEngine({ packageDirs });
		try {
			const { status, outputs } = await fresh.runNode({
				node: {
					...probe('failUntil', { times: 3 }),
					retryOnFail: true,
					maxTries: 3,
					waitBetweenTries: 1,
				},
			});
			expect(status).toBe('success');
			expect(outputs[0]![0]!.json.result).toEqual({ tries: 3 });
		} finally {
			await fresh.stop();
		}
	});

	test('of the process itself reject the run', async () => {
		const mortal = await startEngine({ packageDirs, env: { NODE_EXTRA_CA_CERTS: server.caFile } });
		await mortal.setCredential('account', await engine.getCredential('account'));
		const hanging = server.hanging();
		const { finished } = await mortal.startNode({ node: requesting('/hang') });
		await hanging;
		await mortal.kill();
		await expect(finished).rejects.toThrow(EngineExitedError);
		await expect(mortal.runNode({ node: probe('echo') })).rejects.toThrow(EngineExitedError);
		await mortal.stop();
	});
});

describe('an execution', () => {
	test('can be canceled while a request hangs', async () => {
		const hanging = server.hanging();
		const { finished, cancel } = await engine.startNode({ node: requesting('/hang') });
		await hanging;
		await cancel();
		const { status } = await finished;
		expect(status).toBe('canceled');
	});

	test('is canceled at its timeout', async () => {
		const { status } = await engine.runNode({
			node: requesting('/hang'),
			settings: { executionTimeout: 1 },
		});
		expect(status).toBe('canceled');
	});

	test('shows its memory at the peak, also when it is given back', async () => {
		await engine.collectGarbage();
		await engine.resetPeak();
		const before = await engine.usage();
		await engine.runNode({ node: probe('keep', { sizeBytes: 2e8 }) });
		await engine.collectGarbage();
		const after = await engine.usage();
		expect(after.peakRssBytes - before.peakRssBytes).toBeGreaterThan(1.5e8);
		expect(after.rssBytes).toBeLessThan(after.peakRssBytes);
		expect(after.cpuSeconds).toBeGreaterThan(before.cpuSeconds);
	});

	test('leaves no socket open and no error unhandled', async () => {
		await engine.runNode({ node: requesting('/data', { times: 3 }) });
		expect((await engine.openHandles()).sockets).toBe(0);
		expect(await engine.unhandledErrors()).toEqual([]);
	});
});

test('a package that cannot be loaded stops the start with its reason', async () => {
	const missing = join(__dirname, 'fixture', 'missing');
	await expect(startEngine({ packageDirs: [missing] })).rejects.toThrow('ENOENT');
});

test('the descriptions of the loaded nodes and credentials can be read', async () => {
	const nodes = await engine.nodeDescriptions();
	expect(nodes.map(({ name }) => name)).toContain('n8n-nodes-probe.probe');
	const credentials = await engine.credentialDescriptions();
	expect(credentials.map(({ name }) => name)).toContain('probeOAuth2Api');
});
