import type { IExecuteFunctions } from 'n8n-workflow';

import { collectionOf, firstReadable, optionChoice, optionFlag } from './parameters';

/** What one item decides for the whole run: the first one whose options can be read. */
interface RunOptions {
	readonly planOnly: boolean;
	readonly output: 'files' | 'filesAndReport' | 'report';
}

const DEFAULTS: RunOptions = { planOnly: false, output: 'files' };

/** Of one item; throws InputProblem. */
export function readRunOptions(context: IExecuteFunctions, itemIndex: number): RunOptions {
	const options = collectionOf(context, itemIndex);
	return {
		planOnly: optionFlag(options, 'planOnly', 'Plan Only'),
		output: optionChoice(options, 'output', 'Output', ['files', 'filesAndReport', 'report']),
	};
}

export function runOptionsOf(context: IExecuteFunctions): RunOptions {
	return firstReadable(context, (itemIndex) => readRunOptions(context, itemIndex)) ?? DEFAULTS;
}
