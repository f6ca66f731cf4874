import { createHash } from 'node:crypto';
import { BoxFailure } from './errors';

export function sha1Hex(bytes: Buffer): string {
	return createHash('sha1').update(bytes).digest('hex');
}

/** RFC 3230, of which Box takes SHA-1 in base64 only: `sha=fpRyg5eVQletdZqEKaFlqwBXJzM=`. Returns hex. */
export function parseDigestHeader(header: string): string {
	const encoded = /^sha=([A-Za-z0-9+/]{27}=)$/i.exec(header)?.[1];
	if (encoded === undefined) {
		throw new BoxFailure(400, 'bad_digest', 'The digest header is not sha= and a base64 SHA-1');
	}
	return Buffer.from(encoded, 'base64').toString('hex');
}
