/** One contender, one case, one run: what the client says of itself and what the cloud has seen. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { loadavg } from 'node:os';
import { blockDigests, hashOfBlocks } from './clients/dropboxHash';
import type { InputFile, Measured } from './clients/job';
import type { BenchCloud } from './cloud';
import { RunFailed, type Contender, type SourceAccount, type Vendor } from './contenders';
import { NETWORKS, type NetworkName } from './networks';
import type { Run } from './results';

const BLOCK_BYTES = 4 * 1024 * 1024;

interface Inputs {
	readonly files: readonly InputFile[];
	readonly changedParts?: readonly number[] | undefined;
	readonly boxPartBytes?: number | undefined;
	/** The other vendor has the files. */
	readonly isFromCloud?: boolean;
}

export async function measure(
	contender: Contender,
	cloud: BenchCloud,
	network: NetworkName,
	{ files, changedParts, isFromCloud, boxPartBytes }: Inputs,
	timeoutMs: number,
): Promise<Run> {
	const { vendor } = contender;
	const sent = contender.sample?.(files, network) ?? files;
	const { accessToken, refreshToken = '' } = await cloud.call('issueToken', vendor);
	await cloud.call('reset');
	await cloud.call('resetWire');
	const { limitedMinuteMs, model } = NETWORKS[network];
	await cloud.call('setNetwork', model);
	await cloud.call('limitBox', limitedMinuteMs);
	await cloud.call('setBoxPartSize', boxPartBytes);
	if (changedParts !== undefined) {
		for (const file of files) await cloud.call('putVersion', file, changedParts);
	}
	const source = isFromCloud ? await putAtOther(vendor, cloud, sent) : undefined;
	const loadAverage = loadavg()[0] ?? 0;
	const cpuBefore = cpuSecondsOf(await cloud.call('usage'));
	let measured: Measured;
	try {
		const account = { accessToken, refreshToken };
		measured = await contender.run({
			...account,
			files: sent,
			cloud,
			timeoutMs,
			...(source && { source }),
		});
	} catch (error) {
		await cloud.call('idle');
		throw error;
	}
	const cloudCpuSeconds = cpuSecondsOf(await cloud.call('usage')) - cpuBefore;
	const { requests, connections } = await cloud.call('counters');
	const wireBytes = await cloud.call('wireBytes');
	const refusals = await cloud.call('refusals');
	await checkStored(vendor, cloud, sent, measured);
	const traffic = { requests, connections, wireBytes, refusals };
	return { ...measured, ...traffic, sentFiles: sent.length, cloudCpuSeconds, loadAverage };
}

/** The files in the account of the other vendor, in folders of fifty. */
async function putAtOther(
	vendor: Vendor,
	cloud: BenchCloud,
	files: readonly InputFile[],
): Promise<SourceAccount> {
	const other = vendor === 'dropbox' ? 'box' : 'dropbox';
	const { accessToken, refreshToken = '' } = await cloud.call('issueToken', other);
	const places = await cloud.call('putSources', other, files);
	return { vendor: other, accessToken, refreshToken, places };
}

/** Nobody is fast by losing bytes. */
async function checkStored(
	vendor: Vendor,
	cloud: BenchCloud,
	files: readonly InputFile[],
	{ wallMs, peakGrowthBytes }: Measured,
): Promise<void> {
	const problems = await cloud.call('errors');
	if (problems.length > 0) throw new Error(`The cloud failed: ${problems[0]}`);
	const stored = (await cloud.call('storedHashes', vendor)).sort();
	const wanted: string[] = [];
	for (const file of files) wanted.push(await hashOf(vendor, file));
	if (stored.join() !== wanted.sort().join()) {
		const missing = wanted.length - stored.length;
		const what = missing > 0 ? `${missing} files are missing` : 'files differ';
		throw new RunFailed(what, { wallMs, peakGrowthBytes });
	}
}

const known = new Map<string, string>();

async function hashOf(vendor: Vendor, { path }: InputFile): Promise<string> {
	const key = `${vendor} ${path}`;
	const hash = known.get(key) ?? (await (vendor === 'dropbox' ? dropboxHash : sha1)(path));
	known.set(key, hash);
	return hash;
}

async function dropboxHash(path: string): Promise<string> {
	const digests: Buffer[] = [];
	let block: Buffer[] = [];
	let bytes = 0;
	// Chunks divide a block, so none reaches over its end.
	for await (const chunk of createReadStream(path, { highWaterMark: BLOCK_BYTES / 8 })) {
		block.push(chunk as Buffer);
		bytes += (chunk as Buffer).length;
		if (bytes < BLOCK_BYTES) continue;
		digests.push(...blockDigests(Buffer.concat(block)));
		[block, bytes] = [[], 0];
	}
	if (bytes > 0) digests.push(...blockDigests(Buffer.concat(block)));
	return hashOfBlocks(digests);
}

async function sha1(path: string): Promise<string> {
	const hash = createHash('sha1');
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

function cpuSecondsOf(usage: { userMicros: number; systemMicros: number }): number {
	return (usage.userMicros + usage.systemMicros) / 1e6;
}
