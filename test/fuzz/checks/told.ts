/** Whether a run has ended in order: an end, one claim for each item, texts that can be read. */
import type { RunResult } from '../../engine/types';
import type { Claim } from '../../faults/campaign/claims';
import { claimsOf, stopOf } from '../../faults/campaign/claims';
import { rawWords } from './words';

/** Where the items of a run carry their parameters. */
const INPUT_FIELDS = ['v'];

/** What n8n itself logs about a resource locator that is none. */
const OF_N8N = /^Only strings can be passed to extractValue/;

export interface Told {
	readonly claims: readonly Claim[];
	readonly findings: readonly string[];
	/** The item that stopped the run. */
	readonly stoppedAt: number | undefined;
}

/** `hasSeveral`: an item may come out as more than one, such as a job with its files. */
export function toldBy(
	result: RunResult,
	count: number,
	{ stops, hasSeveral }: { readonly stops: boolean; readonly hasSeveral: boolean },
): Told {
	const { claims, violations } = claimsOf(result, count, { inputFields: INPUT_FIELDS, hasSeveral });
	const findings = [...violations];
	const { error, outputs, status } = result;
	const stop = stopOf(result);
	if (error !== undefined && stop === undefined) {
		findings.push(`the run ended with a ${error.name} of no item: ${error.message}`);
	}
	if (!stops && status !== 'success')
		findings.push(`the run ended as ${status} in spite of On Error`);
	const isSilent = error === undefined && outputs.flat().length === 0 && count > 0;
	if (isSilent) findings.push('the run ended without a word');
	for (const [index, claim] of claims.entries()) {
		if (claim.kind !== 'failed') continue;
		const { description, message } = claim.error;
		findings.push(...rawWords(`the error of item ${index}`, `${message} ${description}`));
	}
	const text = [error?.message, error?.description, ...(error?.messages ?? [])].join('\n');
	findings.push(...rawWords('the error of the run', text));
	for (const { message } of result.hints) findings.push(...rawWords('a hint', message));
	for (const { level, message } of result.logs) {
		const isTold = (level === 'warn' || level === 'error') && !OF_N8N.test(message);
		if (isTold) findings.push(...rawWords(`a log line (${level})`, message));
	}
	return { claims, findings: [...new Set(findings)], stoppedAt: stop?.itemIndex };
}
