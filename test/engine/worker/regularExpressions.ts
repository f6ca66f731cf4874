import * as n8nWorkflow from 'n8n-workflow';
import type { RegexEngine } from 'n8n-workflow';

/** As n8n's own engine for browsers. */
const untimed: RegexEngine = {
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, replacement) =>
		input.replace(new RegExp(pattern, flags), replacement),
	matchAll: (pattern, input, flags = '') =>
		Array.from(input.matchAll(new RegExp(pattern, flags.includes('g') ? flags : `${flags}g`))),
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
};

/**
 * n8n gives the regular expressions of a parameter 250 ms on the clock, which a process on a busy machine may not even
 * begin to use: a run then fails for no fault of the node. Older versions have no such limit.
 */
export function untimeRegularExpressions(): void {
	const { setSafeRegexEngine } = n8nWorkflow as Partial<typeof n8nWorkflow>;
	setSafeRegexEngine?.(untimed);
}
