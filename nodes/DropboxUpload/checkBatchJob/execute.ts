import { ourFault } from '../../shared/catalogue';
import { failed, success } from '../../shared/failure';
import { collectionOf, optionFlag } from '../../shared/fields/parameters';
import { InputProblem } from '../../shared/fields/inputProblem';
import { readDeadlineMs } from '../../shared/fields/waiting';
import { readItems } from '../../shared/fields/readItems';
import { jsonValue, printable, requiredText } from '../../shared/fields/values';
import { isObject, isString } from '../../shared/json';
import type { ItemResult } from '../../shared/output/toItems';
import { inParallel } from '../../shared/transfer/inParallel';
import { checkFinishBatchJob } from '../api/commits';
import type { Connection } from '../api/connection';
import { explainedAtTeamRoot } from '../api/failures/root';
import type { FinishBatchResult } from '../api/types';
import type { SubmittedEntry } from '../batch/entries';
import { entryOutcome } from '../batch/entries';
import { jobOf, waitForJob, withJob } from '../batch/job';
import type { DropboxRun } from '../run';
import { toFailure } from '../api/failures/read';

interface Input {
	readonly connection: Connection;
	readonly asyncJobId: string;
	readonly submitted: readonly SubmittedEntry[];
	/** Of an earlier try to start the job: it may have run with the same sessions. */
	readonly responseLost: boolean;
	readonly wait: boolean;
	readonly deadlineMs: number;
}

const PARALLEL_JOBS = 4;

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	const inputs = await readItems(run.context, 'Dropbox', (itemIndex) => readInput(run, itemIndex));
	const stop = !run.context.continueOnFail() && inputs.some((input) => !input.ok);
	const results = await inParallel(
		inputs,
		PARALLEL_JOBS,
		async (input, itemIndex): Promise<ItemResult[]> => {
			if (!input.ok) return [{ itemIndexes: [itemIndex], outcome: input }];
			return stop ? [] : await checkJob(input.value, itemIndex);
		},
	);
	return results.flat();
}

async function checkJob(input: Input, itemIndex: number): Promise<ItemResult[]> {
	const { connection, asyncJobId, deadlineMs, wait } = input;
	const one = (outcome: ItemResult['outcome']): ItemResult[] => [
		{ itemIndexes: [itemIndex], outcome },
	];
	if (wait) {
		const result = await waitForJob(connection, asyncJobId, deadlineMs);
		return result.ok
			? entryResults(result.value, input, itemIndex)
			: one(failed({ ...result.failure, subject: asyncJobId }));
	}
	const checked = await checkFinishBatchJob(connection, asyncJobId);
	if (!checked.ok) {
		return one(failed({ ...withJob(checked.failure, asyncJobId), subject: asyncJobId }));
	}
	if (checked.value['.tag'] === 'complete') return entryResults(checked.value, input, itemIndex);
	return one(
		success({
			'.tag': 'in_progress',
			async_job_id: asyncJobId,
			...(input.submitted.length > 0 && {
				submitted: input.submitted.map((entry) => ({ ...entry })),
			}),
			...(input.responseLost && { answer_lost: true }),
		}),
	);
}

/** One item per entry; what was submitted names the file when as many entries came back. */
function entryResults(
	{ entries }: FinishBatchResult,
	{ asyncJobId, submitted, responseLost, connection }: Input,
	itemIndex: number,
): ItemResult[] {
	if (entries.length === 0) {
		const failure = { ...NO_ENTRIES, subject: asyncJobId, detail: jobOf(asyncJobId) };
		return [{ itemIndexes: [itemIndex], outcome: failed(failure) }];
	}
	const named = submitted.length === entries.length;
	return entries.map((entry, index) => {
		const outcome = entryOutcome(entry, named ? submitted[index] : undefined, responseLost);
		return {
			itemIndexes: [itemIndex],
			outcome: explainedAtTeamRoot(outcome, connection.rootKind),
		};
	});
}

/** A job has an entry at least. */
const NO_ENTRIES = toFailure(
	'http/unexpected_reply',
	ourFault(
		'Dropbox says the job is complete, but lists no files',
		'Check the job again. If nothing changes, look for the files in Dropbox.',
		'unknown',
	),
);

function readInput({ context, connectionFor }: DropboxRun, itemIndex: number): Input {
	const options = collectionOf(context, itemIndex);
	const json = context.getInputData()[itemIndex]?.json;
	return {
		connection: connectionFor(itemIndex),
		asyncJobId: requiredText(
			context.getNodeParameter('asyncJobId', itemIndex, ''),
			'asyncJobId',
			'Job ID',
			"Use the async_job_id that 'Finish Upload Batch' returned.",
		),
		submitted: readSubmitted(options.submitted, json?.submitted),
		responseLost: json?.answer_lost === true,
		wait: optionFlag(options, 'waitForJob', 'Wait Until Complete', true),
		deadlineMs: readDeadlineMs(options),
	};
}

/** The option, else what the item holds itself. Without either no failure can name its file. */
function readSubmitted(given: unknown, ofItem: unknown): SubmittedEntry[] {
	const entries = jsonValue(given, 'submitted', 'Submitted Entries');
	if (entries === undefined) return Array.isArray(ofItem) ? ofItem.filter(isSubmittedEntry) : [];
	if (Array.isArray(entries) && entries.every(isSubmittedEntry)) return entries;
	throw new InputProblem(
		'submitted',
		"'Submitted Entries' isn't the list that 'Finish Upload Batch' returned",
		"Use the field submitted of the operation's output, or remove the option.",
		printable(given),
	);
}

function isSubmittedEntry(value: unknown): value is SubmittedEntry {
	return (
		isObject(value) &&
		isString(value.path) &&
		isString(value.session_id) &&
		typeof value.offset === 'number'
	);
}
