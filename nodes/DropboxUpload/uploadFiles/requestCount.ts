import { groupBy } from '../../shared/groupBy';
import type { Planned } from '../../shared/run/dryRun';
import { pathKey } from '../api/paths';
import { MAX_SESSIONS } from '../api/sessions';
import type { Connection } from '../api/connection';
import { commitWay, goesWhole, packsAreRefused } from './knownRoutes';
import type { PackedFile } from './packs';
import { isSmall, planPacks } from './packs';
import { partCountOf } from './partSize';
import type { UploadSettings } from './readSettings';
import type { FileToUpload, SmallFile } from './types';

/** As long as Dropbox's are. */
const SOME_SESSION_ID = 'x'.repeat(69);

/** Each is asked for, and its job at least once: how often depends on how long Dropbox takes. */
const FETCH_CALLS = 2;

/** A job is begun, and asked for at least once. */
const JOB_CALLS = 2;

/**
 * How many calls store these files, when nothing has to be sent again, how many of them are about files that Dropbox
 * fetches, and how many about batches that are committed as jobs. Routes that are known to be missing are not used.
 */
export function requestsFor(
	plans: ReadonlyMap<FileToUpload, Planned>,
	settings: UploadSettings,
	connection: Connection,
): { readonly calls: number; readonly fetches: number; readonly jobs: number } {
	const files = [...plans.keys()];
	const sent = files.filter((file) => plans.get(file)?.isSent);
	const fetched = files.filter((file) => {
		const { action } = plans.get(file) ?? {};
		return file.fetchFrom !== undefined && (action === 'new' || action === 'rename');
	});
	// Skip has looked at all paths before, and the fetch looks at its own again.
	const again = fetched.filter(({ ifExists }) => ifExists === 'skip').length;
	const linked = files.filter(
		(file) => file.link !== undefined && plans.get(file)?.action !== 'refuse',
	);
	const fetches = FETCH_CALLS * fetched.length;
	const inSessions = sent.filter((file) => !goesWhole(file, connection, settings.pack));
	const whole = sent.length - inSessions.length;
	const commits = commitsOf(inSessions, settings.commitSize, connection);
	const jobs = commitWay(connection) === 'job' ? commits : 0;
	const toSend = whole + requestsToSend(inSessions, settings, connection);
	return { calls: toSend + commits + fetches + again + linked.length, fetches, jobs };
}

function requestsToSend(
	files: readonly FileToUpload[],
	{ pack, partSizeBytes }: UploadSettings,
	connection: Connection,
): number {
	const small: SmallFile[] = [];
	let requests = 0;
	for (const file of files) {
		const { source } = file;
		if (isSmall(file, pack)) {
			small.push(file);
			continue;
		}
		const { sizeBytes = 0 } = source;
		requests += 1 + partCountOf(sizeBytes, partSizeBytes);
	}
	if (packsAreRefused(connection)) return requests + small.length;
	const packed = small.flatMap((file): PackedFile[] => {
		const { sizeBytes } = file.source;
		return sizeBytes === 0 ? [] : [{ file, sessionId: SOME_SESSION_ID, sizeBytes }];
	});
	requests += small.length - packed.length;
	for (let start = 0; start < packed.length; start += MAX_SESSIONS) {
		const chunk = packed.slice(start, start + MAX_SESSIONS);
		requests += 1 + [...planPacks(chunk, () => pack)].length;
	}
	return requests;
}

/** Of several files with one path each has a batch of its own. */
function commitsOf(
	files: readonly FileToUpload[],
	commitSize: number,
	connection: Connection,
): number {
	const way = commitWay(connection);
	if (way === 'oneByOne') return files.length;
	const batches = Math.ceil(files.length / commitSize);
	const ofPaths = [...groupBy(files, ({ commit }) => pathKey(commit.path)).values()];
	const calls = ofPaths.reduce((most, { length }) => Math.max(most, length), batches);
	return way === 'job' ? JOB_CALLS * calls : calls;
}
