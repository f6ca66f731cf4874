import { createHash } from 'node:crypto';

/** A part that files of an account hold. */
export interface KnownPart {
	readonly size: number;
	/** Hex. */
	readonly sha1: string;
	readonly bytes: () => Buffer;
}

/** Hex. */
function hashOf(algorithm: 'sha1' | 'sha512', bytes: Buffer): string {
	return createHash(algorithm).update(bytes).digest('hex');
}

/**
 * Parts of committed files, by account and SHA-512. Which files count, and for how long, is documented nowhere
 * (https://developer.box.com/reference/post-files-upload-sessions-id-plan); assumed: those of the account itself that
 * came through upload sessions. What has been committed is hashed only when somebody asks.
 */
export class KnownParts {
	private readonly byHash = new Map<string, KnownPart>();
	private readonly unhashed: Array<{ readonly userId: string; readonly bytes: Buffer }> = [];
	private heldBytes = 0;

	/** `limitBytes`: of all that is held; the oldest of what nobody has asked for is forgotten. */
	remember(userId: string, bytes: Buffer, limitBytes: number): void {
		this.unhashed.push({ userId, bytes });
		this.heldBytes += bytes.length;
		while (this.heldBytes > limitBytes && this.unhashed.length > 0) {
			this.heldBytes -= this.unhashed.shift()?.bytes.length ?? 0;
		}
	}

	/** As if a file with this part had been committed. */
	plant(userId: string, sha512: string, part: KnownPart): void {
		this.byHash.set(`${userId} ${sha512}`, part);
	}

	find(userId: string, sha512: string, size: number): KnownPart | undefined {
		for (const { userId: owner, bytes } of this.unhashed.splice(0)) {
			this.plant(owner, hashOf('sha512', bytes), knownPart(bytes));
		}
		const part = this.byHash.get(`${userId} ${sha512}`);
		return part?.size === size ? part : undefined;
	}

	forget(): void {
		this.byHash.clear();
		this.unhashed.length = 0;
		this.heldBytes = 0;
	}
}

function knownPart(bytes: Buffer): KnownPart {
	return { size: bytes.length, sha1: hashOf('sha1', bytes), bytes: () => bytes };
}
