import { createHash } from 'node:crypto';
import type { GeneratedContent } from '../../engine/types';
import { chunksOfContent } from '../core/content';
import { BoxFailure } from './errors';
import type { NewContent } from './items';

/** What another client has written, for the cloud to keep. */
export function writtenContent(content: Buffer | string | GeneratedContent): NewContent {
	if (typeof content === 'string' || Buffer.isBuffer(content)) {
		const bytes = Buffer.from(content);
		return { sha1: sha1Hex(bytes), size: bytes.length, content: bytes };
	}
	const hash = createHash('sha1');
	for (const chunk of chunksOfContent(content)) hash.update(chunk);
	const { sizeBytes: size } = content;
	return { sha1: hash.digest('hex'), size, content: undefined, generated: content };
}

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
