/** Whether the clouds hold what lies on the disk: every file, nothing else, bit for bit. */
import type { RemoteFile } from '../../test/cloud/remote';
import type { SourceFile } from './sourceFiles';
import { dropboxHashOf, sha1Of } from './sourceFiles';
import type { Transfer } from './workflows';

export interface Compared {
	readonly vendor: Transfer['vendor'];
	readonly path: string;
	readonly sizeBytes: number;
	/** Undefined when it is the same. */
	readonly difference: string | undefined;
}

const HASHES = {
	Dropbox: { hashOf: dropboxHashOf, field: 'contentHash' },
	Box: { hashOf: sha1Of, field: 'sha1' },
} as const;

export async function compare(
	vendor: Transfer['vendor'],
	transfers: readonly Transfer[],
	stored: readonly RemoteFile[],
): Promise<Compared[]> {
	const byPath = new Map(stored.map((file) => [String(file.path), file]));
	const compared: Compared[] = [];
	for (const { files, storedAt } of transfers.filter((transfer) => transfer.vendor === vendor)) {
		for (const source of files) {
			const path = storedAt(source);
			const { sizeBytes } = source;
			const difference = await differenceOf(vendor, source, byPath.get(path));
			compared.push({ vendor, path, sizeBytes, difference });
			byPath.delete(path);
		}
	}
	const unexpected = [...byPath].map(([path, { size }]): Compared => ({
		vendor,
		path,
		sizeBytes: size,
		difference: 'is stored, and nobody sent it',
	}));
	return [...compared, ...unexpected];
}

async function differenceOf(
	vendor: Transfer['vendor'],
	source: SourceFile,
	file: RemoteFile | undefined,
): Promise<string | undefined> {
	if (!file) return 'is not stored';
	if (file.size !== source.sizeBytes) {
		return `has ${file.size} bytes instead of ${source.sizeBytes}`;
	}
	const { hashOf, field } = HASHES[vendor];
	return file[field] === (await hashOf(source)) ? undefined : 'has another content';
}
