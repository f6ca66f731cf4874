/** n8n's binary stores, the part sizes that Box dictates, and the memory that an upload takes. */
import type { BinaryMode } from '../../engine/types';
import type { Content, Upload } from './uploads';
import {
	GET_FOLDER,
	LARGE,
	MIB,
	PUT_PART,
	expectAllStored,
	file,
	holdUntilAtOnce,
	sha1Of,
	slowIt,
	startUpload,
	storedFiles,
	upload,
	useBox,
} from './uploads';

const contents: Array<[string, Content]> = [
	['/empty', { sizeBytes: 0, seed: 0 }],
	['/one', { sizeBytes: 1, seed: 1 }],
	['/some', { sizeBytes: 5 * MIB, seed: 2 }],
	['/many', { sizeBytes: LARGE + 1, seed: 3 }],
];

/** Without it glibc keeps what the node before has freed, and no growth would show. */
const MEMORY_IS_GIVEN_BACK = { MALLOC_MMAP_THRESHOLD_: '65536' };

describe.each<BinaryMode>(['default', 'database', 'filesystem'])(
	'Upload File, n8n store %s',
	(binaryMode) => {
		const rig = useBox({ engine: { binaryMode, env: MEMORY_IS_GIVEN_BACK } });
		const comesWhole = binaryMode !== 'filesystem';

		it('stores files of every kind', async () => {
			const result = await upload(rig(), {
				items: contents.map(([path, content]) => file(path.slice(1), content)),
				options: { memoryLimitMib: 8 },
			});
			expectAllStored(rig(), result, contents);
		});

		/** Of the process, from the moment when the node has begun. */
		async function growthBytes(run: Upload): Promise<number> {
			const { engine } = rig();
			let startBytes = 0;
			// Before that the node that makes the files is at work.
			rig().cloud.faults.add({
				route: GET_FOLDER,
				action: {
					kind: 'before',
					run: async () => {
						await engine.collectGarbage();
						await engine.resetPeak();
						startBytes = (await engine.usage()).rssBytes;
					},
				},
			});
			const result = await upload(rig(), { ...run, timeoutMs: 600_000 });
			expect(result.error).toBeUndefined();
			expect(storedFiles(rig())).toHaveLength(run.items.length);
			return (await engine.usage()).peakRssBytes - startBytes;
		}

		it('takes no more memory than the ceiling, what is being sent, and a file that comes whole', async () => {
			const sizeBytes = 56 * MIB;
			// Sent first, in one piece; V8 frees it when it gets round to it.
			const smallBytes = 12 * MIB;
			const items = [sizeBytes, smallBytes].map((size, seed) =>
				file(`${seed}`, { sizeBytes: size, seed }),
			);
			const bytes = await growthBytes({ items, options: { memoryLimitMib: 16 } });
			expect(bytes).toBeLessThan((2 * 16 + 40) * MIB + smallBytes + (comesWhole ? sizeBytes : 0));
		}, 120_000);

		/** The same for two executions at once. */
		async function uploadTwice(run: Pick<Upload, 'items' | 'options'>): Promise<void> {
			const handles = await Promise.all(
				['one', 'two'].map(async (name) => {
					const { id } = rig().cloud.box.putFolder({ name });
					return await startUpload(rig(), { ...run, parentFolderId: id });
				}),
			);
			const results = await Promise.all(handles.map(async ({ finished }) => await finished));
			expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
			expect(storedFiles(rig())).toHaveLength(2 * run.items.length);
		}

		it('sends files that are larger than the ceiling, for two executions at once', async () => {
			await uploadTwice({
				options: { memoryLimitMib: 4 },
				items: [10, 21, 9].map((mib, seed) => file(`${seed}`, { sizeBytes: mib * MIB, seed })),
			});
		});

		if (comesWhole) return;

		it('counts the ceiling for two executions together', async () => {
			holdUntilAtOnce(rig(), PUT_PART, 2);
			await uploadTwice({
				options: { memoryLimitMib: 16 },
				items: [file('large', { sizeBytes: 40 * MIB, seed: 9 })],
			});
			expect(mostBytesAtOnce()).toBeLessThanOrEqual(16 * MIB);
			expect(mostBytesAtOnce()).toBeGreaterThan(8 * MIB);
		});

		it.each([
			[8, 4, 0],
			// All of them, with more memory than small parts get.
			[64, 3, 0],
			// Two would not fit under the ceiling that was set.
			[64, 1, 96],
		])(
			'sends parts of %d MiB, %d at once, with a ceiling of %d MiB',
			async (partMib, atOnce, memoryLimitMib) => {
				rig().cloud.box.settings.partSizeBytes = partMib * MIB;
				holdUntilAtOnce(rig(), PUT_PART, atOnce);
				const content = { sizeBytes: Math.max(40, 2.5 * partMib) * MIB + 1, seed: partMib };
				const options = { memoryLimitMib };
				const result = await upload(rig(), { options, items: [file('a', content)] });
				expectAllStored(rig(), result, [['/a', content]]);
				expect(rig().calls(PUT_PART)).toHaveLength(Math.ceil(content.sizeBytes / (partMib * MIB)));
				expect(mostBytesAtOnce() / (partMib * MIB)).toBeLessThanOrEqual(atOnce);
				expect(rig().cloud.counters().peakInFlight).toBe(atOnce);
			},
			60_000,
		);

		it('at its defaults a large file grows the process by less than 150 MB', async () => {
			const items = [file('a', { sizeBytes: 200 * MIB, seed: 1 })];
			expect(await growthBytes({ items })).toBeLessThan(150_000_000);
		}, 120_000);

		slowIt(
			'a file of more than 4 GiB is stored, and takes no more memory',
			async () => {
				const content = { sizeBytes: 4 * 1024 * MIB + 1, seed: 4 };
				expect(await growthBytes({ items: [file('huge', content)] })).toBeLessThan(150_000_000);
				expect(storedFiles(rig())).toMatchObject([
					{ path: '/huge', size: content.sizeBytes, sha1: sha1Of(content) },
				]);
			},
			900_000,
		);

		/** Bodies of parts that were under way together. */
		function mostBytesAtOnce(): number {
			const calls = rig().calls(PUT_PART);
			const atOnce = calls.map(({ startedAtMs: moment }) =>
				calls
					.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= moment && endedAtMs! > moment)
					.reduce((sum, { requestBytes }) => sum + requestBytes, 0),
			);
			return Math.max(...atOnce);
		}
	},
);
