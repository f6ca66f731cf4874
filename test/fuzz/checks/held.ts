/** What both clouds hold, in one form. */
import { createHash } from 'node:crypto';

import { contentHash } from '../../cloud/dropbox';
import { generateBuffer } from '../../engine';
import type { PlannedFile } from '../baseline/baseline';
import type { Rig } from '../../support/rig';
import type { VendorName } from '../operations';

export interface HeldFile {
	readonly path: string;
	readonly hash: string;
	readonly sizeBytes: number;
	/** `2026-05-04T15:40:00Z`, as the item may have asked for it. */
	readonly modified: string;
	readonly created: string | undefined;
}

export interface HeldLink {
	readonly path: string;
	/** Where the vendor tells it. */
	readonly password: string | boolean | undefined;
	readonly expires: string | undefined;
}

export function heldFiles({ cloud }: Rig, vendor: VendorName): HeldFile[] {
	if (vendor === 'Dropbox') {
		return cloud.dropbox.files().map(({ path, contentHash: hash, size, clientModified }) => ({
			path,
			hash,
			sizeBytes: size,
			modified: clientModified,
			created: undefined,
		}));
	}
	return cloud.box.files().flatMap((file) => {
		const { path, sha1, size, contentModifiedAtMs, contentCreatedAtMs, earlierSha1s } = file;
		const modified = utc(contentModifiedAtMs);
		const created = utc(contentCreatedAtMs);
		return [
			...earlierSha1s.map((hash) => ({ path, hash, sizeBytes: -1, modified, created })),
			{ path, hash: sha1, sizeBytes: size, modified, created },
		];
	});
}

export function heldLinks({ cloud }: Rig, vendor: VendorName): HeldLink[] {
	if (vendor === 'Dropbox') {
		return cloud.dropbox.links().map(({ path, settings }) => ({
			path,
			password: settings.link_password,
			expires: settings.expires,
		}));
	}
	return cloud.box.files().flatMap(({ path, sharedLink }) => {
		if (sharedLink === undefined) return [];
		const { hasPassword, unsharedAtMs } = sharedLink;
		return [{ path, password: hasPassword, expires: unsharedAtMs && utc(unsharedAtMs) }].map(
			(link) => ({ ...link, expires: link.expires || undefined }),
		);
	});
}

const largeHashes = new Map<string, string>();

/** The hash that the vendor has of a planned file. */
export function hashOfFile(vendor: VendorName, { content, large }: PlannedFile): string {
	if (large === undefined) return hashOf(vendor, content);
	const key = `${vendor} ${large.sizeBytes} ${large.seed}`;
	const hash = largeHashes.get(key) ?? hashOf(vendor, generateBuffer(large));
	largeHashes.set(key, hash);
	return hash;
}

/** As the vendor counts it: Dropbox's content hash, Box's SHA-1. */
export function hashOf(vendor: VendorName, content: Buffer | string): string {
	const bytes = Buffer.from(content);
	if (vendor === 'Dropbox') return contentHash(bytes);
	return createHash('sha1').update(bytes).digest('hex');
}

function utc(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
