import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../failure';
import { success } from '../failure';
import { noReplyFailure } from '../http/noReply';
import { collectionOf } from '../input/parameters';
import { followRun } from '../output/followRun';
import type { ItemResult } from '../output/toItems';
import { processMemory } from '../upload/memoryCeiling';
import { readableBytes } from '../upload/progress';
import type { Looked } from './lookAtFiles';
import type { Planned } from './plan';
import { ACTIONS, planJson } from './plan';
import type { Account, ItemFile, UploadOperation } from './uploadRun';
import { byConnection } from './uploadRun';

/** What the run would do, one item for each file; nothing is sent. */
export async function planItems<C extends Account, F extends ItemFile, S>(
	{ context, vendor, planAll }: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<Looked<C, F, S>>,
): Promise<ItemResult[]> {
	const readable = inputs.flatMap((input) => ('ok' in input && input.ok ? [input.value] : []));
	const planned = new Map<number, Planned>();
	let requests = 0;
	for (const [connection, ofConnection] of byConnection(readable)) {
		const [{ settings }] = ofConnection as [(typeof readable)[number]];
		const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false });
		const plan = await planAll(
			ofConnection.map(({ file }) => file),
			{
				connection,
				settings,
				memory: processMemory,
				canceled: () => (connection.client.cancelSignal?.aborted ? canceled : undefined),
				log: (line) => context.logger.info(`${vendor} Upload: ${line}`),
				warn: (line) => context.logger.warn(`${vendor} Upload: ${line}`),
			},
		);
		requests += plan.requests;
		for (const [file, one] of plan.files) {
			planned.set(file.itemIndex, one);
			file.source.close?.();
		}
	}
	const sent = [...planned.values()].filter(({ isSent }) => isSent);
	const bytes = sent.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
	const counts = countsOf([...planned.values()]);
	const run = { requests, bytes };
	const text = planText(counts, run);
	followRun(context, text);

	const items = inputs.flatMap((input, itemIndex): ItemResult[] => {
		const plan = planned.get(itemIndex);
		const outcome: Outcome<IDataObject> | undefined =
			plan !== undefined
				? success({ plan: planJson(plan), run })
				: 'ok' in input && !input.ok
					? input
					: undefined;
		return outcome === undefined ? [] : [{ itemIndexes: [itemIndex], outcome }];
	});
	const failed = items.filter(({ outcome }) => !outcome.ok).length;
	const report: ItemResult = {
		itemIndexes: items.flatMap(({ itemIndexes }) => itemIndexes),
		outcome: success({
			report: { vendor, planOnly: true, files: inputs.length, ...counts, failed, ...run, text },
		}),
	};
	const { output } = collectionOf(context, 0);
	if (failed > 0 && !context.continueOnFail()) return items;
	if (output === 'report') return [report];
	return output === 'filesAndReport' ? [...items, report] : items;
}

function countsOf(plans: readonly Planned[]): Record<string, number> {
	return Object.fromEntries(
		ACTIONS.map((action) => [action, plans.filter((plan) => plan.action === action).length]),
	);
}

function planText(
	counts: Record<string, number>,
	{ requests, bytes }: { readonly requests: number; readonly bytes: number },
): string {
	const parts = Object.entries(counts)
		.filter(([, count]) => count > 0)
		.map(([action, count]) => `${count} ${action}`);
	return `Plan: ${parts.join(', ') || 'no file'}; ${readableBytes(bytes)} in about ${requests} requests. Nothing was sent.`;
}
