import { createHash, randomUUID } from 'node:crypto';

import type { SizedSource } from '../../shared/source/byteSource';
import { SizeMismatch } from '../../shared/source/parts';
import type { Form } from '../api/files';

const READ_CHUNK_BYTES = 256 * 1024;
const FRAME_BYTES = 1_024;

/** What reading the form takes of the memory. */
export function formBytes({ sizeBytes, readsWhole }: SizedSource): number {
	return (readsWhole ? 2 * sizeBytes : sizeBytes) + FRAME_BYTES;
}

/**
 * Reads a file into the body of an upload, hashing on the way. Box wants the attributes first. Throws
 * what reading throws, and SizeMismatch.
 */
export async function readForm(source: SizedSource, attributes: object): Promise<Form> {
	const boundary = `upload-sessions-${randomUUID()}`;
	const head = Buffer.from(
		[
			`--${boundary}`,
			'Content-Disposition: form-data; name="attributes"',
			'',
			JSON.stringify(attributes),
			`--${boundary}`,
			'Content-Disposition: form-data; name="file"; filename="file"',
			'Content-Type: application/octet-stream',
			'',
			'',
		].join('\r\n'),
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	const { sizeBytes } = source;
	const body = Buffer.allocUnsafeSlow(head.length + sizeBytes + tail.length);
	head.copy(body);
	const sha1 = createHash('sha1');
	let readBytes = 0;
	for await (const chunk of source.open(READ_CHUNK_BYTES)) {
		if (readBytes + chunk.length > sizeBytes) {
			throw new SizeMismatch(sizeBytes, readBytes + chunk.length);
		}
		chunk.copy(body, head.length + readBytes);
		sha1.update(chunk);
		readBytes += chunk.length;
	}
	if (readBytes !== sizeBytes) throw new SizeMismatch(sizeBytes, readBytes);
	tail.copy(body, head.length + sizeBytes);
	return {
		body,
		contentType: `multipart/form-data; boundary=${boundary}`,
		sha1: sha1.digest('hex'),
	};
}
