/** What may happen to the notes of a Resume Folder between a kill and the next start. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Random } from '../campaign/random';

export type Notes = ReadonlyMap<string, Buffer>;

export function readNotes(folder: string): Notes {
	if (!existsSync(folder)) return new Map();
	return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

export function writeNotes(folder: string, notes: Notes): void {
	mkdirSync(folder, { recursive: true });
	for (const [name, bytes] of notes) writeFileSync(join(folder, name), bytes);
}

/** As a disk that was full, a half write or somebody's editor leaves it. */
export function damaged(bytes: Buffer, random: Random): Buffer {
	const flipped = Buffer.from(bytes);
	const at = random.whole(0, Math.max(0, flipped.length - 1));
	if (flipped.length > 0) flipped[at] = (flipped[at] ?? 0) ^ 4;
	return random.pick([
		Buffer.alloc(0),
		bytes.subarray(0, Math.floor(bytes.length * random.share())),
		flipped,
		Buffer.from('{"sequence": 1e999, "record": {"sessionId": 7}}'),
		Buffer.from('null'),
		Buffer.alloc(200_000, '['),
	]);
}

/** The notes of another upload under the names of these. */
export function foreign(notes: Notes, others: Notes): Notes {
	const bytes = [...others.values()];
	return new Map([...notes.keys()].map((name, index) => [name, bytes[index % bytes.length]!]));
}
