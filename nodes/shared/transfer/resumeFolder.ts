import type { IExecuteFunctions } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import { isObject, isString, parseJson } from '../json';
import type { Checkpoint, CheckpointStore } from './checkpoints';
import { isCheckpoint } from './checkpoints';
import { InputProblem } from '../fields/inputProblem';
import { sendable, singleLine, wrongKind } from '../fields/readers';

const MAX_NOTE_BYTES = 64 * 1024;
const SIDES = ['a', 'b'] as const;
const NOTE_PREFIX = 'upload-';

/**
 * Resume records in a folder of the n8n server. Two files take turns and each carries a checksum, so
 * that a note broken off by a crash leaves the one before it. A damaged or foreign note is no note.
 */
export function resumeFolder(
	context: IExecuteFunctions,
	given: unknown,
): CheckpointStore | undefined {
	if (!isString(given)) throw wrongKind(given, 'resumeFolder', 'Resume Folder', 'a path');
	const folder = singleLine(
		sendable(given, 'resumeFolder', 'Resume Folder'),
		'resumeFolder',
		'Resume Folder',
	);
	if (folder === '') return undefined;
	if (folder.startsWith('~')) {
		throw new InputProblem(
			'resumeFolder',
			"'Resume Folder' isn't a full path",
			"Write the path out, such as /home/node/.n8n-files/resume. n8n doesn't know what ~ stands for.",
			folder,
		);
	}
	return new FolderResumeStore(context, folder.replace(/[/\\]+$/, ''));
}

interface Note {
	readonly sequence: number;
	readonly record: Checkpoint | null;
}

class FolderResumeStore implements CheckpointStore {
	private readonly sequences = new Map<string, number>();
	private made: Promise<void> | undefined;
	private warned = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly folder: string,
	) {}

	async load(key: string): Promise<Checkpoint | undefined> {
		const notes = await Promise.all(SIDES.map(async (side) => await this.read(key, side)));
		const latest = notes
			.filter((note) => note !== undefined)
			.sort((a, b) => b.sequence - a.sequence)[0];
		this.sequences.set(key, latest?.sequence ?? 0);
		return latest?.record ?? undefined;
	}

	async save(key: string, record: Checkpoint): Promise<void> {
		await this.write(key, record);
	}

	async clear(key: string): Promise<void> {
		if (this.sequences.get(key)) await this.write(key, null);
	}

	private async write(key: string, record: Checkpoint | null): Promise<void> {
		const sequence = (this.sequences.get(key) ?? 0) + 1;
		this.sequences.set(key, sequence);
		const note: Note = { sequence, record };
		const text = JSON.stringify({ ...note, checksum: checksumOf(key, note) });
		const { helpers } = this.context;
		try {
			await (this.made ??= this.makeFolder());
			const path = await helpers.resolvePath(this.pathOf(key, SIDES[sequence % 2] ?? 'a'));
			await helpers.writeContentToFile(path, Buffer.from(text, 'utf8'));
		} catch (error) {
			// A note that cannot be written costs time later, never the upload.
			if (this.warned) return;
			this.warned = true;
			this.context.logger.warn(
				`'Resume Folder': checkpoints can't be written (${reasonOf(error)})`,
			);
		}
	}

	/** Where n8n lets nodes write; what goes wrong here, the note itself will report. */
	private async makeFolder(): Promise<void> {
		const { helpers } = this.context;
		try {
			const folder = await helpers.resolvePath(this.folder);
			const inside = `${folder}/${NOTE_PREFIX}` as typeof folder;
			if (helpers.isFilePathBlocked(inside)) return;
			await helpers.ensureParentDirectoryWithoutFollowingSymlinks(inside);
		} catch (error) {
			this.context.logger.debug(`'Resume Folder': not created (${reasonOf(error)})`);
		}
	}

	private async read(key: string, side: string): Promise<Note | undefined> {
		const { helpers } = this.context;
		try {
			const path = await helpers.resolvePath(this.pathOf(key, side));
			const chunks: Buffer[] = [];
			let sizeBytes = 0;
			for await (const chunk of await helpers.createReadStream(path)) {
				const bytes = Buffer.from(chunk as Uint8Array);
				sizeBytes += bytes.length;
				if (sizeBytes > MAX_NOTE_BYTES) return undefined;
				chunks.push(bytes);
			}
			return noteOf(key, parseJson(Buffer.concat(chunks).toString('utf8')));
		} catch {
			return undefined;
		}
	}

	/** The key holds paths and IDs of any kind, so the name is its hash. */
	private pathOf(key: string, side: string): string {
		const name = createHash('sha256').update(key).digest('hex').slice(0, 40);
		return `${this.folder}/${NOTE_PREFIX}${name}.${side}.json`;
	}
}

function noteOf(key: string, value: unknown): Note | undefined {
	if (!isObject(value) || typeof value.sequence !== 'number') return undefined;
	const { checksum, sequence, record } = value;
	if (record !== null && !isCheckpoint(record)) return undefined;
	const note: Note = { sequence, record };
	return checksum === checksumOf(key, note) ? note : undefined;
}

function checksumOf(key: string, note: Note): string {
	return createHash('sha256')
		.update(JSON.stringify([key, note]))
		.digest('hex');
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : 'unknown reason';
}
