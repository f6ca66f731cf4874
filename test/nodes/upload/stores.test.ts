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

describe.each<BinaryMode>(['default', 'database', 'filesystem'])(
	'Upload Files, n8n store %s',
	(binaryMode) => {
		const rig = useRig({ engine: { binaryMode, env: MEMORY_IS_GIVEN_BACK } });
		const comesWhole = binaryMode !== 'filesystem';

		it('stores files of every kind', async () => {
			const result = await upload(rig(), {
				items: contents.map((content) => file(`${content.seed}.bin`, content)),
				options: { memoryLimitMib: 8 },
			});
			uploads.expectAllStored(
				rig(),
				result,
				contents.map((content) => [`/${content.seed}.bin`, content]),
			);
		});

		/** Of the process, from the moment when the node has begun. */
		async function growthBytes(sizes: readonly number[], memoryLimitMib: number): Promise<number> {
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
				options: { memoryLimitMib },
				timeoutMs: 600_000,
			});
			expect(result.status).toBe('success');
			for (const content of files) {
				expect(rig().cloud.dropbox.file(`/${content.seed}.bin`)?.contentHash).toBe(hashOf(content));
			}
			return (await engine.usage()).peakRssBytes - startBytes;
		}

		it('takes no more memory than the ceiling, what is being sent, and a file that comes whole', async () => {
			const sizeBytes = 56 * MIB;
			const bytes = await growthBytes([sizeBytes, 12 * MIB], 16);
			expect(bytes).toBeLessThan((2 * 16 + 40) * MIB + (comesWhole ? sizeBytes : 0));
		}, 120_000);

		slowIt(
			'takes no more memory than that for a file of 256 MiB',
			async () => {
				const sizeBytes = 256 * MIB;
				const bytes = await growthBytes([sizeBytes, 100 * MIB], 96);
				expect(bytes).toBeLessThan((2 * 96 + 40) * MIB + (comesWhole ? sizeBytes : 0));
			},
			600_000,
		);

		/** The same for two executions at once. */
		async function uploadTwice(run: Pick<uploads.Upload, 'items' | 'options'>): Promise<void> {
			const handles = await Promise.all(
				['/one/', '/two/'].map(async (path) => await startUpload(rig(), { ...run, path })),
			);
			const results = await Promise.all(handles.map(async ({ finished }) => await finished));
			expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
			expect(uploads.storedFiles(rig()).size).toBe(2 * run.items.length);
		}

		it('sends files that are larger than the ceiling, for two executions at once', async () => {
			await uploadTwice({
				options: { memoryLimitMib: 4, partSizeMib: 4 },
				items: [10, 12, 9].map((mib, seed) => file(`${seed}.bin`, { sizeBytes: mib * MIB, seed })),
			});
		});

		if (comesWhole) return;

		it('counts the ceiling for two executions together', async () => {
			rig().cloud.faults.add({
				route: /append/,
				times: Infinity,
				action: { kind: 'delay', delayMs: 100 },
			});
			await uploadTwice({
				options: { memoryLimitMib: 12, partSizeMib: 4 },
				items: [...numbered(4, 2 * MIB), file('large', { sizeBytes: 20 * MIB, seed: 9 })],
			});
			const calls = [...rig().calls(APPEND), ...rig().calls(APPEND_BATCH)];
			const atOnce = calls.map(({ startedAtMs: moment }) =>
				calls
					.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= moment && endedAtMs! > moment)
					.reduce((sum, { requestBytes }) => sum + requestBytes, 0),
			);
			expect(Math.max(...atOnce)).toBeLessThanOrEqual(12 * MIB);
			expect(Math.max(...atOnce)).toBeGreaterThan(8 * MIB);
		});
	},
);
