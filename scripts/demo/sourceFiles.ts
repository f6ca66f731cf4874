/** Real files, made on the spot: many small ones with difficult names, and a few large ones. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { generateStream } from '../../test/engine';

export interface SourceFile {
	readonly folder: string;
	readonly name: string;
	readonly sizeBytes: number;
	readonly localPath: string;
}

type NamedFile = Pick<SourceFile, 'folder' | 'name' | 'sizeBytes'>;

const KB = 1_000;
const MB = 1_000_000;

const pad = (number: number) => String(number).padStart(3, '0');

const someSizes = [0, 1, 317, 4 * KB, 12 * KB + 7, 33 * KB, 65_536, 90 * KB, 140 * KB, 410 * KB];
const nextSize = (index: number) => someSizes[index % someSizes.length]!;

function many(folder: string, files: number, nameOf: (index: number) => string): NamedFile[] {
	return Array.from({ length: files }, (_, index) => ({
		folder,
		name: nameOf(index + 1),
		sizeBytes: nextSize(index) + index,
	}));
}

const smallFiles: readonly NamedFile[] = [
	{ folder: 'Notes', name: 'empty.txt', sizeBytes: 0 },
	{ folder: 'Notes', name: 'one byte.txt', sizeBytes: 1 },
	{ folder: 'Notes', name: "it's 100% (really) [new] {ok}.txt", sizeBytes: 2 * KB },
	...many('Notes', 47, (index) => `Grüße naïve café ${pad(index)}.md`),
	...many('Invoices', 120, (index) => `invoice 2026-${pad(index)}.pdf`),
	{ folder: 'Photos', name: '🎉 party 👩‍👩‍👧 2026.jpg', sizeBytes: 3 * MB },
	{ folder: 'Photos', name: 'صورة قديمة.jpg', sizeBytes: 600 * KB },
	...many('Photos', 98, (index) => `写真 🌸 ${pad(index)}.jpg`),
	...many('Exports', 30, (index) => `export;${index}, all rows.csv`),
];

const dropboxLargeFile: NamedFile = {
	folder: 'Video',
	name: 'recording 🎬.mp4',
	sizeBytes: 300 * MB,
};

const boxFiles: readonly NamedFile[] = [
	{ folder: 'Notes', name: 'empty.txt', sizeBytes: 0 },
	{ folder: 'Notes', name: "it's 100% (really) [new] {ok}.txt", sizeBytes: 2 * KB },
	...many('Notes', 38, (index) => `Grüße naïve café ${pad(index)}.md`),
	...many('Photos', 20, (index) => `写真 🌸 ${pad(index)}.jpg`),
	{ folder: 'Photos', name: '🎉 party 👩‍👩‍👧 2026.jpg', sizeBytes: 3 * MB },
	{ folder: 'Video', name: 'recording 🎬.mp4', sizeBytes: 200 * MB },
];

const boxLargeFile: NamedFile = {
	folder: 'Backup',
	name: 'backup für morgen.zip',
	sizeBytes: 40 * MB + 1,
};

const forDropbox = [...smallFiles, dropboxLargeFile];
const forBox = [...boxFiles, boxLargeFile];

export const sourceFiles: readonly NamedFile[] = [...forDropbox, ...forBox];

export interface Sources {
	/** The folder with a folder for each kind of file. */
	readonly root: string;
	readonly small: readonly SourceFile[];
	readonly dropboxLarge: SourceFile;
	readonly forBox: readonly SourceFile[];
	readonly boxLarge: SourceFile;
}

/** Writes all of them below `root`; `written` hears of every one. */
export async function makeAllFiles(
	root: string,
	written: (file: NamedFile) => void,
): Promise<Sources> {
	const made = await makeFiles(join(root, 'to-dropbox'), forDropbox, written);
	const madeForBox = await makeFiles(join(root, 'to-box'), forBox, written);
	return {
		root,
		small: made.slice(0, -1),
		dropboxLarge: made.at(-1)!,
		forBox: madeForBox,
		boxLarge: madeForBox.at(-1)!,
	};
}

async function makeFiles(
	root: string,
	files: readonly NamedFile[],
	written: (file: NamedFile) => void,
): Promise<SourceFile[]> {
	const made: SourceFile[] = [];
	for (const [index, file] of files.entries()) {
		const directory = join(root, file.folder);
		await mkdir(directory, { recursive: true });
		const localPath = join(directory, file.name);
		const content = generateStream({ sizeBytes: file.sizeBytes, seed: index + file.sizeBytes });
		await pipeline(content, createWriteStream(localPath));
		written(file);
		made.push({ ...file, localPath });
	}
	return made;
}

const DROPBOX_BLOCK_BYTES = 4 * 1024 * 1024;

/**
 * Read from the source file again, and by code that neither the nodes nor the cloud use:
 * https://www.dropbox.com/developers/reference/content-hash
 */
export async function dropboxHashOf({ localPath }: SourceFile): Promise<string> {
	const whole = createHash('sha256');
	const blocks = createReadStream(localPath, { highWaterMark: DROPBOX_BLOCK_BYTES });
	for await (const block of blocks) {
		whole.update(
			createHash('sha256')
				.update(block as Buffer)
				.digest(),
		);
	}
	return whole.digest('hex');
}

export async function sha1Of({ localPath }: SourceFile): Promise<string> {
	const sha1 = createHash('sha1');
	for await (const chunk of createReadStream(localPath)) sha1.update(chunk as Buffer);
	return sha1.digest('hex');
}
