import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { noReplyFailure } from '../http/noReply';
import { groupBy } from '../groupBy';
import { internalFailure, outcomeOf, unsettledFailure, withNothingStored } from '../net';
import { followRun } from '../output/followRun';
import type { ItemResult } from '../output/toItems';
import { processMemory } from '../transfer/memoryLimit';
import { readableBytes } from './progress';
import { isNoFile } from '../source/cloud/cloudFile';
import { planOfLeftOut } from './leftOut';
import type { OpenedFile } from './openLinks';
import type { Planned, DryRun } from './dryRun';
import { ACTIONS, dryRunJson } from './dryRun';
import { withReport } from './report';
import type { Account, ItemFile, UploadOperation } from './uploadRun';

/** What the run would do, one item for each file; nothing is sent. */
export async function dryRunItems<C extends Account, F extends ItemFile, S>(
	operation: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<OpenedFile<C, F, S>>,
): Promise<ItemResult[]> {
	const { context, vendor } = operation;
	const readable = inputs.flatMap((input) => ('ok' in input && input.ok ? [input.value] : []));
	const planned = new Map<number, Outcome<Planned>>();
	let requests = 0;
	let assumes: string | undefined;
	for (const [connection, ofConnection] of groupBy(readable, (input) => input.connection)) {
		const [{ settings }] = ofConnection;
		const files = ofConnection.map(({ file }) => file);
		const made = await dryRunOf(operation, { connection, settings, files });
		if (made.ok) {
			requests += made.value.requests;
			assumes ??= made.value.assumes;
		}
		for (const file of files) {
			file.source.close?.();
			planned.set(file.itemIndex, plannedIn(made, file, vendor));
		}
	}
	const plans = [...planned.values()].flatMap((one) => (one.ok ? [one.value] : []));
	const bytes = plans.reduce((sum, { isSent, sizeBytes = 0 }) => sum + (isSent ? sizeBytes : 0), 0);
	const run = { requests, bytes, ...(assumes !== undefined && { requestsAssume: assumes }) };
	const counts = countsOf(plans);
	const text = planText(counts, run);
	followRun(context, text);

	const items = inputs.flatMap((input, itemIndex): ItemResult[] => {
		if (isNoFile(input)) {
			return [{ itemIndexes: [itemIndex], outcome: success({ plan: planOfLeftOut(input), run }) }];
		}
		const plan = 'ok' in input && !input.ok ? input : planned.get(itemIndex);
		if (plan === undefined) return [];
		const outcome = plan.ok ? success({ plan: dryRunJson(plan.value), run }) : plan;
		return [{ itemIndexes: [itemIndex], outcome }];
	});
	const failedFiles = items.filter(({ outcome }) => !outcome.ok).length;
	const about = { vendor, planOnly: true, files: inputs.length };
	const report = { ...about, ...counts, failed: failedFiles, ...run, text };
	return withReport(context, items, () => ({ report }));
}

interface FilesOfConnection<C, F, S> {
	readonly connection: C;
	readonly settings: S;
	readonly files: readonly F[];
}

async function dryRunOf<C extends Account, F extends ItemFile, S>(
	{ context, vendor, dryRun }: UploadOperation<C, F, S>,
	{ connection, settings, files }: FilesOfConnection<C, F, S>,
): Promise<Outcome<DryRun<F>>> {
	const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false });
	const thrown = withNothingStored((error) => internalFailure(vendor, error));
	const plan = async (): Promise<DryRun<F>> =>
		await dryRun(files, {
			connection,
			settings,
			memory: processMemory,
			canceled: () => (connection.client.cancelSignal?.aborted ? canceled : undefined),
			thrown,
			log: (line) => context.logger.info(`${vendor} Upload: ${line}`),
			warn: (line) => context.logger.warn(`${vendor} Upload: ${line}`),
		});
	return await outcomeOf(async () => success(await plan()), thrown);
}

function plannedIn<F extends ItemFile>(
	made: Outcome<DryRun<F>>,
	file: F,
	vendor: Failure['vendor'],
): Outcome<Planned> {
	const plan = made.ok ? made.value.files.get(file) : undefined;
	if (plan !== undefined) return success(plan);
	const failure = made.ok ? unsettledFailure(vendor) : made.failure;
	return failed({ ...failure, stored: 'no' });
}

function countsOf(plans: readonly Planned[]): Record<string, number> {
	return Object.fromEntries(
		ACTIONS.map((action) => [action, plans.filter((plan) => plan.action === action).length]),
	);
}

interface RunFigures {
	readonly requests: number;
	readonly bytes: number;
	readonly requestsAssume?: string;
}

function planText(
	counts: Record<string, number>,
	{ requests, bytes, requestsAssume }: RunFigures,
): string {
	const parts = Object.entries(counts)
		.filter(([, count]) => count > 0)
		.map(([action, count]) => `${count} ${action}`);
	const assuming = requestsAssume === undefined ? '' : `, assuming ${requestsAssume}`;
	return `Plan: ${parts.join(', ') || 'no file'}; ${readableBytes(bytes)} in about ${requests} requests${assuming}. Nothing was sent.`;
}
