/** Files of every size that matters arrive whole, in as few requests as the API allows. */
import { BlockHasher } from '../../cloud/dropbox/contentHash';
import { generateChunks } from '../../engine';
import { useRig } from '../../support/rig';
import * as uploads from './uploads';
import { APPEND, FINISH, KIB, MIB, START_BATCH, file, numbered, slowIt, upload } from './uploads';

const rig = useRig();
const GIB = 1024 * MIB;

describe('Upload Files, sizes', () => {
	it('stores files around every limit, one item each, in order', async () => {
		const sizes = [
			0,
			1,
			4 * MIB - 1,
			4 * MIB,
			4 * MIB + 1,
			8 * MIB,
			8 * MIB + 1,
			150 * MIB,
			150 * MIB + 1,
		];
		const contents = sizes.map((sizeBytes, seed) => ({ sizeBytes, seed }));
		const result = await upload(rig(), {
			path: '/sizes/',
			items: contents.map((content) => file(`${content.seed}.bin`, content)),
		});
		uploads.expectAllStored(
			rig(),
			result,
			contents.map((content) => [`/sizes/${content.seed}.bin`, content]),
		);
		expect(uploads.jsonOf(result).map(({ size }) => size)).toEqual(sizes);
	}, 120_000);

	it('stores the same bytes with every part size', async () => {
		const content = { sizeBytes: 20 * MIB + 5, seed: 3 };
		for (const partSizeMib of [4, 7, 12, 148]) {
			const path = `/${partSizeMib}.bin`;
			const { status } = await upload(rig(), {
				path,
				options: { partSizeMib },
				items: [file('x', content)],
			});
			expect(status).toBe('success');
			expect(rig().cloud.dropbox.file(path)?.contentHash).toBe(uploads.hashOf(content));
		}
	});

	slowIt(
		'stores a file of more than 4 GiB',
		async () => {
			const content = { sizeBytes: 4 * GIB + 1, seed: 4 };
			const result = await upload(rig(), {
				path: '/huge.bin',
				items: [file('huge.bin', content)],
				timeoutMs: 900_000,
			});
			expect(result.error).toBeUndefined();
			const hasher = new BlockHasher();
			for (const chunk of generateChunks(content)) hasher.update(chunk);
			expect(rig().cloud.dropbox.file('/huge.bin')).toMatchObject({
				size: content.sizeBytes,
				contentHash: hasher.hex(),
			});
		},
		900_000,
	);
});

describe('Upload Files, requests', () => {
	const requests = () => rig().cloud.counters().requests;

	it('sends 1,000 files of 20 KB in 30 requests at most', async () => {
		const { status } = await upload(rig(), { items: numbered(1_000, 20_000) });
		expect(status).toBe('success');
		expect(uploads.storedFiles(rig()).size).toBe(1_000);
		expect(requests()).toBeLessThanOrEqual(30);
		expect(rig().cloud.counters().requestsByRoute).toMatchObject({ [START_BATCH]: 1, [FINISH]: 1 });
	}, 120_000);

	slowIt(
		'sends 10,000 files of 20 KB in 300 requests at most',
		async () => {
			const { status } = await upload(rig(), {
				items: numbered(10_000, 20_000),
				timeoutMs: 300_000,
			});
			expect(status).toBe('success');
			expect(uploads.storedFiles(rig()).size).toBe(10_000);
			expect(requests()).toBeLessThanOrEqual(300);
			expect(rig().cloud.counters().requestsByRoute[FINISH]).toBe(10);
		},
		300_000,
	);

	async function expectOneRequestPerMib(count: number, largestBytes: number): Promise<void> {
		const sizes = Array.from({ length: count }, (_, index) =>
			Math.floor((largestBytes * ((index * 7919) % count)) / (count - 1)),
		);
		const { status } = await upload(rig(), {
			items: sizes.map((sizeBytes, seed) => file(`${seed}.bin`, { sizeBytes, seed })),
			timeoutMs: 900_000,
		});
		expect(status).toBe('success');
		expect(uploads.storedFiles(rig()).size).toBe(count);
		const totalMib = sizes.reduce((sum, size) => sum + size, 0) / MIB;
		expect(requests()).toBeLessThanOrEqual(totalMib + 30);
	}

	it('sends files from 0 B to 10 MB with one request per MiB at most', async () => {
		await expectOneRequestPerMib(15, 10e6);
	}, 120_000);

	slowIt(
		'sends 2,000 files from 0 B to 10 MB with one request per MiB at most',
		async () => await expectOneRequestPerMib(2_000, 10e6),
		900_000,
	);

	it('packs no more into a request than the part size and the header allow', async () => {
		const { status } = await upload(rig(), {
			items: [...numbered(5, 3 * MIB), ...numbered(130, 10, (index) => `small ${index}`)],
			options: { partSizeMib: 4 },
		});
		expect(status).toBe('success');
		const packs = rig().calls(uploads.APPEND_BATCH);
		expect(Math.max(...packs.map(({ requestBytes }) => requestBytes))).toBeLessThanOrEqual(4 * MIB);
		const headers = packs.map(({ headers }) => String(headers['dropbox-api-arg']).length);
		expect(Math.max(...headers)).toBeLessThanOrEqual(8 * KIB - 192);
		expect(rig().calls(APPEND)).toEqual([]);
	});
});
