import type { IExecuteFunctions } from 'n8n-workflow';

import type { TriedRun } from '../upload/earlierTries';

/** Runs of tools, by the arguments that their tries have in common. */
const runOfArguments = new WeakMap<object, string>();

/** The run that Retry On Fail repeats: the same execution, node and round of a loop. */
export function runOf(context: IExecuteFunctions): TriedRun | undefined {
	const { id, maxTries, retryOnFail } = context.getNode();
	const executionId = context.getExecutionId();
	if (retryOnFail !== true || !executionId) return undefined;
	const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
	const key = JSON.stringify([executionId, id, runIndex]);
	// As n8n counts them: 3 unless set, from 2 to 5.
	return { key: keyOfTool(context, key), maxTries: Math.min(5, Math.max(2, maxTries || 3)) };
}

/** Of a tool n8n counts each try as a new run, and gives it the very same arguments. */
function keyOfTool(context: IExecuteFunctions, key: string): string {
	const given = context.getInputData()[0]?.json;
	if (given === undefined || !context.isToolExecution()) return key;
	const known = runOfArguments.get(given) ?? key;
	runOfArguments.set(given, known);
	return known;
}
