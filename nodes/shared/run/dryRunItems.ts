import type { Failure } from '../failure';
import { failed, success } from '../failure';
import { noReplyFailure } from '../http/noReply';
import { runOptionsOf } from '../fields/runOptions';
import { groupBy } from '../groupBy';
import { internalFailure, outcomeOf, unsettledFailure, withNothingStored } from '../net';
import { followRun } from '../output/followRun';
import type { ItemResult } from '../output/toItems';
import { processMemory } from '../transfer/memoryLimit';
import { readableBytes } from './progress';
import type { OpenedFile } from './openLinks';
import type { Planned, DryRun } from './dryRun';
import { ACTIONS, dryRunJson } from './dryRun';
import type { Account, ItemFile, UploadOperation } from './uploadRun';

/** What the run would do, one item for each file; nothing is sent. */
export async function dryRunItems<C extends Account, F extends ItemFile, S>(
	{ context, vendor, dryRun }: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<OpenedFile<C, F, S>>,
): Promise<ItemResult[]> {
	const readable = inputs.flatMap((input) => ('ok' in input && input.ok ? [input.value] : []));
	const planned = new Map<number, Planned>();
	const failures = new Map<number, Failure>();
	const thrown = withNothingStored((error) => internalFailure(vendor, error));
	let requests = 0;
	let assumes: string | undefined;
	for (const [connection, ofConnection] of groupBy(readable, (input) => input.connection)) {
		const [{ settings }] = ofConnection;
		const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false });
		const files = ofConnection.map(({ file }) => file);
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
		const made = await outcomeOf(async () => success(await plan()), thrown);
		if (made.ok) {
			requests += made.value.requests;
			assumes ??= made.value.assumes;
			for (const [file, one] of made.value.files) planned.set(file.itemIndex, one);
		}
		for (const { itemIndex, source } of files) {
			source.close?.();
			const failure = made.ok ? unsettledFailure(vendor) : made.failure;
			if (!planned.has(itemIndex)) failures.set(itemIndex, { ...failure, stored: 'no' });
		}
	}
	const sent = [...planned.values()].filter(({ isSent }) => isSent);
	const bytes = sent.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
	const counts = countsOf([...planned.values()]);
	const run = { requests, bytes, ...(assumes !== undefined && { requestsAssume: assumes }) };
	const text = planText(counts, run);
	followRun(context, text);

	const items = inputs.flatMap((input, itemIndex): ItemResult[] => {
		const plan = planned.get(itemIndex);
		const failure = 'ok' in input && !input.ok ? input.failure : failures.get(itemIndex);
		if (failure !== undefined) return [{ itemIndexes: [itemIndex], outcome: failed(failure) }];
		return plan === undefined
			? []
			: [{ itemIndexes: [itemIndex], outcome: success({ plan: dryRunJson(plan), run }) }];
	});
	const failedFiles = items.filter(({ outcome }) => !outcome.ok).length;
	const report: ItemResult = {
		itemIndexes: items.flatMap(({ itemIndexes }) => itemIndexes),
		outcome: success({
			report: {
				vendor,
				planOnly: true,
				files: inputs.length,
				...counts,
				failed: failedFiles,
				...run,
				text,
			},
		}),
	};
	const { output } = runOptionsOf(context);
	if (failedFiles > 0 && !context.continueOnFail()) return items;
	if (output === 'report') return [report];
	return output === 'filesAndReport' ? [...items, report] : items;
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
