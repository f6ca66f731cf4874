import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { added } from './parameters';
import { wholeNumber } from './values';

/** From how many requests at once to how many; a fixed number when both are the same. */
export interface Parallelism {
	readonly startLimit: number;
	readonly maxLimit: number;
}

const LABEL = 'Max Parallel Requests';
const MAX = 32;

export function parallelOption(
	vendor: string,
	{ startLimit, maxLimit }: Parallelism,
): INodeProperties {
	return {
		displayName: LABEL,
		name: 'parallel',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX, numberPrecision: 0 },
		default: 0,
		description: `How many requests run at the same time. 0 is automatic: from ${startLimit} up to ${maxLimit}, as long as more are faster. Each holds up to one part in memory, within 'Max Memory'. Reduced automatically if ${vendor} asks to slow down.`,
	};
}

/** Throws InputProblem. */
export function readParallelism(options: IDataObject, automatic: Parallelism): Parallelism {
	const limit = wholeNumber(added(options, 'parallel', 0), 'parallel', LABEL, 0, MAX);
	return limit === 0 ? automatic : { startLimit: limit, maxLimit: limit };
}
