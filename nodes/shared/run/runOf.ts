import type { IExecuteFunctions } from 'n8n-workflow';

import type { TriedRun } from './earlierTries';

/** Calls of tools, by the arguments that their tries have in common. */
const callOfArguments = new WeakMap<object, number>();
let toolCalls = 0;

/** The run that Retry On Fail repeats: the same execution, node and round of a loop, or the same call of a tool. */
export function runOf(context: IExecuteFunctions): TriedRun | undefined {
	const { id, maxTries, retryOnFail } = context.getNode();
	if (retryOnFail !== true) return undefined;
	const key = callOf(context) ?? roundOf(context);
	if (key === undefined) return undefined;
	// As n8n counts them: 3 unless set, from 2 to 5.
	return {
		key: JSON.stringify([id, ...key]),
		maxTries: Math.min(5, Math.max(2, maxTries || 3)),
	};
}

/**
 * Of a tool that n8n calls as a function it counts each try as a new run, and gives it the very same arguments. The
 * MCP Server Trigger calls tools before there is an execution.
 */
function callOf(context: IExecuteFunctions): ['call', number] | undefined {
	if (!context.isToolExecution()) return undefined;
	const given = context.getInputData()[0]?.json;
	if (given === undefined) return undefined;
	const call = callOfArguments.get(given) ?? ++toolCalls;
	callOfArguments.set(given, call);
	return ['call', call];
}

function roundOf(context: IExecuteFunctions): [string, number] | undefined {
	const executionId = context.getExecutionId();
	if (!executionId) return undefined;
	const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
	return [executionId, Number(runIndex)];
}
