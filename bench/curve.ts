/** Our Dropbox node with other part sizes and parallelism than its own: where its defaults come from. */
import type { Contender } from './contenders';
import { inN8n } from './contenders/n8n';
import { dropboxUpload } from './contenders/nodes';

export const PART_SIZES_MIB = [4, 8, 16, 32];
export const PARALLEL = [4, 8, 16];
export const CURVE_CASES = ['one-1gib', 'mixed'];

/** Out of the way, so that the memory that each choice takes is seen. */
const CEILING_MIB = 4_096;

export function choiceId(partSizeMib: number, parallel: number): string {
	return `parts of ${partSizeMib} MiB, ${parallel} at once`;
}

export const CURVE: readonly Contender[] = PART_SIZES_MIB.flatMap((partSizeMib) =>
	PARALLEL.map((parallel): Contender => {
		const id = choiceId(partSizeMib, parallel);
		const options = { partSizeMib, parallel, memoryLimitMib: CEILING_MIB };
		return {
			id,
			vendor: 'dropbox',
			title: id,
			...inN8n(dropboxUpload(options)),
		};
	}),
);
