/** n8n's binary stores, and the memory that an upload takes. */
import type { BinaryMode } from '../../engine/types';
import { useRig } from '../../support/rig';
import * as uploads from './uploads';
import {
	APPEND,
	APPEND_BATCH,
	MIB,
	START_BATCH,
	file,
	hashOf,
	numbered,
	slowIt,
	startUpload,
	upload,
} from './uploads';

const contents = [
	{ sizeBytes: 0, seed: 0 },
	{ sizeBytes: 1, seed: 1 },
	{ sizeBytes: 100_000, seed: 2 },
	{ sizeBytes: 9 * MIB + 1, seed: 3 },
];

/** Without it glibc keeps what the node before has freed, and no growth would show. */
const MEMORY_IS_GIVEN_BACK = { MALLOC_MMAP_THRESHOLD_: '65536' };

interface Growth {
	/** Of the process, from the moment when the node has begun. */
	bytes: number;
}

describe.each<BinaryMode>(['default', 'database', 'filesystem'])(
	'Upload Files, n8n store %s',
	(binaryMode) => {
		const rig = useRig({ engine: { binaryMode, env: MEMORY_IS_GIVEN_BACK } });

		it('stores files of every kind', async () => {
			const result = await upload(rig(), {
				items: contents.map((content) => file(`${content.seed}.bin`, content)),
				options: { memoryCeilingMib: 8 },
			});
			uploads.expectAllStored(
				rig(),
				result,
				contents.map((content) => [`/${content.seed}.bin`, content]),
			);
		});

		async function growthOf(sizes: readonly number[], memoryCeilingMib: number): Promise<Growth> {
			const { engine } = rig();
			let startBytes = 0;
			// Before that the node that makes the files is at work.
			rig().cloud.faults.add({
				route: START_BATCH,
				action: {
					kind: 'before',
					run: async () => {
						await engine.collectGarbage();
						await engine.resetPeak();
						startBytes = (await engine.usage()).rssBytes;
					},
				},
			});
			const files = sizes.map((sizeBytes, seed) => ({ sizeBytes, seed }));
			const result = await upload(rig(), {
				items: files.map((content) => file(`${content.seed}.bin`, content)),
				options: { memoryCeilingMib },
				timeoutMs: 600_000,
			});
			expect(result.status).toBe('success');
			for (const content of files) {
				expect(rig().cloud.dropbox.file(`/${content.seed}.bin`)?.contentHash).toBe(hashOf(content));
			}
			return { bytes: (await rig().engine.usage()).peakRssBytes - startBytes };
		}

		const wholeBytes = binaryMode === 'filesystem' ? 0 : 1;

		it('takes no more memory than the ceiling, what is being sent, and a file that comes whole', async () => {
			const sizeBytes = 64 * MIB;
			const { bytes } = await growthOf([sizeBytes, 30 * MIB], 16);
			expect(bytes).toBeLessThan(2 * 16 * MIB + wholeBytes * sizeBytes + 40 * MIB);
		}, 60_000);

		slowIt(
			'takes no more memory than that for a file of 256 MiB',
			async () => {
				const sizeBytes = 256 * MIB;
				const { bytes } = await growthOf([sizeBytes, 100 * MIB], 96);
				expect(bytes).toBeLessThan(2 * 96 * MIB + wholeBytes * sizeBytes + 40 * MIB);
			},
			600_000,
		);
	},
);

describe('Upload Files, the memory ceiling', () => {
	const rig = useRig();

	/** Most bytes of content that were on their way at one moment. */
	function mostAtOnce(): number {
		const calls = [...rig().calls(APPEND), ...rig().calls(APPEND_BATCH)];
		return Math.max(
			...calls.map(({ startedAtMs: moment }) =>
				calls
					.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= moment && endedAtMs! > moment)
					.reduce((sum, { requestBytes }) => sum + requestBytes, 0),
			),
		);
	}

	it('counts for two executions together', async () => {
		rig().cloud.faults.add({
			route: /append/,
			times: Infinity,
			action: { kind: 'delay', delayMs: 100 },
		});
		const run = (path: string) => ({
			path,
			options: { memoryCeilingMib: 12, partSizeMib: 4 },
			items: [...numbered(4, 2 * MIB), file('large', { sizeBytes: 20 * MIB, seed: 9 })],
		});
		const handles = await Promise.all(
			['/one/', '/two/'].map(async (path) => await startUpload(rig(), run(path))),
		);
		const results = await Promise.all(handles.map(async ({ finished }) => await finished));
		expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(uploads.storedFiles(rig()).size).toBe(10);
		expect(mostAtOnce()).toBeLessThanOrEqual(12 * MIB);
		expect(mostAtOnce()).toBeGreaterThan(8 * MIB);
	});
});

describe('Upload Files, files of the database that are larger than the ceiling', () => {
	const rig = useRig({ engine: { binaryMode: 'database' } });

	it('go one at a time, and hold nobody up for ever', async () => {
		const run = (path: string) => ({
			path,
			options: { memoryCeilingMib: 4, partSizeMib: 4 },
			items: [10, 12, 9].map((mib, seed) => file(`${seed}.bin`, { sizeBytes: mib * MIB, seed })),
			timeoutMs: 30_000,
		});
		const handles = await Promise.all(
			['/one/', '/two/'].map(async (path) => await startUpload(rig(), run(path))),
		);
		const results = await Promise.all(handles.map(async ({ finished }) => await finished));
		expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(uploads.storedFiles(rig()).size).toBe(6);
	}, 40_000);
});
