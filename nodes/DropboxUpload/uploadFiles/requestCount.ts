import { groupBy } from '../../shared/groupBy';
import type { Planned } from '../../shared/run/dryRun';
import { pathKey } from '../api/paths';
import { MAX_SESSIONS } from '../api/sessions';
import type { PackedFile } from './packs';
import { isSmall, planPacks } from './packs';
import { partSizeFor } from './partSize';
import type { UploadSettings } from './readSettings';
import type { FileToUpload, SmallFile } from './types';

/** As long as Dropbox's are. */
const SOME_SESSION_ID = 'x'.repeat(69);

/** Each is asked for, and its job at least once: how often depends on how long Dropbox takes. */
const FETCH_CALLS = 2;

/** How many calls store these files, when nothing has to be sent again, and how many of them Dropbox fetches. */
export function requestsFor(
	plans: ReadonlyMap<FileToUpload, Planned>,
	settings: UploadSettings,
): { readonly calls: number; readonly fetches: number } {
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
	return { calls: requestsToSend(sent, settings) + fetches + again + linked.length, fetches };
}

function requestsToSend(
	files: readonly FileToUpload[],
	{ commitSize, pack, partSizeBytes }: UploadSettings,
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
		requests += 1 + Math.ceil(sizeBytes / partSizeFor(sizeBytes, partSizeBytes));
	}
	for (let start = 0; start < small.length; start += MAX_SESSIONS) {
		const chunk = small.slice(start, start + MAX_SESSIONS);
		const packed = chunk.flatMap((file): PackedFile[] => {
			const { sizeBytes } = file.source;
			return sizeBytes === 0 ? [] : [{ file, sessionId: SOME_SESSION_ID, sizeBytes }];
		});
		requests += chunk.length - packed.length;
		if (packed.length > 0) requests += 1 + [...planPacks(packed, () => pack)].length;
	}
	return requests + commitsOf(files, commitSize);
}

/** Of several files with one path each has a batch of its own. */
function commitsOf(files: readonly FileToUpload[], commitSize: number): number {
	const batches = Math.ceil(files.length / commitSize);
	const ofPaths = [...groupBy(files, ({ commit }) => pathKey(commit.path)).values()];
	return ofPaths.reduce((most, { length }) => Math.max(most, length), batches);
}
