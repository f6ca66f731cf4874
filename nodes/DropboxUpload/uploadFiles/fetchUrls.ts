import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { groupBy } from '../../shared/groupBy';
import { pollUntilDone } from '../../shared/http/poll';
import { isString, toJson } from '../../shared/json';
import { outcomeOf, withNothingStored } from '../../shared/net';
import { withoutSecrets } from '../../shared/redact';
import { inParallel } from '../../shared/transfer/inParallel';
import type { Connection } from '../api/connection';
import { readUnion } from '../api/failures/read';
import { atTeamRoot } from '../api/failures/root';
import { checkSaveUrl, saveUrl } from '../api/fetch';
import { nameOf, pathKey } from '../api/paths';
import type { SaveUrlJob, StoredEntry } from '../api/types';
import { TAKEN } from './conflict';
import { endWithoutSending, givesWay, occupantOf } from './decide';
import { entriesAt, entryAt } from './lookup';
import { targetKey } from './sameTarget';
import type { FileToFetch } from './types';
import type { Context } from './uploadContext';

const PARALLEL_JOBS = 4;
const FIRST_CHECK_DELAY_MS = 500;
const MAX_CHECK_DELAY_MS = 15_000;

/**
 * Lets Dropbox download files; no byte of them passes through n8n. Of several items with one path each
 * is fetched after the one before it has ended.
 */
export async function fetchUrls(files: readonly FileToFetch[], context: Context): Promise<void> {
	const { connection, settings, settle } = context;
	const found = await entriesAt(
		connection,
		files.filter((file) => !givesWay(file)),
	);
	const byPath = groupBy(files, ({ commit }) => pathKey(commit.path));
	await inParallel([...byPath.values()], PARALLEL_JOBS, async (samePath) => {
		let isOpen = false;
		for (const [index, file] of samePath.entries()) {
			const { path } = file.commit;
			const there = index === 0 ? found(file) : await entryThere(context, path);
			const outcome: Outcome<IDataObject> =
				(await endWithoutFetching(file, there, isOpen, context)) ??
				(await outcomeOf(
					async () => await fetchOne(connection, file, settings.deadlineMs),
					context.thrown,
				));
			isOpen ||= !outcome.ok && outcome.failure.stored === 'unknown';
			const told = ({ failure }: { failure: Failure }) =>
				failed(atTeamRoot({ ...failure, subject: path }, connection.rootKind));
			settle(file, outcome.ok ? outcome : told(outcome));
		}
	});
}

async function endWithoutFetching(
	file: FileToFetch,
	there: Outcome<StoredEntry | undefined>,
	/** Dropbox may be downloading another file to the path. */
	isOpen: boolean,
	context: Context,
): Promise<Outcome<IDataObject> | undefined> {
	if (givesWay(file)) return undefined;
	if (!there.ok) return there;
	const { connection, takenTargets } = context;
	const holder = takenTargets.holderOf(targetKey(connection, file.commit.path));
	if (there.value === undefined) {
		// Of an earlier try, or of a group with other settings.
		const isOpenElsewhere = holder?.isOwn === true && holder.stored === undefined;
		return isOpen || isOpenElsewhere ? failed(EARLIER_OPEN) : undefined;
	}
	const occupant = occupantOf(there.value, holder?.isOwn ? holder.itemIndex : undefined);
	return await endWithoutSending(file, occupant, context);
}

async function entryThere(
	{ connection, thrown }: Context,
	path: string,
): Promise<Outcome<StoredEntry | undefined>> {
	const work = async () => await entryAt(connection, path);
	return await outcomeOf(work, withNothingStored(thrown));
}

async function fetchOne(
	connection: Connection,
	{ commit: { path }, fetchFrom, ifExists }: FileToFetch,
	deadlineMs: number,
): Promise<Outcome<IDataObject>> {
	const started = await saveUrl(connection, path, fetchFrom);
	if (!started.ok) {
		const { responseLost, failure } = started;
		return failed(responseLost ? { ...failure, stored: 'unknown' } : failure);
	}
	const ended = await untilEnded(connection, started.value, { url: fetchFrom, deadlineMs });
	if (!ended.ok || ifExists === 'rename') return ended;
	const { path_display: storedPath } = ended.value;
	const isRenamed = isString(storedPath) && pathKey(nameOf(storedPath)) !== pathKey(nameOf(path));
	return isRenamed ? failed({ ...OTHER_NAME, vendorText: storedPath }) : ended;
}

async function untilEnded(
	connection: Connection,
	started: SaveUrlJob,
	{ url, deadlineMs }: { readonly url: string; readonly deadlineMs: number },
): Promise<Outcome<IDataObject>> {
	const asyncJobId = started['.tag'] === 'async_job_id' ? started.async_job_id : undefined;
	if (asyncJobId === undefined) return endOf(started, url) ?? failed(NO_JOB);
	const polled = await pollUntilDone<Outcome<IDataObject>>(
		async (giveUpAtMs) => {
			const checked = await checkSaveUrl(connection, asyncJobId, url, giveUpAtMs);
			if (!checked.ok) {
				// The job goes on, whatever went wrong with asking for it.
				return { done: true, value: failed({ ...checked.failure, stored: 'unknown' }) };
			}
			const end = endOf(checked.value, url);
			return end === undefined ? { done: false } : { done: true, value: end };
		},
		{
			deadlineMs,
			firstDelayMs: FIRST_CHECK_DELAY_MS,
			maxDelayMs: MAX_CHECK_DELAY_MS,
			cancelSignal: connection.client.cancelSignal,
		},
	);
	if (polled.kind === 'done') return polled.value;
	return failed(polled.kind === 'canceled' ? CANCELED : STILL_FETCHING);
}

/** Undefined while Dropbox is at it. */
function endOf(job: SaveUrlJob, url: string): Outcome<IDataObject> | undefined {
	if (job['.tag'] === 'complete') return success(toJson(job));
	if (job['.tag'] !== 'failed') return undefined;
	return failed(withoutSecrets(readUnion('files.SaveUrlError', job.failed), [url]));
}

const OTHER_NAME: Failure = {
	...TAKEN,
	message: 'Another file was saved at the path first, so Dropbox renamed this one',
	remedy: 'Rename or delete the file, which is in Dropbox under the name below.',
	stored: 'yes',
};

const STILL_FETCHING: Failure = {
	vendor: 'Dropbox',
	code: 'job/in_progress',
	message: 'Dropbox was still downloading the file when the wait ended',
	remedy: "Look at the path in Dropbox later, or set a longer 'Max Wait'. The download continues.",
	class: 'transient',
	retryable: false,
	stored: 'unknown',
};

const EARLIER_OPEN: Failure = {
	...STILL_FETCHING,
	code: 'job/same_path',
	message: 'Dropbox may still be downloading the file of an earlier item to the same path',
	remedy: 'Look at the path in Dropbox, then run this again, or give each item a path of its own.',
	stored: 'no',
};

const CANCELED: Failure = {
	...STILL_FETCHING,
	code: 'canceled',
	message: 'The execution was canceled while Dropbox was downloading the file',
};

const NO_JOB: Failure = {
	...STILL_FETCHING,
	code: 'http/unexpected_reply',
	message: "Dropbox didn't return the result of the download",
	remedy: 'Look at the path in Dropbox before you run this again.',
	class: 'internal',
};
