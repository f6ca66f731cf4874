import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { Action, Planned, DryRun } from '../../shared/run/dryRun';
import type { DryRunContext } from '../../shared/run/uploadRun';
import { hasSize } from '../../shared/source/byteSource';
import { hashOfSource } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { BLOCK_BYTES, ContentDigest } from '../api/contentHash';
import { parentOf, pathKey } from '../api/paths';
import type { StoredEntry } from '../api/types';
import { conflictWith, saidFor } from './conflict';
import { asksBefore, entriesAt, entryAt, isFile } from './lookup';
import { TAKEN, TAKEN_BY_FOLDER } from './fetchUrls';
import type { UploadSettings } from './readSettings';
import { requestsToSend } from './requestCount';
import { sameTarget } from './sameTarget';
import type { FileToUpload } from './types';
import { givesWay } from './waves';

type Around = DryRunContext<Connection, UploadSettings>;

/** What is at a path, or will be by the items before. */
type Occupant =
	| { readonly kind: 'folder' | 'file_ancestor' }
	| {
			readonly kind: 'file';
			readonly sizeBytes: number | undefined;
			readonly hash: () => Promise<string | undefined>;
			/** Undefined for what an item of this run will have put there. */
			readonly stored?: StoredEntry;
			/** The item of this run whose file it is, or will be. */
			readonly itemIndex?: number;
	  };

/** What Dropbox would make of these files, found out without sending any. */
export async function dryRun(
	files: readonly FileToUpload[],
	context: Around,
): Promise<DryRun<FileToUpload>> {
	return await new Planner(context).run(files);
}

class Planner {
	private readonly parents = new Map<string, Promise<Outcome<boolean>>>();
	private readonly initially = new Map<string, Occupant>();
	private readonly now = new Map<string, Occupant>();

	constructor(private readonly context: Around) {}

	async run(files: readonly FileToUpload[]): Promise<DryRun<FileToUpload>> {
		const { connection, settings } = this.context;
		const { traffic } = connection.client;
		const inOrder = [...files.filter((file) => !givesWay(file)), ...files.filter(givesWay)];
		const countOf = async (work: Promise<unknown>): Promise<number> => {
			const before = traffic.requests;
			await work;
			return traffic.requests - before;
		};
		// The run itself looks at these, and learns where paths begin with its first request.
		const takenTargets = new Set<string>();
		const asking = inOrder.filter((file) => {
			const { path } = file.commit;
			const isFirst = !takenTargets.has(pathKey(path));
			takenTargets.add(pathKey(path));
			const isAsked = asksBefore(file, settings.pack.maxBytes) || isLookedAt(file);
			return isAsked && (isFirst || givesWay(file));
		});
		const lookRequests = await countOf(entriesAt(connection, asking));
		const rootRequests = await countOf(connection.findRoot());
		const found = await entriesAt(connection, files);
		const plans = new Map<FileToUpload, Planned>();
		// One after the other: of several items with one path the later ones meet the earlier.
		for (const file of inOrder) {
			const unclear = await this.lookAt(file, found(file));
			const failure = this.context.canceled() ?? unclear;
			plans.set(file, failure ? refused(file, failure, false) : await this.plan(file));
		}
		const sent = files.filter((file) => plans.get(file)?.isSent);
		const fetched = files.filter((file) => {
			const action = plans.get(file)?.action;
			return file.fetchFrom !== undefined && (action === 'new' || action === 'rename');
		});
		const linked = files.filter(
			(file) => file.link !== undefined && plans.get(file)?.action !== 'refuse',
		);
		// Skip has looked at all paths before, and the fetch looks at its own again.
		const again = fetched.filter(({ ifExists }) => ifExists === 'skip').length;
		const fetches = FETCH_CALLS * fetched.length + again;
		const calls = requestsToSend(sent, settings) + fetches + linked.length;
		const requests = lookRequests + (calls > 0 ? rootRequests + calls : 0);
		return { files: plans, requests, ...(fetched.length > 0 && { assumes: ONE_CHECK }) };
	}

	/** Notes what is at the file's path; the failure when that cannot be found out. */
	private async lookAt(
		{ commit: { path } }: FileToUpload,
		looked: Outcome<StoredEntry | undefined>,
	): Promise<Failure | undefined> {
		const key = pathKey(path);
		if (this.initially.has(key)) return undefined;
		if (!looked.ok) return looked.failure;
		const { value: stored } = looked;
		let occupant: Occupant | undefined;
		if (stored === undefined) {
			const blocked = await this.isBelowFile(parentOf(path));
			if (!blocked.ok) return blocked.failure;
			if (blocked.value) occupant = { kind: 'file_ancestor' };
		} else if (isFile(stored)) {
			const { size: sizeBytes, content_hash: hash } = stored;
			occupant = { kind: 'file', sizeBytes, hash: async () => await Promise.resolve(hash), stored };
		} else {
			occupant = { kind: 'folder' };
		}
		if (occupant === undefined) return undefined;
		this.initially.set(key, occupant);
		if (!this.now.has(key)) this.now.set(key, occupant);
		return undefined;
	}

	/** Whether something that should be a folder is a file; asked for once for each folder. */
	private async isBelowFile(folder: string): Promise<Outcome<boolean>> {
		if (!folder.includes('/')) return success(false);
		const known = this.parents.get(pathKey(folder)) ?? this.askBelowFile(folder);
		this.parents.set(pathKey(folder), known);
		return await known;
	}

	private async askBelowFile(folder: string): Promise<Outcome<boolean>> {
		const there = await entryAt(this.context.connection, folder);
		if (!there.ok) return there;
		if (there.value !== undefined) return success(isFile(there.value));
		return await this.isBelowFile(parentOf(folder));
	}

	/** As Dropbox decides about a commit, and the run about what it need not send. */
	private async plan(file: FileToUpload): Promise<Planned> {
		const { commit, fetchFrom, ifExists, skipUnchanged, source } = file;
		const key = pathKey(commit.path);
		const first = this.initially.get(key);
		const own = once(async () => await this.hashOf(file));
		if (first?.kind === 'file') {
			const isReplaced = this.now.get(key) !== first;
			const mayBeSame = skipUnchanged && !isReplaced && hasSize(source);
			const isUnchanged = mayBeSame && (await isSame(file, first, own));
			if (isUnchanged) {
				this.now.set(key, { ...first, itemIndex: file.itemIndex });
				return planned('unchanged', file, first, false);
			}
			if (ifExists === 'skip') return planned('skip', file, first, false);
		}
		const isSent = fetchFrom === undefined;
		const there = this.now.get(key);
		const becomes = (action: Action): Planned => {
			const { itemIndex } = file;
			this.now.set(key, { kind: 'file', sizeBytes: source.sizeBytes, hash: own, itemIndex });
			return planned(action, file, there, isSent);
		};
		const keeps = (isSentInVain: boolean): Planned => {
			if (there?.kind === 'file') this.now.set(key, { ...there, itemIndex: file.itemIndex });
			return planned('unchanged', file, there, isSentInVain);
		};
		if (there?.kind === 'file' && there.itemIndex !== undefined && !commit.autorename) {
			return await this.planHeld(file, there, there.itemIndex, own);
		}
		if (there === undefined) {
			const isGone = ifExists === 'update' && commit.strict_conflict;
			return isGone ? refused(file, CONFLICT.file, true) : becomes('new');
		}
		if (there.kind !== 'file') {
			const mayRename = commit.autorename && there.kind === 'folder';
			if (mayRename) return planned('rename', file, there, isSent);
			const failure = isSent ? CONFLICT[there.kind] : FETCH_CONFLICT[there.kind];
			return refused(file, failure, isSent);
		}
		const same = isSent && (await isSame(file, there, own));
		if (ifExists === 'overwrite' || isRevisionOf(file, there)) {
			const isKept = same && keepsProperties(file, there);
			return isKept ? keeps(isSent) : becomes('replace');
		}
		if (same && !commit.strict_conflict) {
			const isKnownBefore = asksBefore(file, this.context.settings.pack.maxBytes);
			return keeps(isSent && !isKnownBefore);
		}
		if (commit.autorename) return planned('rename', file, there, isSent);
		if (ifExists === 'skip') return planned('skip', file, there, isSent);
		const failure = isSent ? CONFLICT.file : FETCH_CONFLICT.file;
		return { ...refused(file, failure, isSent), ...thereOf(there) };
	}

	/** An earlier item has the place, or will have it. */
	private async planHeld(
		file: FileToUpload,
		there: FileThere,
		itemIndex: number,
		own: () => Promise<string | undefined>,
	): Promise<Planned> {
		const { commit, fetchFrom, ifExists } = file;
		const mayBeSame = fetchFrom === undefined && !commit.strict_conflict && hasSize(file.source);
		if (mayBeSame && (await isSame(file, there, own))) {
			return planned('unchanged', file, there, false);
		}
		if (ifExists === 'skip') return planned('skip', file, there, false);
		return { ...refused(file, sameTarget(file, itemIndex), false), ...thereOf(there) };
	}

	private async hashOf({ source }: FileToUpload): Promise<string | undefined> {
		const { connection, settings } = this.context;
		return await hashOfSource(source, () => new ContentDigest(), BLOCK_BYTES, {
			...this.context,
			memoryLimitBytes: settings.memoryLimitBytes,
			cancelSignal: connection.client.cancelSignal,
		});
	}
}

type FileThere = Extract<Occupant, { kind: 'file' }>;

/** Reads the file only where the sizes may agree. */
async function isSame(
	{ source: { sizeBytes } }: FileToUpload,
	there: FileThere,
	own: () => Promise<string | undefined>,
): Promise<boolean> {
	if ((sizeBytes ?? there.sizeBytes) !== (there.sizeBytes ?? sizeBytes)) return false;
	const hash = await own();
	return hash !== undefined && hash === (await there.hash());
}

function isRevisionOf({ commit: { mode } }: FileToUpload, { stored }: FileThere): boolean {
	return typeof mode === 'object' && mode.update === stored?.rev;
}

/** Dropbox makes no new revision of what is the very same. */
function keepsProperties({ commit }: FileToUpload, { stored }: FileThere): boolean {
	const { client_modified: modified, property_groups: groups } = commit;
	const isSameTime = modified === undefined || modified === stored?.client_modified;
	return isSameTime && groups === undefined;
}

function planned(
	action: Action,
	{ commit, source }: FileToUpload,
	there: Occupant | undefined,
	isSent: boolean,
): Planned {
	const { path } = commit;
	return { action, path, sizeBytes: source.sizeBytes, isSent, ...thereOf(there) };
}

function thereOf(there: Occupant | undefined): Pick<Planned, 'there'> {
	const stored = there?.kind === 'file' ? there.stored : undefined;
	return stored === undefined ? {} : { there: stored as IDataObject };
}

function refused(file: FileToUpload, failure: Failure, isSent: boolean): Planned {
	const about = { ...saidFor(file, failure), subject: file.commit.path };
	return { ...planned('refuse', file, undefined, isSent), failure: about };
}

/** Each is asked for, and its job at least once: how often depends on how long Dropbox takes. */
const FETCH_CALLS = 2;
const ONE_CHECK = 'one status check for each download of Dropbox';

/** Before Dropbox fetches a file, its path is looked at. */
function isLookedAt({ fetchFrom, ifExists }: FileToUpload): boolean {
	return fetchFrom !== undefined && ifExists !== 'rename';
}

const FETCH_CONFLICT = {
	file: TAKEN,
	folder: TAKEN_BY_FOLDER,
	file_ancestor: conflictWith('file_ancestor', 'files.SaveUrlError'),
} as const;

const CONFLICT = {
	file: conflictWith('file'),
	folder: conflictWith('folder'),
	file_ancestor: conflictWith('file_ancestor'),
} as const;

function once<T>(work: () => Promise<T>): () => Promise<T> {
	let result: Promise<T> | undefined;
	return async () => await (result ??= work());
}
