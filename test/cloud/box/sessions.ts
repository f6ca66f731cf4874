import { createHash, randomBytes } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { BodyReader } from './body';
import { BoxFailure, badRequest, notFound } from './errors';
import type { KnownPart, KnownParts } from './knownParts';
import type { BoxSettings } from './settings';

export interface Part {
	readonly part_id: string;
	readonly offset: number;
	readonly size: number;
	readonly sha1: string;
}

/** A part of the question which parts Box has. */
export interface PlannedPart {
	readonly offset: number;
	readonly size: number;
	/** Hex. */
	readonly sha512: string;
}

export type PlanHit = PlannedPart & { readonly part_id: string };

interface Hit {
	readonly part: Part;
	readonly known: KnownPart;
}

/** What a commit lists; Box's own clients leave sha1 out at times. */
export interface ListedPart {
	readonly part_id?: string;
	readonly offset?: number;
	readonly size?: number;
	readonly sha1?: string | null;
}

export type SessionState = 'open' | 'committed' | 'aborted' | 'lost' | 'failed';

/** A new file, or a new version of one (`fileId`). */
export interface SessionTarget {
	readonly folderId?: string;
	readonly fileId?: string;
	readonly name: string | undefined;
}

const rangeForm = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

export class UploadSession {
	readonly id = randomBytes(16).toString('hex').toUpperCase();
	readonly partSize: number;
	state: SessionState = 'open';
	expiresAtMs: number;
	/** 202 answers still to give. */
	processing: number;
	/** False mismatches still to give. */
	mismatches: number;
	private readonly partsByOffset = new Map<number, Part>();
	/**
	 * The whole file's SHA-1, fed in order. Parts arrive in any order: the bytes of one that is early
	 * are held until those before it are in, so memory is bounded by how far a client runs ahead.
	 */
	private chain = createHash('sha1');
	private chainedBytes = 0;
	private readonly early = new Map<number, Buffer[]>();
	/** The bytes of every part, of a file that is not too large for that. */
	private readonly kept: Map<number, Buffer> | undefined;
	private readonly hits = new Map<number, Hit>();

	constructor(
		readonly userId: string,
		readonly target: SessionTarget,
		readonly fileSize: number,
		private readonly settings: BoxSettings,
		private readonly clock: Clock,
	) {
		this.partSize = settings.partSizeBytes;
		this.expiresAtMs = clock.now() + settings.sessionLifetimeMs;
		this.processing = settings.commit202;
		this.mismatches = settings.partsMismatchTimes;
		const { keepBytesUpTo, knownPartsBytes } = settings;
		this.kept = fileSize <= Math.max(keepBytesUpTo, knownPartsBytes) ? new Map() : undefined;
	}

	get parts(): Part[] {
		return [...this.partsByOffset.values()].sort((a, b) => a.offset - b.offset);
	}

	/** As a list shows them. */
	get listed(): Part[] {
		if (!this.settings.listsHits) return this.parts;
		const hits = [...this.hits.values()].map(({ part }) => part);
		const own = hits.filter(({ offset }) => !this.partsByOffset.has(offset));
		return [...this.parts, ...own].sort((a, b) => a.offset - b.offset);
	}

	/** The same when it lags behind. */
	get partsButNewest(): Part[] {
		const newest = [...this.partsByOffset.values()].at(-1);
		return this.parts.filter((part) => part !== newest);
	}

	get totalParts(): number {
		return Math.ceil(this.fileSize / this.partSize);
	}

	get processedParts(): number {
		return Math.max(0, this.partsByOffset.size - this.processing);
	}

	get isOpen(): boolean {
		return this.state === 'open' && this.clock.now() < this.expiresAtMs;
	}

	/** Refuses what Box refuses of a session that is over, or another user's. */
	assertUsable(userId: string): void {
		if (this.state === 'failed') {
			throw new BoxFailure(410, 'upload_failed', 'The upload session cannot continue');
		}
		if (this.state !== 'open') throw notFound('Upload session not found');
		if (this.clock.now() >= this.expiresAtMs) {
			throw new BoxFailure(410, 'session_expired', 'The upload session has expired');
		}
		if (this.userId !== userId) {
			throw new BoxFailure(
				403,
				'forbidden',
				'Client does not have permission to upload to this session',
			);
		}
	}

	/** Nothing is stored unless the whole part has arrived and is what its digest says. */
	async receivePart(contentRange: string, digestHex: string, body: BodyReader): Promise<Part> {
		const { offset, size } = this.readRange(contentRange);
		this.refuseOverlap(offset);
		const partHash = createHash('sha1');
		const isNext = offset === this.chainedBytes;
		const chain = isNext ? this.chain.copy() : undefined;
		const held: Buffer[] = [];
		let received = 0;
		for (let chunk = await body.next(); chunk; chunk = await body.next()) {
			received += chunk.length;
			partHash.update(chunk);
			chain?.update(chunk);
			if (!chain || this.kept) held.push(chunk);
		}
		if (received !== size) {
			throw new BoxFailure(
				400,
				'request_size_mismatch',
				`Request body has ${received} bytes, its content-range ${size}`,
			);
		}
		const sha1 = partHash.digest('hex');
		if (sha1 !== digestHex) {
			throw new BoxFailure(400, 'bad_digest', 'The digest does not match the part');
		}
		// Time has passed: another request may have stored the same range, or ended the session.
		this.assertUsable(this.userId);
		this.refuseOverlap(offset);
		const part: Part = { part_id: this.newPartId(), offset, size, sha1 };
		this.partsByOffset.set(offset, part);
		this.kept?.set(offset, Buffer.concat(held));
		if (chain) {
			this.chain = chain;
			this.chainedBytes += size;
		} else {
			this.early.set(offset, held);
		}
		this.chainEarlyParts();
		return part;
	}

	/**
	 * Which of these parts the account has. A hit has an ID of its own, and its bytes need not be sent:
	 * https://developer.box.com/reference/post-files-upload-sessions-id-plan. That a part must be one of the session's
	 * is assumed.
	 */
	plan(
		asked: readonly PlannedPart[],
		known: KnownParts,
	): { hits: PlanHit[]; misses: PlannedPart[] } {
		const hits: PlanHit[] = [];
		const misses: PlannedPart[] = [];
		for (const { offset, size, sha512 } of asked) {
			this.readRange(`bytes ${offset}-${offset + size - 1}/${this.fileSize}`);
			const there = known.find(this.userId, sha512, size);
			if (there === undefined) {
				misses.push({ offset, size, sha512 });
				continue;
			}
			const part = { part_id: this.newPartId(), offset, size, sha1: there.sha1 };
			this.hits.set(offset, { part, known: there });
			hits.push({ offset, size, sha512, part_id: part.part_id });
		}
		return { hits, misses };
	}

	get hasHits(): boolean {
		return this.hits.size > 0;
	}

	/** The parts that were promised are gone. */
	loseHits(): void {
		this.hits.clear();
	}

	/** Throws unless the list is exactly what was uploaded and what was promised, and all of it. */
	checkParts(listed: readonly ListedPart[]): void {
		for (const entry of listed) {
			const offset = entry.offset ?? -1;
			const candidates = [this.partsByOffset.get(offset), this.hits.get(offset)?.part];
			if (!candidates.some((part) => part !== undefined && isListed(part, entry))) {
				throw partsMismatch(`No matching part found on server for ${JSON.stringify(entry)}`);
			}
		}
		const distinct = new Set(listed.map((entry) => entry.offset)).size;
		const offsets = new Set(listed.map((entry) => entry.offset));
		const hasAllSent = [...this.partsByOffset.keys()].every((offset) => offsets.has(offset));
		if (distinct !== listed.length || distinct !== this.totalParts || !hasAllSent) {
			throw partsMismatch(
				`${listed.length} parts listed, ${this.partsByOffset.size} of ${this.totalParts} uploaded`,
			);
		}
	}

	/** The whole file, once all parts are in. */
	finish(): { sha1: string; size: number; parts: Buffer[] | undefined } {
		const chain = this.chain.copy();
		let chained = this.chainedBytes;
		while (chained < this.fileSize) chained += this.chainNext(chain, chained);
		const parts = this.kept && this.allOffsets().map((offset) => this.bytesAt(offset));
		return { sha1: chain.digest('hex'), size: this.fileSize, parts };
	}

	/** A part that came early, or one that never came. */
	private chainNext(chain: Hash, offset: number): number {
		const chunks = this.early.get(offset) ?? [this.bytesOfHit(offset)];
		for (const chunk of chunks) chain.update(chunk);
		return chunks.reduce((sum, { length }) => sum + length, 0);
	}

	private allOffsets(): number[] {
		return Array.from({ length: this.totalParts }, (_, index) => index * this.partSize);
	}

	private bytesOfHit(offset: number): Buffer {
		const hit = this.hits.get(offset);
		if (!hit) throw new Error('Parts are missing');
		const bytes = hit.known.bytes();
		return this.settings.spoiltHits > 0 ? Buffer.alloc(bytes.length, 'spoilt') : bytes;
	}

	private readRange(contentRange: string): { offset: number; size: number } {
		const match = rangeForm.exec(contentRange);
		if (!match) throw badRequest(`Content-Range "${contentRange}" is not "bytes first-last/total"`);
		const [first = 0, last = 0, total = 0] = match.slice(1).map(Number);
		const isLast = last === this.fileSize - 1;
		const fits =
			total === this.fileSize &&
			first % this.partSize === 0 &&
			last < this.fileSize &&
			(last - first + 1 === this.partSize || (isLast && last - first + 1 < this.partSize)) &&
			last >= first;
		if (!fits) {
			throw new BoxFailure(
				416,
				'range_out_of_bounds',
				`${contentRange} is no part of ${this.fileSize} bytes in parts of ${this.partSize}`,
			);
		}
		return { offset: first, size: last - first + 1 };
	}

	private refuseOverlap(offset: number): void {
		const there = this.partsByOffset.get(offset);
		if (!there) return;
		// Parts are immutable, so the same bytes a second time are refused as well.
		const { part_id: id, size } = there;
		throw new BoxFailure(
			this.settings.overlapStatus,
			'range_overlaps_existing_part',
			`Part overlaps with previously uploaded part: ${JSON.stringify({ id, offset, size })}`,
		);
	}

	private chainEarlyParts(): void {
		for (;;) {
			const held = this.early.get(this.chainedBytes);
			if (!held) return;
			this.early.delete(this.chainedBytes);
			for (const chunk of held) {
				this.chain.update(chunk);
				this.chainedBytes += chunk.length;
			}
		}
	}

	private bytesAt(offset: number): Buffer {
		return this.kept?.get(offset) ?? this.bytesOfHit(offset);
	}

	private newPartId(): string {
		return randomBytes(4).toString('hex').toUpperCase();
	}
}

function isListed(part: Part, { part_id: id, size, sha1 }: ListedPart): boolean {
	const isSameHash = typeof sha1 !== 'string' || part.sha1 === sha1.toLowerCase();
	return part.part_id === id && part.size === size && isSameHash;
}

export function partsMismatch(message: string): BoxFailure {
	return new BoxFailure(400, 'parts_mismatch', message);
}
