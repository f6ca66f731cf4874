import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { added } from '../../shared/fields/parameters';
import { wholeNumber } from '../../shared/fields/values';

const MIB = 1024 * 1024;
/** Parts of concurrent sessions are multiples of it, but for the last one. */
const UNIT_MIB = 4;
/** The largest multiple below the 150 MiB of a request. */
const MAX_MIB = 148;
const AUTOMATIC = 0;

export function partSizeOption(description: string): INodeProperties {
	return {
		displayName: 'Max Part Size (MiB)',
		name: 'partSizeMib',
		type: 'number',
		typeOptions: { minValue: AUTOMATIC, maxValue: MAX_MIB, numberPrecision: 0 },
		default: AUTOMATIC,
		description,
	};
}

/** Undefined for automatic. Throws InputProblem. */
export function readPartSizeBytes(options: IDataObject): number | undefined {
	const given = added(options, 'partSizeMib', AUTOMATIC);
	const mib = wholeNumber(given, 'partSizeMib', 'Max Part Size', AUTOMATIC, MAX_MIB);
	if (mib === AUTOMATIC) return undefined;
	if (mib >= UNIT_MIB) return Math.floor(mib / UNIT_MIB) * UNIT_MIB * MIB;
	throw new InputProblem(
		'partSizeMib',
		"'Max Part Size' is out of range",
		`Use ${UNIT_MIB} to ${MAX_MIB}, or ${AUTOMATIC} for automatic.`,
	);
}
