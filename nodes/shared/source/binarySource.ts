import type { IExecuteFunctions } from 'n8n-workflow';

import { chunksInTime } from './timeouts';
import { isCount } from '../json';
import { releaseMemory } from '../releaseMemory';
import { InputProblem } from '../fields/inputProblem';
import type { NamedFile } from './namedFile';
import { namedFile, requiredFile } from './namedFile';

/** One item's file: its name, its size before a byte is read, and its bytes in order. */
export interface BinarySource {
	readonly fileName: string | undefined;
	readonly mimeType: string;
	readonly sizeBytes: number;
	/** Folder of the file where it was read, if the node that read it said so. */
	readonly directory: string | undefined;
	/** True for stores that hand out the whole file at once: n8n's database, and memory. */
	readonly readsWhole: boolean;
	/**
	 * Opens the bytes from the beginning; each call reads the file again. A chunk may be used until
	 * the next one is asked for.
	 */
	open(chunkSizeBytes?: number): AsyncIterable<Buffer>;
}

const READ_CHUNK_BYTES = 1024 * 1024;
/** A store may have told a size that is too small. */
const LEAST_CHUNK_BYTES = 4 * 1024;
const DATABASE_STORE = 'database';
/** A database gives a large file as a whole, or not at all: n8n does not hear that it cannot. */
const ANSWER_WITHIN_MS = 5 * 60_000;

/** The file that the item's Input Binary Field names; throws InputProblem. */
export async function binarySource(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<BinarySource> {
	return await sourceOf(context, requiredFile(context, itemIndex));
}

/** The same where the field may be left empty: undefined then. */
export async function optionalBinarySource(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<BinarySource | undefined> {
	const binary = namedFile(context, itemIndex);
	return binary && (await sourceOf(context, binary));
}

async function sourceOf(context: IExecuteFunctions, binary: NamedFile): Promise<BinarySource> {
	const { id } = binary;
	// A Code node's file may have an id of its own making.
	if (id === undefined) {
		return {
			...describe(binary),
			sizeBytes: decodedSizeBytes(binary),
			readsWhole: true,
			open: () => decoded(binary.data),
		};
	}
	const sizeBytes = await storedSizeBytes(context, binary, id);
	return {
		...describe(binary),
		sizeBytes,
		readsWhole: isInDatabase(id),
		open: (chunkSizeBytes = READ_CHUNK_BYTES) =>
			stored(context, id, noLargerThan(sizeBytes, chunkSizeBytes)),
	};
}

/**
 * Line breaks, as mail and some APIs have them, are no part of the content. Node.js skips what is no
 * Base64 at all, and a file that lacks a few bytes would be stored as if it were whole.
 */
function decodedSizeBytes({ data, fileName }: NamedFile): number {
	const text = /\s/.test(data) ? data.replaceAll(/\s/g, '') : data;
	if (isBase64(text)) return Buffer.byteLength(text, 'base64');
	throw new InputProblem(
		'binaryPropertyName',
		"The file's content isn't valid Base64",
		'Correct the node that makes the file: n8n keeps the content of a file as Base64.',
		fileName,
	);
}

function isBase64(text: string): boolean {
	const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	return /^[\w+/-]*={0,2}$/.test(text) && (text.length - padding) % 4 !== 1;
}

function isInDatabase(id: string): boolean {
	return id.startsWith(`${DATABASE_STORE}:`);
}

function describe({
	directory,
	fileName,
	mimeType = 'application/octet-stream',
}: NamedFile): Pick<BinarySource, 'fileName' | 'mimeType' | 'directory'> {
	return { fileName, mimeType, directory };
}

/** n8n since 2.4x puts the size beside the file; older items are asked for it. */
async function storedSizeBytes(
	context: IExecuteFunctions,
	binary: NamedFile,
	id: string,
): Promise<number> {
	const { bytes } = binary;
	// A node of another making may count nothing; an empty file is not read, so nobody would notice.
	if (isCount(bytes) && bytes > 0) return bytes;
	const metadata = await context.helpers.getBinaryMetadata(id).catch(() => undefined);
	if (metadata !== undefined) return metadata.fileSize;
	throw new InputProblem(
		'binaryPropertyName',
		'n8n no longer has the content of this file',
		'Run the node that makes the file again. If the file comes from an expression, check that it names a file of this execution.',
		binary.fileName,
	);
}

/** Node.js takes the memory of a whole chunk even for a few bytes, and again to find the end. */
function noLargerThan(sizeBytes: number, chunkSizeBytes: number): number {
	return Math.min(chunkSizeBytes, Math.max(sizeBytes, LEAST_CHUNK_BYTES));
}

async function* decoded(base64: string): AsyncIterable<Buffer> {
	yield await Promise.resolve(Buffer.from(base64, 'base64'));
}

async function* stored(
	context: IExecuteFunctions,
	id: string,
	chunkSizeBytes: number,
): AsyncIterable<Buffer> {
	const chunks = chunksInTime(
		chunksOf(context, id, chunkSizeBytes),
		ANSWER_WITHIN_MS,
		context.getExecutionCancelSignal(),
	);
	for await (const chunk of chunks) {
		yield chunk;
		if (!isInDatabase(id)) releaseMemory(chunk);
	}
}

async function* chunksOf(
	context: IExecuteFunctions,
	id: string,
	chunkSizeBytes: number,
): AsyncIterable<Buffer> {
	const stream = await context.helpers.getBinaryStream(id, chunkSizeBytes);
	for await (const chunk of stream) yield chunk as Buffer;
}
