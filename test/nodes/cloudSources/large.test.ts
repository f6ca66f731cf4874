/** A large file from one cloud to the other: what it costs, and what a killed n8n has to do again. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import type { Engine } from '../../engine';
import { withProcesses } from '../../support/processes';
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import { errorsOf, hintOf } from '../upload/uploads';
import {
	connectSources,
	CROSSINGS,
	cutDownloads,
	downloadedBytes,
	from,
	isSlow,
	MIB,
	MODIFIED,
	partsOf,
	to,
	type Vendor,
} from './copies';

const rig = useRig();
beforeEach(async () => await connectSources(rig()));

const LARGE = { sizeBytes: (isSlow ? 1024 : 160) * MIB + 5, seed: 26 };
/** Of all that it had to be sent once. */
const MOST_FETCHED = 1.05;
const MOST_GROWTH_BYTES = 120e6;
/** n8n's own files; a copy of the content would be as large as it. */
const MOST_WRITTEN_BYTES = 2 * MIB;

const parametersOf = (source: Vendor, name: string): INodeParameters => ({
	source: from[source].file,
	[from[source].file]: name,
});

describe.each(CROSSINGS)('%s to %s', (source, target) => {
	function expectStoredOnce(path: string): void {
		const stored = to[target].stored(rig()).filter((file) => file.path === path);
		expect(stored).toEqual([
			{ path, hash: to[target].hashOf(LARGE), modifiedAtMs: Date.parse(MODIFIED) },
		]);
	}

	it(
		'passes through in bounded memory and past the disk, over five broken connections and two expired links',
		async () => {
			// What n8n and the nodes load for their first copy is not of the file.
			const small = from[source].put(rig(), 'small.bin', Buffer.alloc(100));
			await to[target].run(rig(), { parameters: parametersOf(source, small) });
			rig().cloud.resetCounters();
			const name = from[source].put(rig(), 'large.bin', LARGE);
			const sixth = Math.floor(LARGE.sizeBytes / 6);
			// Two of seven strike the short answers that say that a link has expired.
			cutDownloads(rig(), source, Array<number>(7).fill(sixth), [1, 4]);
			const { engine } = rig();
			await engine.collectGarbage();
			const { rssBytes } = await engine.usage();
			await engine.resetPeak();
			const written = writtenBytes(engine);
			const result = await to[target].run(rig(), { parameters: parametersOf(source, name) });
			expect(errorsOf(result)).toEqual([undefined]);
			expectStoredOnce('/large.bin');
			const commits = rig().cloud.counters().requestsByRoute[to[target].commitRoute];
			expect(commits).toBe(1);
			expect(hintOf(result)).toContain('5 × source/broken');
			expect(hintOf(result)).toContain('2 × source/link_expired');
			const fetched = downloadedBytes(rig(), source) / LARGE.sizeBytes;
			expect(fetched).toBeGreaterThanOrEqual(1);
			const growthBytes = (await engine.usage()).peakRssBytes - rssBytes;
			const onDisk = { written: writtenBytes(engine) - written, left: folderBytes(engine.homeDir) };
			if (isSlow) console.log(`${source} to ${target}`, { fetched, growthBytes, onDisk });
			expect(fetched).toBeLessThan(MOST_FETCHED);
			expect(growthBytes).toBeLessThan(MOST_GROWTH_BYTES);
			expect(onDisk.written).toBeLessThan(MOST_WRITTEN_BYTES);
			expect(onDisk.left).toBeLessThan(MOST_WRITTEN_BYTES);
		},
		10 * 60_000,
	);
});

/** What the process has caused to be written to a disk, where the system tells: man 5 proc. */
function writtenBytes({ pid }: Engine): number {
	if (process.platform !== 'linux') return 0;
	const [, bytes] = /^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8')) ?? [];
	return Number(bytes);
}

function folderBytes(folder: string): number {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true });
	return files
		.filter((entry) => entry.isFile())
		.reduce((sum, { name, parentPath }) => sum + statSync(join(parentPath, name)).size, 0);
}

describe('after n8n was killed', () => {
	const PARALLEL = 2;
	const FILE = isSlow ? LARGE : { sizeBytes: 33 * MIB + 5, seed: 27 };
	const partMib = isSlow ? 8 : 4;
	const parts = Math.ceil(FILE.sizeBytes / (partMib * MIB));
	const killedAt = Math.floor(parts / 2);

	it(
		'another process goes on with both copies, and sends no part that is there',
		async () =>
			await withProcesses(rig(), async ({ hang, kill, resumeFolder, start }) => {
				const { cloud } = rig();
				/** n8n as it comes up: nothing in memory, and the same home and accounts every time. */
				const started = async () => {
					const one = await start();
					await connectSources(one);
					return one;
				};
				cloud.box.settings.partSizeBytes = partMib * MIB;
				const copies = CROSSINGS.map(([source, target]) => ({
					target,
					parameters: parametersOf(source, from[source].put(rig(), 'large.bin', FILE)),
					options: {
						...{ parallel: PARALLEL, resumeFolder },
						...(target === 'Dropbox' && { partSizeMib: partMib }),
					},
				}));
				const first = await started();
				for (const { target } of copies) {
					cloud.faults.add({
						route: to[target].partRoute,
						skip: killedAt,
						times: Infinity,
						action: hang,
					});
				}
				for (const { target, ...copy } of copies) {
					const { finished } = await to[target].start(first, copy);
					finished.catch(() => {});
				}
				const isHalfThere = () =>
					copies.every(({ target }) => rig().calls(to[target].partRoute).length > killedAt);
				await until(isHalfThere, 5 * 60_000);
				await kill(first);
				// What n8n hasn't heard of any more may be sent again: Dropbox doesn't say which parts it has.
				const before = new Map(copies.map(({ target }) => [target, partsOf(rig(), target)]));

				const second = await started();
				for (const { target, ...copy } of copies) {
					expect(errorsOf(await to[target].run(second, copy))).toEqual([undefined]);
					const sent = before.get(target) ?? [];
					const there = sent.filter(({ status }) => status === 200).map(({ offset }) => offset);
					expect(there.length).toBeGreaterThanOrEqual(killedAt - PARALLEL);
					const sentAgain = partsOf(rig(), target)
						.slice(sent.length)
						.map(({ offset }) => offset);
					if (isSlow) console.log(target, { parts, there: there.length, after: sentAgain.length });
					// Box lists its parts. For Dropbox a checkpoint is written after the answer, which a kill may prevent.
					const twice = sentAgain.filter((offset) => there.includes(offset)).length;
					expect(twice).toBeLessThanOrEqual(target === 'Box' ? 0 : PARALLEL);
					expect(there.length + sentAgain.length).toBeLessThanOrEqual(parts + twice);
					expect(rig().calls(to[target].commitRoute)).toHaveLength(1);
				}
				for (const target of ['Dropbox', 'Box'] as const) {
					const hashes = to[target].stored(rig()).map(({ hash }) => hash);
					expect(hashes).toEqual([to[target].hashOf(FILE)]);
				}
			}),
		15 * 60_000,
	);
});
