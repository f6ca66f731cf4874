/** What Box has of a file from yesterday; its bytes stay on the disk. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { BoxService } from '../../test/cloud/box';
import type { InputFile } from '../clients/job';

export function putVersion(
	box: BoxService,
	{ name, path, sizeBytes }: InputFile,
	changedParts: readonly number[],
): void {
	box.putFile({ name, content: 'of yesterday' });
	const { partSizeBytes } = box.settings;
	for (let index = 0; index * partSizeBytes < sizeBytes; index++) {
		if (changedParts.includes(index)) continue;
		const offset = index * partSizeBytes;
		const size = Math.min(partSizeBytes, sizeBytes - offset);
		const bytes = (): Buffer => readPart(path, offset, size);
		const content = bytes();
		const sha1 = createHash('sha1').update(content).digest('hex');
		box.knowPart(createHash('sha512').update(content).digest('hex'), { size, sha1, bytes });
	}
}

function readPart(path: string, offset: number, sizeBytes: number): Buffer {
	const file = openSync(path, 'r');
	try {
		const content = Buffer.allocUnsafeSlow(sizeBytes);
		readSync(file, content, 0, sizeBytes, offset);
		return content;
	} finally {
		closeSync(file);
	}
}
