import type { Failure, Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import { memoized } from '../../shared/memoized';
import type { Action, DryRun, Planned } from '../../shared/run/dryRun';
import type { DryRunContext } from '../../shared/run/uploadRun';
import type { Connection } from '../api/connection';
import { parentOf, pathKey } from '../api/paths';
import type { StoredEntry } from '../api/types';
import type { Occupant } from './decide';
import { asksBefore, decide, decidedByDropbox, givesWay, isFile, occupantOf } from './decide';
import { entriesAt, entryAt } from './lookup';
import type { UploadSettings } from './readSettings';
import { requestsFor } from './requestCount';
import type { FileToUpload } from './types';

type Around = DryRunContext<Connection, UploadSettings>;

/** What would be at each path. */
type Occupants = Map<string, Occupant>;

/** What Dropbox would make of these files, found out without sending any. */
export async function dryRun(
	files: readonly FileToUpload[],
	context: Around,
): Promise<DryRun<FileToUpload>> {
	const looked = await lookAt(files, context);
	const now: Occupants = new Map(looked.occupants);
	const plans = new Map<FileToUpload, Planned>();
	const planAll = async (wave: readonly FileToUpload[], seen: Occupants): Promise<void> => {
		// One after the other: of several items with one path the later ones meet the earlier.
		for (const file of wave) {
			const unclear = looked.failures.get(pathKey(file.commit.path));
			const failure = context.canceled() ?? unclear;
			plans.set(file, failure ? refused(file, failure) : await plan(file, seen, now, context));
		}
	};
	await planAll(
		files.filter((file) => !givesWay(file)),
		now,
	);
	// The run looks at the paths of all these before it sends the first of them.
	await planAll(files.filter(givesWay), new Map(now));
	const { calls, fetches, jobs } = requestsFor(plans, context.settings, context.connection);
	const requests = looked.requests + (calls > 0 ? looked.rootRequests + calls : 0);
	const checked = [...(fetches > 0 ? [DOWNLOADS] : []), ...(jobs > 0 ? [BATCHES] : [])];
	const assumes = checked.map((each) => `one status check for each ${each}`).join(', and ');
	return { files: plans, requests, ...(assumes !== '' && { assumes }) };
}

const DOWNLOADS = 'download of Dropbox';
const BATCHES = 'batch';

/** `seen` is what the run finds at the paths, `now` what Dropbox does; notes what the file changes. */
async function plan(
	file: FileToUpload,
	seen: Occupants,
	now: Occupants,
	context: Around,
): Promise<Planned> {
	const { fetchFrom, itemIndex } = file;
	const key = pathKey(file.commit.path);
	const there = now.get(key);
	const decided = await decide(file, seen.get(key), context);
	const isSent = decided.action === 'send' && fetchFrom === undefined;
	const becomes =
		decided.action === 'send' ? await decidedByDropbox(file, there, context) : decided;
	const { action } = becomes;
	if (action === 'new' || action === 'replace') now.set(key, { kind: 'file', file, itemIndex });
	if (action === 'unchanged' && there?.itemIndex === undefined) {
		now.set(key, { kind: 'file', ...there, itemIndex });
	}
	const { stored } = there ?? {};
	return {
		...planned(action, file, isSent),
		...(stored && { there: toJson(stored) }),
		...('failure' in becomes && { failure: becomes.failure }),
	};
}

function planned(action: Action, { commit, source }: FileToUpload, isSent: boolean): Planned {
	return { action, path: commit.path, sizeBytes: source.sizeBytes, isSent };
}

function refused(file: FileToUpload, failure: Failure): Planned {
	const { path: subject } = file.commit;
	return { ...planned('refuse', file, false), failure: { ...failure, subject } };
}

interface Looked {
	readonly occupants: Occupants;
	/** Of paths about which nothing can be found out. */
	readonly failures: ReadonlyMap<string, Failure>;
	/** What the run takes to look at the paths that it looks at itself. */
	readonly requests: number;
	/** What it takes to learn where paths begin, if nothing else has asked. */
	readonly rootRequests: number;
}

/** What is at the paths now; each is asked for once. */
async function lookAt(files: readonly FileToUpload[], context: Around): Promise<Looked> {
	const { connection, settings } = context;
	const { traffic } = connection.client;
	const counted = async <T>(work: Promise<T>): Promise<[T, number]> => {
		const before = traffic.requests;
		const result = await work;
		return [result, traffic.requests - before];
	};
	const asking = askedByRun(files, settings);
	const [found, requests] = await counted(entriesAt(connection, asking));
	const [, rootRequests] = await counted(connection.findRoot());
	const asked = new Set(asking.map(({ commit }) => pathKey(commit.path)));
	const others = files.filter(({ commit }) => !asked.has(pathKey(commit.path)));
	const foundElse = await entriesAt(connection, others);
	const occupantAt = occupantFinder(connection);
	const occupants: Occupants = new Map();
	const failures = new Map<string, Failure>();
	for (const [list, at] of [
		[asking, found],
		[others, foundElse],
	] as const) {
		for (const file of list) {
			const { path } = file.commit;
			const there = await occupantAt(path, at(file));
			if (!there.ok) failures.set(pathKey(path), there.failure);
			else if (there.value !== undefined) occupants.set(pathKey(path), there.value);
		}
	}
	return { occupants, failures, requests, rootRequests };
}

/** Of several files with one path the later ones know from the first, unless they give way. */
function askedByRun(files: readonly FileToUpload[], settings: UploadSettings): FileToUpload[] {
	const paths = new Set<string>();
	return [...files.filter((file) => !givesWay(file)), ...files.filter(givesWay)].filter((file) => {
		const key = pathKey(file.commit.path);
		const isFirst = !paths.has(key);
		paths.add(key);
		// Before Dropbox fetches a file, its path is looked at.
		const isAsked = asksBefore(file, settings) || (file.fetchFrom !== undefined && !givesWay(file));
		return isAsked && (isFirst || givesWay(file));
	});
}

/** What is at a path, a file included that is where the path needs a folder; each folder is asked for once. */
function occupantFinder(connection: Connection) {
	const isBelowFile = memoized(
		pathKey,
		async (folder: string): Promise<Outcome<boolean>> => {
			if (!folder.includes('/')) return success(false);
			const there = await entryAt(connection, folder);
			if (!there.ok) return there;
			return there.value === undefined
				? await isBelowFile(parentOf(folder))
				: success(isFile(there.value));
		},
		{ keepFailures: true },
	);
	return async (
		path: string,
		found: Outcome<StoredEntry | undefined>,
	): Promise<Outcome<Occupant | undefined>> => {
		if (!found.ok) return found;
		if (found.value !== undefined) return success(occupantOf(found.value));
		const blocked = await isBelowFile(parentOf(path));
		if (!blocked.ok) return blocked;
		return success(blocked.value ? { kind: 'file_ancestor' } : undefined);
	};
}
