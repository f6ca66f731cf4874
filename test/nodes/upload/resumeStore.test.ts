/** Notes on unfinished uploads: what is kept, and what counts as no note. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { IExecuteFunctions } from 'n8n-workflow';

import { resumeFolder } from '../../../nodes/shared/transfer/resumeFolder';
import type { Checkpoint, CheckpointStore } from '../../../nodes/shared/transfer/checkpoints';
import {
	isCheckpoint,
	OwnCheckpoint,
	checkpointStore,
} from '../../../nodes/shared/transfer/checkpoints';

const HOUR_MS = 3_600_000;

function recordAt(offset: number): Checkpoint {
	return {
		sessionId: 'session',
		partSizeBytes: 4,
		offset,
		prefixHash: `hash of ${offset}`,
		expiresAtMs: Date.now() + HOUR_MS,
	};
}

let folder: string;
const warnings: string[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'resume-notes-'));
	warnings.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A new process that is given the folder. */
function open(): CheckpointStore {
	const helpers = {
		resolvePath: async (path: string) => await Promise.resolve(path),
		isFilePathBlocked: () => false,
		ensureParentDirectoryWithoutFollowingSymlinks: async (path: string) => {
			await mkdir(dirname(path), { recursive: true });
		},
		createReadStream: async (path: string) => await Promise.resolve(createReadStream(path)),
		writeContentToFile: writeFile,
	};
	const logger = { warn: (message: string) => warnings.push(message), debug: () => {} };
	return resumeFolder({ helpers, logger } as unknown as IExecuteFunctions, join(folder, 'notes'))!;
}

const noteFiles = () =>
	readdirSync(join(folder, 'notes')).map((name) => join(folder, 'notes', name));

describe('Resume Folder', () => {
	it('gives the last record to the next process', async () => {
		const store = open();
		for (const offset of [4, 8, 12]) await store.save('key', recordAt(offset));
		expect(await open().load('key')).toMatchObject({ offset: 12 });
		expect(noteFiles()).toHaveLength(2);
	});

	it('goes on with the numbering of the process before', async () => {
		for (const offset of [4, 8, 12]) {
			const store = open();
			await store.load('key');
			await store.save('key', recordAt(offset));
		}
		expect(await open().load('key')).toMatchObject({ offset: 12 });
	});

	it('knows nothing of an upload that was finished', async () => {
		const store = open();
		await store.save('key', recordAt(4));
		await store.clear('key');
		expect(await open().load('key')).toBeUndefined();
	});

	it('keeps uploads apart', async () => {
		const store = open();
		await store.save('one', recordAt(4));
		await store.save('other', recordAt(8));
		expect(await open().load('one')).toMatchObject({ offset: 4 });
	});

	it('falls back to the note before, when a crash broke one off', async () => {
		const store = open();
		await store.save('key', recordAt(4));
		await store.save('key', recordAt(8));
		for (const path of noteFiles()) {
			const text = readFileSync(path, 'utf8');
			if (text.includes('"offset":8')) writeFileSync(path, text.slice(0, text.length / 2));
		}
		expect(await open().load('key')).toMatchObject({ offset: 4 });
	});

	it.each([
		['damaged', (text: string) => text.replace('"offset":4', '"offset":8')],
		['empty', () => ''],
		['no JSON', () => 'x'.repeat(50)],
		['of another kind', () => '{"sequence": 1, "record": {"offset": 3}}'],
		['far too long', (text: string) => text + ' '.repeat(100_000)],
	])('takes a note that is %s for none', async (_, change) => {
		await open().save('key', recordAt(4));
		for (const path of noteFiles()) writeFileSync(path, change(readFileSync(path, 'utf8')));
		const store = open();
		expect(await store.load('key')).toBeUndefined();
		await store.save('key', recordAt(12));
		expect(await open().load('key')).toMatchObject({ offset: 12 });
	});

	it("takes another upload's note under its name for none", async () => {
		await open().save('one', recordAt(4));
		const [path] = noteFiles();
		const text = readFileSync(path!, 'utf8');
		await open().save('other', recordAt(8));
		for (const note of noteFiles()) writeFileSync(note, text);
		expect(await open().load('other')).toBeUndefined();
		expect(warnings).toEqual([]);
	});
});

describe('ResumeNote and the memory of the process', () => {
	it('prefers the record that got further, and takes an expired one for none', async () => {
		const notes = open();
		await notes.save('further', recordAt(8));
		await checkpointStore().save('further', recordAt(4));
		expect(await checkpointStore(open()).load('further')).toMatchObject({ offset: 8 });

		await checkpointStore().save('old', { ...recordAt(4), expiresAtMs: Date.now() - 1 });
		expect(await checkpointStore().load('old')).toBeUndefined();
	});

	it('gives a record to one upload at a time', async () => {
		const first = new OwnCheckpoint(checkpointStore(), 'shared');
		await first.save(recordAt(4));
		const second = new OwnCheckpoint(checkpointStore(), 'shared');
		expect(await second.load()).toBeUndefined();
		await second.save(recordAt(99));
		await second.clear();
		second.release();
		expect(await first.load()).toMatchObject({ offset: 4 });
		first.release();
		const third = new OwnCheckpoint(checkpointStore(), 'shared');
		expect(await third.load()).toMatchObject({ offset: 4 });
		third.release();
	});

	it('holds no more than so many records', async () => {
		const store = checkpointStore();
		await store.save('first of many', recordAt(4));
		for (let index = 0; index < 1_000; index++) await store.save(`many ${index}`, recordAt(4));
		expect(await store.load('first of many')).toBeUndefined();
		expect(await store.load('many 999')).toBeDefined();
	});

	it.each([
		[null],
		['text'],
		[{}],
		[{ ...recordAt(4), sessionId: '' }],
		[{ ...recordAt(4), offset: -1 }],
		[{ ...recordAt(4), partSizeBytes: 0 }],
		[{ ...recordAt(4), partSizeBytes: 1.5 }],
		[{ ...recordAt(4), prefixHash: undefined }],
		[{ ...recordAt(4), fileHash: 5 }],
	])('takes %j for no record', (value) => {
		expect(isCheckpoint(value)).toBe(false);
	});

	it('takes what a failed upload gives for a record', () => {
		const given: unknown = JSON.parse(JSON.stringify({ ...recordAt(4), correctOffset: 8 }));
		expect(isCheckpoint(given)).toBe(true);
	});
});
