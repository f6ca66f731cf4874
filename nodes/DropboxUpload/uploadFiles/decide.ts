import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { JsonObject } from '../../shared/json';
import { isCount, toJson } from '../../shared/json';
import { outcomeOf, withNothingStored } from '../../shared/net';
import { hasSize } from '../../shared/source/byteSource';
import { claimedHash, isSameByTime } from '../../shared/source/origin';
import { hashOfSource } from '../../shared/transfer/lookup';
import { BLOCK_BYTES, CONTENT_HASH, ContentDigest } from '../api/contentHash';
import type { StoredEntry, StoredFile } from '../api/types';
import { conflictWith, saidFor, TAKEN, TAKEN_BY_FOLDER } from './conflict';
import type { UploadSettings } from './readSettings';
import { sameTarget } from './sameTarget';
import type { FileToUpload } from './types';
import type { Context } from './uploadContext';

/** What is at a file's path when its turn comes. */
export interface Occupant {
	readonly kind: 'file' | 'folder' | 'file_ancestor';
	/** Of a file that Dropbox has. */
	readonly stored?: JsonObject;
	/** The file that an item of this run will have put there. */
	readonly file?: FileToUpload;
	/** The item of this run that has the path. Where it only may have, nothing else is known of the file. */
	readonly itemIndex?: number | undefined;
}

type Decision =
	| { readonly action: 'send' }
	| { readonly action: 'skip' | 'unchanged' }
	| { readonly action: 'refuse'; readonly failure: Failure };

type DecideContext = Pick<Context, 'connection' | 'settings' | 'memory' | 'canceled'>;

const SEND = { action: 'send' } as const;
const SKIP = { action: 'skip' } as const;
const UNCHANGED = { action: 'unchanged' } as const;

export function occupantOf(entry: StoredEntry, itemIndex?: number): Occupant {
	return isFile(entry) ? { kind: 'file', stored: entry, itemIndex } : { kind: 'folder' };
}

export function isFile(entry: StoredEntry): entry is StoredFile {
	return entry['.tag'] === 'file';
}

/** Whether a file takes another name where its own is taken, and so goes last. */
export function givesWay({ commit }: FileToUpload): boolean {
	return commit.autorename;
}

/** Whether the run looks at what is in the file's place before it sends anything. */
export function asksBefore(file: FileToUpload, settings: UploadSettings): boolean {
	return file.skipUnchanged || file.ifExists === 'skip' || maySaveSending(file, settings);
}

/** A large file is worth the question: with Fail the same content is as good as stored. */
function maySaveSending(
	{ commit, fetchFrom, ifExists, source }: FileToUpload,
	{ pack }: UploadSettings,
): boolean {
	const isLarge = hasSize(source) && source.sizeBytes > pack.maxBytes;
	return isLarge && ifExists === 'fail' && !commit.strict_conflict && fetchFrom === undefined;
}

/** What becomes of a file when this is at its path. `send` leaves it to Dropbox. */
export async function decide(
	file: FileToUpload,
	there: Occupant | undefined,
	context: DecideContext,
): Promise<Decision> {
	if (there === undefined) return SEND;
	if (file.fetchFrom !== undefined) return decideFetch(file, there);
	const { itemIndex } = there;
	const isHeld = itemIndex !== undefined && !givesWay(file);
	if (mayBeUnchanged(file, isHeld, context.settings) && (await isSame(file, there, context))) {
		return UNCHANGED;
	}
	if (file.ifExists === 'skip' && (there.stored ?? there.file) !== undefined) return SKIP;
	return isHeld ? refuse(file, sameTarget(file, itemIndex)) : SEND;
}

function mayBeUnchanged(file: FileToUpload, isHeld: boolean, settings: UploadSettings): boolean {
	if (!hasSize(file.source)) return false;
	if (isHeld) return !file.commit.strict_conflict;
	return file.skipUnchanged || maySaveSending(file, settings);
}

/** Dropbox itself would store the file under another name. */
function decideFetch(file: FileToUpload, { kind, itemIndex }: Occupant): Decision {
	if (givesWay(file) || kind === 'file_ancestor') return SEND;
	if (kind === 'folder') return refuse(file, TAKEN_BY_FOLDER);
	if (file.ifExists === 'skip') return SKIP;
	return refuse(file, itemIndex === undefined ? TAKEN : sameTarget(file, itemIndex));
}

/** How a file ends of which nothing is sent; undefined for one that is to be sent. */
export async function endWithoutSending(
	file: FileToUpload,
	there: Occupant | undefined,
	context: DecideContext & Pick<Context, 'thrown'>,
): Promise<Outcome<IDataObject> | undefined> {
	const decided = await outcomeOf(
		async () => success(await decide(file, there, context)),
		withNothingStored(context.thrown),
	);
	if (!decided.ok) return decided;
	const { value: decision } = decided;
	if (decision.action === 'send') return undefined;
	if (decision.action === 'refuse') return failed(decision.failure);
	const skipped = decision.action === 'skip' ? 'exists' : 'unchanged';
	return success({ ...toJson(there?.stored ?? {}), skipped });
}

type CommitDecision =
	| { readonly action: 'new' | 'replace' | 'rename' | 'unchanged' }
	| { readonly action: 'refuse'; readonly failure: Failure };

/** What Dropbox makes of a file that it is sent, or fetches itself. */
export async function decidedByDropbox(
	file: FileToUpload,
	there: Occupant | undefined,
	context: DecideContext,
): Promise<CommitDecision> {
	const { commit, fetchFrom, ifExists } = file;
	if (there === undefined) {
		const isGone = ifExists === 'update' && commit.strict_conflict;
		return isGone ? refuse(file, conflictWith('file')) : { action: 'new' };
	}
	const union = fetchFrom === undefined ? 'files.UploadSessionFinishError' : 'files.SaveUrlError';
	const over = fetchFrom === undefined && (await decidedOver(file, there, context));
	if (over) return over;
	const isRenamed = givesWay(file) && there.kind !== 'file_ancestor';
	return isRenamed ? { action: 'rename' } : refuse(file, conflictWith(there.kind, union));
}

/** Where the file may replace the one that is there, or is the very same. */
async function decidedOver(
	file: FileToUpload,
	there: Occupant,
	context: DecideContext,
): Promise<CommitDecision | undefined> {
	if (there.kind !== 'file') return undefined;
	const same = await isSame(file, there, context);
	if (file.ifExists === 'overwrite' || isRevisionOf(file, there)) {
		return same && keepsProperties(file, there) ? UNCHANGED : { action: 'replace' };
	}
	return same && !file.commit.strict_conflict ? UNCHANGED : undefined;
}

function refuse(file: FileToUpload, failure: Failure) {
	const told = { ...saidFor(file, failure), subject: file.commit.path };
	return { action: 'refuse', failure: told } as const;
}

function isRevisionOf({ commit: { mode } }: FileToUpload, { stored }: Occupant): boolean {
	return typeof mode === 'object' && mode.update === stored?.rev;
}

/** Dropbox makes no new revision of what is the very same. */
function keepsProperties({ commit }: FileToUpload, { stored }: Occupant): boolean {
	const { client_modified: modified, property_groups: groups } = commit;
	const isSameTime = modified === undefined || modified === stored?.client_modified;
	return isSameTime && groups === undefined;
}

/** Reads the file only where the sizes may agree. */
async function isSame(
	file: FileToUpload,
	{ kind, stored, file: other, itemIndex }: Occupant,
	context: DecideContext,
): Promise<boolean> {
	const thereBytes = isCount(stored?.size) ? stored.size : other?.source.sizeBytes;
	if (kind !== 'file' || !mayBeOfSize(file, thereBytes)) return false;
	// An export writes many different files of one size in one second.
	const byTime = itemIndex === undefined && stored ? isSameByTimeAs(file, stored) : undefined;
	if (byTime !== undefined) return byTime;
	const hash = other === undefined ? stored?.content_hash : await hashOf(other, context);
	return hash !== undefined && hash === (await hashOf(file, context));
}

function mayBeOfSize({ source: { sizeBytes } }: FileToUpload, thereBytes?: number): boolean {
	return (sizeBytes ?? thereBytes) === (thereBytes ?? sizeBytes);
}

function isSameByTimeAs(
	{ compareContent, skipUnchanged, source }: FileToUpload,
	{ client_modified: modifiedAt }: JsonObject,
): boolean | undefined {
	const mayGoByTime = skipUnchanged && !compareContent;
	return isSameByTime(source.origin, { algorithm: CONTENT_HASH, modifiedAt, mayGoByTime });
}

/** A file may be asked about more than once, and is read for that once. */
const hashes = new WeakMap<FileToUpload, Promise<string | undefined>>();

async function hashOf(file: FileToUpload, context: DecideContext): Promise<string | undefined> {
	const { connection, settings } = context;
	const claimed = claimedHash(file.source.origin, CONTENT_HASH);
	if (claimed !== undefined) return claimed;
	const known = hashes.get(file);
	if (known !== undefined) return await known;
	const hash = hashOfSource(file.source, () => new ContentDigest(), BLOCK_BYTES, {
		...context,
		memoryLimitBytes: settings.memoryLimitBytes,
		cancelSignal: connection.client.cancelSignal,
	});
	hashes.set(file, hash);
	return await hash;
}
