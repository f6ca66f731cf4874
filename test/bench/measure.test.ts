/** The instrument against things of a known size. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBenchCloud, type BenchCloud } from '../../bench/cloud';
import { CONTENDERS, type Contender } from '../../bench/contenders';
import { runClient } from '../../bench/contenders/clients';
import { measure } from '../../bench/measure';
import { generateBuffer } from '../engine/generate';

const MIB = 1024 * 1024;
const sizes = [0, 1, 20_000, 5 * MIB, 21 * MIB + 7];
const totalBytes = sizes.reduce((sum, size) => sum + size, 0);

let folder: string;
let cloud: BenchCloud;
const files = () =>
	sizes.map((sizeBytes, index) => ({
		path: join(folder, `${index}.bin`),
		name: `${index}.bin`,
		sizeBytes,
	}));

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
	for (const [seed, { path, sizeBytes }] of files().entries()) {
		writeFileSync(path, generateBuffer({ sizeBytes, seed }));
	}
	cloud = await startBenchCloud();
});

afterAll(async () => {
	await cloud.stop();
	rmSync(folder, { recursive: true, force: true });
});

const contender = (vendor: string, id: string): Contender => {
	const found = CONTENDERS.find((one) => one.vendor === vendor && one.id === id);
	if (!found) throw new Error(`No ${id} for ${vendor}`);
	return found;
};

test.each([
	['dropbox', 'limit'],
	['dropbox', 'sdk-as-ours'],
	['box', 'limit'],
	['box', 'sdk'],
	['box', 'sdk-as-ours'],
])('%s: %s is measured, and every byte is counted', async (vendor, id) => {
	const run = await measure(contender(vendor, id), cloud, 'loopback', { files: files() }, 30_000);
	expect(run.sentFiles).toBe(sizes.length);
	expect(run.wallMs).toBeGreaterThan(0);
	expect(run.cpuSeconds).toBeGreaterThan(0);
	expect(run.cloudCpuSeconds).toBeGreaterThan(0);
	expect(run.requests).toBeGreaterThanOrEqual(run.connections);
	// TLS and headers come on top, and are little beside such files.
	expect(run.wireBytes).toBeGreaterThan(totalBytes);
	expect(run.wireBytes).toBeLessThan(totalBytes * 1.02);
});

test('a contender that stores something else has failed', async () => {
	const nobody = {
		...contender('dropbox', 'limit'),
		run: async () => await Promise.resolve({ wallMs: 1, cpuSeconds: 0, peakGrowthBytes: 0 }),
	};
	await expect(measure(nobody, cloud, 'loopback', { files: files() }, 30_000)).rejects.toThrow(
		`${sizes.length} files are missing`,
	);
});

test('a contender that takes too long is stopped', async () => {
	const stopped = measure(contender('dropbox', 'limit'), cloud, 'line', { files: files() }, 1);
	await expect(stopped).rejects.toThrow('stopped');
});

test('without keep-alive each request has a connection of its own', async () => {
	const { accessToken } = await cloud.call('issueToken', 'dropbox');
	await cloud.call('reset');
	await cloud.call('setNetwork', {});
	const { proxyUrl, caPem, env } = cloud;
	const job = {
		client: 'dropboxRaw' as const,
		files: files().map((file) => ({ ...file, partBytes: 4 * MIB })),
		packBytes: 4 * MIB,
		parallel: 3,
		accessToken,
		proxyUrl,
		caPem,
		newConnectionPerRequest: true,
	};
	await runClient(job, env, 30_000);
	const { requests, connections } = await cloud.call('counters');
	expect(connections).toBe(requests);
});
