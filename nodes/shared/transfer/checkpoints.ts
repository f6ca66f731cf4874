import { isCount, isObject, isString } from '../json';

/** Where a broken upload of one file can go on. Holds no token and no content. */
export interface Checkpoint {
	readonly sessionId: string;
	readonly partSizeBytes: number;
	/** All bytes before this are at the vendor. */
	readonly offset: number;
	/** Hash of those bytes, to see that the file is still the same. */
	readonly prefixHash: string;
	/** The session is of no use after this moment. */
	readonly expiresAtMs: number;
	/** Hash of the file whose closing part went out: what a session that turns out closed holds. */
	readonly fileHash?: string;
	/** The vendor's type of session, if it isn't the usual one. */
	readonly sessionType?: string;
	/** Where the session's file will be, at a vendor that settles it when the session is opened. */
	readonly target?: string;
}

/** A place for resume records. Losing one costs time, never a file. */
export interface CheckpointStore {
	load(key: string): Promise<Checkpoint | undefined>;
	save(key: string, record: Checkpoint): Promise<void>;
	clear(key: string): Promise<void>;
}

const MAX_RECORDS = 1_000;

/** The memory of this process: covers Retry On Fail, cancel and later executions. */
class MemoryCheckpointStore implements CheckpointStore {
	private readonly records = new Map<string, Checkpoint>();

	async load(key: string): Promise<Checkpoint | undefined> {
		return await Promise.resolve(this.records.get(key));
	}

	async save(key: string, record: Checkpoint): Promise<void> {
		this.records.delete(key);
		this.records.set(key, record);
		const [oldest] = this.records.keys();
		if (this.records.size > MAX_RECORDS && oldest !== undefined) this.records.delete(oldest);
		await Promise.resolve();
	}

	async clear(key: string): Promise<void> {
		this.records.delete(key);
		await Promise.resolve();
	}
}

const processStore = new MemoryCheckpointStore();

/**
 * Memory first, then the user's folder if there is one; of two records the one that got further
 * counts. Expired ones are as good as none.
 */
export function checkpointStore(folder?: CheckpointStore): CheckpointStore {
	return {
		load: async (key) => {
			const known = await Promise.all([processStore.load(key), folder?.load(key)]);
			const usable = known.filter(
				(record) => record !== undefined && record.expiresAtMs > Date.now(),
			);
			return usable.sort((a, b) => (b?.offset ?? 0) - (a?.offset ?? 0))[0];
		},
		save: async (key, record) => {
			await Promise.all([processStore.save(key, record), folder?.save(key, record)]);
		},
		clear: async (key) => {
			await Promise.all([processStore.clear(key), folder?.clear(key)]);
		},
	};
}

const inUse = new Set<string>();

/**
 * The record of one upload, from its first part to its commit. Two uploads of one key at a time, such
 * as two items with one path, must not share a session: the second has no record.
 */
export class OwnCheckpoint {
	private readonly isMine: boolean;

	constructor(
		private readonly store: CheckpointStore,
		private readonly key: string,
	) {
		this.isMine = !inUse.has(key);
		inUse.add(key);
	}

	async load(): Promise<Checkpoint | undefined> {
		return this.isMine ? await this.store.load(this.key) : undefined;
	}

	async save(record: Checkpoint): Promise<void> {
		if (this.isMine) await this.store.save(this.key, record);
	}

	async clear(): Promise<void> {
		if (this.isMine) await this.store.clear(this.key);
	}

	release(): void {
		if (this.isMine) inUse.delete(this.key);
	}
}

/** A part is held in one buffer; vendors ask for far smaller ones. */
const MAX_PART_BYTES = 1024 ** 3;

/** For what comes back from a file or from the user. */
export function isCheckpoint(value: unknown): value is Checkpoint {
	if (!isObject(value)) return false;
	const { sessionId, partSizeBytes, offset, prefixHash, expiresAtMs } = value;
	const { fileHash, sessionType, target } = value;
	const isPartSize = isCount(partSizeBytes) && partSizeBytes > 0 && partSizeBytes <= MAX_PART_BYTES;
	const texts = [sessionId, prefixHash, fileHash ?? '', sessionType ?? '', target ?? ''];
	return (
		sessionId !== '' &&
		texts.every(isString) &&
		isPartSize &&
		isCount(offset) &&
		typeof expiresAtMs === 'number'
	);
}
