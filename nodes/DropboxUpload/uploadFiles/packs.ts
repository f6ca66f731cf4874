import { hasSize } from '../../shared/source/byteSource';
import { headerSafeJson } from '../api/headerSafeJson';
import type { AppendBatchEntry } from '../api/types';
import type { FileToUpload, SmallFile } from './types';

/** Room in the argument for its frame and the content hash. */
const ARGUMENT_FRAME_CHARACTERS = 120;

/** How full one append_batch may be. */
export interface PackLimits {
	readonly maxBytes: number;
	/** Dropbox does not publish how long the Dropbox-API-Arg header may be. */
	readonly maxHeaderCharacters: number;
	readonly maxEntries: number;
}

/** What may be of any size goes in parts. */
export function isSmall(file: FileToUpload, { maxBytes }: PackLimits): file is SmallFile {
	return hasSize(file.source) && file.source.sizeBytes <= maxBytes;
}

/** A small file and the session that its bytes go to. */
export interface PackedFile {
	readonly file: SmallFile;
	readonly sessionId: string;
	/** As it was when the file was packed. */
	readonly sizeBytes: number;
}

/**
 * Groups files in order, each group as full as one append_batch may be. The limits are asked for with
 * each group: the header's is found out on the way.
 */
export function* planPacks(
	files: readonly PackedFile[],
	limits: () => PackLimits,
): Generator<PackedFile[]> {
	for (let start = 0; start < files.length;) {
		const pack = packFrom(files, start, limits());
		start += pack.length;
		yield pack;
	}
}

function packFrom(files: readonly PackedFile[], start: number, limits: PackLimits): PackedFile[] {
	const pack: PackedFile[] = [];
	let bytes = 0;
	let characters = ARGUMENT_FRAME_CHARACTERS;
	for (const packed of files.slice(start, start + limits.maxEntries)) {
		bytes += packed.sizeBytes;
		characters += charactersOf(packed);
		const full = bytes > limits.maxBytes || characters > limits.maxHeaderCharacters;
		if (full && pack.length > 0) break;
		pack.push(packed);
	}
	return pack;
}

/** What a file adds to the header, its comma included. */
function charactersOf(packed: PackedFile): number {
	return headerSafeJson(entryOf(packed)).length + 1;
}

export function entryOf({ sessionId, sizeBytes }: PackedFile): AppendBatchEntry {
	return {
		cursor: { session_id: sessionId, offset: 0 },
		length: sizeBytes,
		close: true,
	};
}

/** How long the argument of a call for these files is. */
export function headerLength(files: readonly PackedFile[]): number {
	return files.reduce((sum, packed) => sum + charactersOf(packed), ARGUMENT_FRAME_CHARACTERS);
}
