import { join } from 'node:path';

import type { DropboxFileView } from '../../cloud/dropbox';
import { MAX_DATABASE_FILE_MIB } from './cluster';
import { makeFiles, type SharedFile } from './files';
import { handOut, type Load } from './handOut';
import { killInMidUpload } from './killed';
import { uploadOne } from './one';
import { writeHandOut, writeKill } from './page';
import { startQueue, type Queue } from './queue';
import { missingServices } from './services';

const KIB = 1024;
const MIB = 1024 * KIB;
const MINUTE_MS = 60_000;
const START_TIMEOUT_MS = 20 * MINUTE_MS;
const RUN_TIMEOUT_MS = 40 * MINUTE_MS;

/** A run of a few minutes, to see whether it works at all; the page stays as it is. */
const isQuick = process.env.QUEUE_QUICK === '1';
const SCALE = isQuick
	? { onDisk: { small: 600, largeMib: 64 }, inDatabase: { small: 300, largeMib: 32 } }
	: {
			onDisk: { small: 5_000, largeMib: 1_024 },
			inDatabase: { small: 1_000, largeMib: MAX_DATABASE_FILE_MIB },
		};
const LARGE_FILES = 3;
const KILLED_MIB = isQuick ? 256 : 1_024;
/** What was on its way when the worker died; without going on it would be a third at least. */
const SENT_AGAIN = 0.25;

type Scale = (typeof SCALE)['onDisk'];

const titleOf = ({ small, largeMib }: Scale) => `${small} and ${LARGE_FILES} of ${largeMib} MiB`;

const missing = missingServices();
const describeQueue = missing === undefined ? describe : describe.skip;
if (missing !== undefined) console.warn(`The queue mode is not tested. ${missing}`);

function useQueue(binaryMode: 'filesystem' | 'database'): () => Queue {
	let queue: Queue | undefined;
	beforeAll(async () => {
		queue = await startQueue(binaryMode);
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await queue?.stop();
	}, START_TIMEOUT_MS);
	return () => {
		if (!queue) throw new Error('The queue is there inside tests only');
		return queue;
	};
}

async function makeLoad({ sharedDir }: Queue, scale: Scale): Promise<Load> {
	const small = Array.from({ length: scale.small }, (_, index) => 10 * KIB + index * 7);
	const large = Array<number>(LARGE_FILES).fill(scale.largeMib * MIB);
	return {
		small: await makeFiles(join(sharedDir, 'small'), small),
		large: await makeFiles(join(sharedDir, 'large'), large),
	};
}

const sent = (files: readonly SharedFile[]) =>
	files.map(({ name, contentHash }) => `${name} ${contentHash}`).sort();
const arrived = (files: readonly DropboxFileView[]) =>
	files.map(({ path, contentHash }) => `${path.split('/').at(-1)} ${contentHash}`).sort();

async function expectHandedOut(queue: Queue, load: Load): Promise<void> {
	const report = await handOut(queue, load, RUN_TIMEOUT_MS);
	expect(new Set(report.statuses)).toEqual(new Set(['success']));
	expect(arrived(report.stored)).toEqual(sent([...load.small, ...load.large]));
	expect(report.doubles).toBe(0);
	for (const { files } of report.shares) expect(files).toBeGreaterThan(0);
	const total = report.shares.reduce((sum, { files }) => sum + files, 0);
	expect(total).toBe(load.small.length + load.large.length);
	expect(report.renewals).toBe(1);
	expect(report.contentionRetries).toBeGreaterThan(load.small.length / 20);
	expect(queue.cloud.errors).toEqual([]);
	if (!isQuick) await writeHandOut(queue.binaryMode, report);
}

describeQueue('two workers that share a disk', () => {
	const queue = useQueue('filesystem');

	test(
		`store many small files and a few large ones once each (${titleOf(SCALE.onDisk)})`,
		async () => {
			await expectHandedOut(queue(), await makeLoad(queue(), SCALE.onDisk));
		},
		RUN_TIMEOUT_MS,
	);

	test(
		'go on with what a killed worker had begun, once it is started again',
		async () => {
			const startedAtMs = Date.now();
			const sizeBytes = KILLED_MIB * MIB;
			const [file] = await makeFiles(join(queue().sharedDir, 'killed'), [sizeBytes]);
			const report = await killInMidUpload(queue(), file!);
			expect(report).toMatchObject({
				status: 'error',
				executionsByThemselves: 0,
				requestsByThemselves: 0,
				secondStatus: 'success',
				ranOnTheOther: true,
			});
			expect(arrived(report.stored)).toEqual(sent([file!]));
			const sentBytes = report.sentBeforeBytes + report.sentAfterBytes;
			expect(sentBytes).toBeLessThan(sizeBytes * (1 + SENT_AGAIN));
			if (!isQuick) await writeKill(report, Date.now() - startedAtMs);
		},
		RUN_TIMEOUT_MS,
	);
});

describeQueue('two workers that share a database', () => {
	const queue = useQueue('database');

	test(
		`store many small files and a few large ones once each (${titleOf(SCALE.inDatabase)})`,
		async () => {
			await expectHandedOut(queue(), await makeLoad(queue(), SCALE.inDatabase));
		},
		RUN_TIMEOUT_MS,
	);

	test(
		'are told at once of a file that the database could not give back',
		async () => {
			const [file] = await makeFiles(join(queue().sharedDir, 'too-large'), [
				(MAX_DATABASE_FILE_MIB + 1) * MIB,
			]);
			const { status, data } = await uploadOne(queue(), file!);
			expect(status).toBe('error');
			expect(data.resultData.lastNodeExecuted).toBe('Read Files');
			expect(data.resultData.error?.message).toContain('exceeds');
		},
		RUN_TIMEOUT_MS,
	);
});
