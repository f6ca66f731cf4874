/** Each item tells its own truth, whatever becomes of the others. */
import { readdirSync, truncateSync, appendFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { ItemSpec } from '../../engine/types';
import { useRig } from '../../support/rig';
import * as uploads from './uploads';
import {
	APPEND_BATCH,
	FINISH,
	MIB,
	START_BATCH,
	carryOn,
	errorsOf,
	file,
	jsonOf,
	numbered,
	upload,
} from './uploads';

const rig = useRig();

const NAMES = [
	'Üñïçødé 日本語',
	'😀👩‍👩‍👧 family',
	`it's "quoted" & <b>`,
	'a'.repeat(190),
	'% #1 +=;,',
	'Ελληνικά',
];

function nameOf(index: number): string {
	return `${String(index).padStart(4, '0')} ${NAMES[index % NAMES.length]}.txt`;
}

describe('Upload Files, items', () => {
	it('tells the truth of each of 3,000 items in their order', async () => {
		// One in twenty fails, each fifth of them in another way.
		const kinds = ['conflict', 'disallowed', 'missing', 'empty folder', 'folder'] as const;
		const kindOf = (index: number) =>
			index % 20 === 7 ? kinds[((index - 7) / 20) % 5] : undefined;
		const nameFor = (index: number): string => {
			switch (kindOf(index)) {
				case 'disallowed':
					return `.dropbox.cache`;
				case 'empty folder':
					return `/in/${index}.txt`;
				default:
					return nameOf(index);
			}
		};
		const contentOf = (index: number) => `content of item ${index}`;
		const items = Array.from({ length: 3_000 }, (_, index): ItemSpec => {
			const item = file('x', contentOf(index));
			const json = { path: `/many/${nameFor(index)}` };
			return kindOf(index) === 'missing' ? { json } : { ...item, json };
		});
		for (let index = 0; index < items.length; index++) {
			if (kindOf(index) === 'conflict') {
				rig().cloud.dropbox.putFile(`/many/${nameFor(index)}`, 'another file');
			}
			if (kindOf(index) === 'folder') {
				rig().cloud.dropbox.putFile(`/many/${nameFor(index)}/inside.txt`, 'makes it a folder');
			}
		}
		const before = rig().cloud.dropbox.files().length;

		const result = await upload(rig(), { path: '={{ $json.path }}', items, ...carryOn });

		const told = jsonOf(result).map(({ path_display: path, content_hash: hash, error }) =>
			error === undefined ? [path, hash] : (error as unknown as uploads.ErrorJson).path,
		);
		expect(told).toEqual(
			items.map((_, index) => {
				switch (kindOf(index)) {
					case 'conflict':
						return 'path/conflict/file';
					case 'disallowed':
						return 'path/disallowed_name';
					case 'missing':
						return 'input/binaryPropertyName';
					case 'empty folder':
						return 'input/folder';
					case 'folder':
						return 'path/conflict/folder';
					default:
						return [`/many/${nameFor(index)}`, uploads.hashOf(contentOf(index))];
				}
			}),
		);
		expect(result.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
			items.map((_, item) => ({ item })),
		);
		expect(rig().cloud.dropbox.files().length - before).toBe(2_850);
		// The sessions of the next thousand are asked for while the files before are sent.
		const sending = rig()
			.cloud.log.map(({ route }) => route)
			.filter((route) => route === START_BATCH || route === APPEND_BATCH);
		const secondStart = sending.indexOf(START_BATCH, sending.indexOf(START_BATCH) + 1);
		const appendsBefore = sending.slice(0, secondStart).filter((route) => route !== START_BATCH);
		expect(secondStart).toBeGreaterThan(0);
		expect(appendsBefore.length).toBeLessThan(5);
		expect(errorsOf(result).filter((error) => error && error.stored !== 'no')).toEqual([]);
		expect(uploads.hintOf(result)).toMatch(/^2,850 files uploaded \(\d.*KB\), 150 files failed, /);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
	}, 90_000);

	it('stores the first of several items with one path, and tells the others before a byte is sent', async () => {
		const names = ['/a.txt', '/A.TXT', '/b.txt', '/a.txt', '/\u0065\u0301.txt', '/é.txt'];
		const result = await upload(rig(), {
			path: '={{ $json.path }}',
			ifExists: 'overwrite',
			items: names.map((path, index) => ({ ...file('x', `content ${index}`), json: { path } })),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'items/same_place',
			undefined,
			'items/same_place',
			undefined,
			'items/same_place',
		]);
		expect(errorsOf(result)[3]?.description).toMatch(/Item 0 goes to the same place\./);
		expect(errorsOf(result)[5]?.description).toMatch(/Item 4 goes to the same place\./);
		expect(uploads.pathsOfCommits(rig()).flat()).toHaveLength(3);
		expect(rig().cloud.counters().bytesReceived).toBeLessThan(10_000);
		expect(String(rig().cloud.dropbox.file('/a.txt')?.bytes)).toBe('content 0');
		expect(uploads.hintOf(result)).toMatch(/^3 files uploaded .*, 3 files failed, /);
	});

	it('keeps the order of one path between small and large files', async () => {
		const contents = [{ sizeBytes: 9 * MIB, seed: 1 }, 'small', { sizeBytes: 9 * MIB, seed: 2 }];
		const result = await upload(rig(), {
			path: '/same.bin',
			ifExists: 'rename',
			items: contents.map((content) => file('x', content)),
		});
		uploads.expectAllStored(
			rig(),
			result,
			contents.map((content, index) => [
				index === 0 ? '/same.bin' : `/same (${index}).bin`,
				content,
			]),
		);
		expect(uploads.pathsOfCommits(rig())).toEqual([['/same.bin'], ['/same.bin'], ['/same.bin']]);
	});

	it('goes on with the next item of a path when the one before it failed', async () => {
		const missing: ItemSpec = { json: {} };
		const result = await upload(rig(), {
			path: '={{ $json.path }}',
			items: [
				{ ...missing, json: { path: '/a.txt' } },
				{ ...file('x', 'second'), json: { path: '/a.txt' } },
				{ ...file('x', 'third'), json: { path: '/a.txt' } },
				{ ...file('x', 'second'), json: { path: '/a.txt' } },
			],
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			'input/binaryPropertyName',
			undefined,
			'items/same_place',
			undefined,
		]);
		expect(jsonOf(result)[3]).toMatchObject({ skipped: 'unchanged' });
		expect(String(rig().cloud.dropbox.file('/a.txt')?.bytes)).toBe('second');
	});

	it('stores the others when an item cannot be right, and then stops', async () => {
		const { error } = await upload(rig(), { items: [{ json: {} }, ...numbered(3, 10)] });
		expect(error?.itemIndex).toBe(0);
		expect(error?.description).toMatch(
			/ The other items succeeded\. n8n counts items from 0\. <a /,
		);
		expect(uploads.storedPaths(rig()).sort()).toEqual(['/0.bin', '/1.bin', '/2.bin']);
	});

	it('stores what can be stored before it stops, and names the failed ones', async () => {
		rig().cloud.dropbox.putFile('/1.bin', 'another');
		rig().cloud.dropbox.putFile('/3.bin', 'another');
		const { error, status } = await upload(rig(), { items: numbered(5, 10) });
		expect(status).toBe('error');
		expect(error).toMatchObject({ itemIndex: 1, httpCode: null });
		expect(error?.description).toMatch(/2 of 5 items failed.*Item 3 \(\/3\.bin\)/);
		expect(uploads.storedPaths(rig()).sort()).toEqual([0, 1, 2, 3, 4].map((n) => `/${n}.bin`));
	});

	it('reads out-of-range options as a failure of the items', async () => {
		for (const options of [
			{ partSizeMib: 2 },
			{ parallel: 33 },
			{ commitSize: 1_001 },
			{ resumeFolder: 5 },
		]) {
			const result = await upload(rig(), { items: numbered(2, 10), options, ...carryOn });
			const [name] = Object.keys(options);
			expect(errorsOf(result).map((error) => error?.path)).toEqual([
				`input/${name}`,
				`input/${name}`,
			]);
		}
		expect(rig().cloud.counters().requests).toBe(0);
	});
});

/** What n8n's binary store holds of this engine. */
function storedBinaries(sizeBytes: number): string[] {
	const root = join(rig().engine.homeDir, '.n8n');
	return readdirSync(root, { recursive: true, encoding: 'utf8' })
		.map((name) => join(root, name))
		.filter((path) => /binary_data[/\\][^.]*$/.test(path))
		.filter((path) => statSync(path).isFile() && statSync(path).size === sizeBytes);
}

describe('Upload Files, files that are not what n8n says', () => {
	/** Changes stored files once the node has begun: before the first call that it makes. */
	function beforeUpload(run: () => void): void {
		rig().cloud.faults.add({ route: START_BATCH, action: { kind: 'before', run } });
	}

	it('never commits a file that is shorter, longer or gone', async () => {
		const [shorter, longer, gone, good] = [11_100, 11_200, 11_300, 11_400];
		beforeUpload(() => {
			for (const path of storedBinaries(shorter)) truncateSync(path, shorter - 1);
			for (const path of storedBinaries(longer)) appendFileSync(path, 'x');
			for (const path of storedBinaries(gone)) rmSync(path);
		});
		const result = await upload(rig(), {
			items: [shorter, longer, gone, good].map((sizeBytes) =>
				file(`${sizeBytes}.bin`, { sizeBytes, seed: sizeBytes }),
			),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			'input/size_mismatch',
			'input/size_mismatch',
			'input/unreadable',
			undefined,
		]);
		expect(uploads.storedPaths(rig())).toEqual([`/${good}.bin`]);
	});

	it('never commits a large file that is shorter, longer or gone', async () => {
		const [shorter, longer, gone] = [12 * MIB + 1, 12 * MIB + 20, 12 * MIB + 40];
		beforeUpload(() => {
			for (const path of storedBinaries(shorter)) truncateSync(path, 4 * MIB);
			for (const path of storedBinaries(longer)) appendFileSync(path, 'x');
			for (const path of storedBinaries(gone)) rmSync(path);
		});
		const result = await upload(rig(), {
			items: [shorter, longer, gone].map((sizeBytes) =>
				file(`${sizeBytes}.bin`, { sizeBytes, seed: sizeBytes }),
			),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			'input/size_mismatch',
			'input/size_mismatch',
			'input/unreadable',
		]);
		expect(rig().calls(FINISH)).toEqual([]);
		// Nor is a session closed: nothing but its right bytes could be committed from it.
		expect(
			rig()
				.cloud.dropbox.sessions()
				.filter(({ isClosed }) => isClosed),
		).toEqual([]);
	});

	it('gives back the memory of files that broke off, so that later ones go through', async () => {
		for (let round = 0; round < 3; round++) {
			const sizeBytes = 9 * MIB + round;
			beforeUpload(() => {
				for (const path of storedBinaries(sizeBytes)) truncateSync(path, 5 * MIB);
			});
			const { status } = await upload(rig(), {
				items: [file('broken.bin', { sizeBytes, seed: round })],
				options: { memoryLimitMib: 8 },
			});
			expect(status).toBe('error');
			rig().cloud.faults.clear();
		}
		const content = { sizeBytes: 9 * MIB, seed: 9 };
		const after = await upload(rig(), {
			items: [file('whole.bin', content), ...numbered(3, 10)],
			options: { memoryLimitMib: 8 },
			timeoutMs: 20_000,
		});
		expect(after.status).toBe('success');
		expect(rig().cloud.dropbox.file('/whole.bin')?.contentHash).toBe(uploads.hashOf(content));
	});

	it('leaves an unreadable file out of its pack and sends the others', async () => {
		const gone = 12_345;
		beforeUpload(() => {
			for (const path of storedBinaries(gone)) rmSync(path);
		});
		const result = await upload(rig(), {
			items: [
				...numbered(3, 100),
				file('gone', { sizeBytes: gone, seed: 1 }),
				...numbered(3, 200, (n) => `second ${n}`),
			],
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			undefined,
			undefined,
			'input/unreadable',
			undefined,
			undefined,
			undefined,
		]);
		expect(rig().calls(APPEND_BATCH)).toHaveLength(1);
		expect(rig().cloud.dropbox.file('/second 2')?.contentHash).toBe(
			uploads.hashOf({ sizeBytes: 200, seed: 2 }),
		);
	});
});
