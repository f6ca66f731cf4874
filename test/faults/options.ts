import { parseArgs } from 'node:util';

export interface Options {
	/** `replay` shows one seed in full. */
	readonly kind: 'campaign' | 'replay' | 'kill' | 'mutations';
	readonly first: number;
	readonly count: number;
	readonly stations: number;
	/** Of the mutations those with such a name. */
	readonly only: RegExp;
	/** Of the file whose upload is killed. */
	readonly sizeMib: number;
	/** Whether docs/reliability.md gets what was found. */
	readonly write: boolean;
	/** As it was typed, for the record. */
	readonly command: string;
}

export const HELP = `npm run test:faults -- [options]
  (nothing)          500 runs of the campaign; their table goes into docs/reliability.md
  --runs <number>    so many runs; below 500 the page stays as it is
  --first <seed>     begin with this seed (default 1); even seeds are Dropbox, odd ones Box
  --seed <seed>      one run again, with all that happened in it
  --kill <number>    n8n is killed in the middle of a large upload, so many times
  --size <MiB>       of the file that is uploaded then (default 1024; below that the page stays)
  --mutations        disables each recovery path in a copy of the build, and looks who notices
  --only <pattern>   of these the ones with such a name; the page stays as it is
  --stations <n>     so many n8n processes at a time (default 3)
`;

/** Runs of the campaign, and seeds that a mutation has to get past. */
const FULL_CAMPAIGN = 500;
const FULL_SIZE_MIB = 1_024;

/** Throws with a readable message for what it does not know. */
export function readOptions(args: readonly string[]): Options {
	const { values } = parseArgs({
		args: [...args],
		options: {
			runs: { type: 'string' },
			first: { type: 'string' },
			seed: { type: 'string' },
			kill: { type: 'string' },
			size: { type: 'string' },
			stations: { type: 'string' },
			mutations: { type: 'boolean', default: false },
			only: { type: 'string', default: '' },
		},
	});
	const { kill, mutations, only, runs, seed } = values;
	const common = {
		first: wholeNumber('first', values.first ?? seed ?? '1'),
		stations: wholeNumber('stations', values.stations ?? '3'),
		sizeMib: wholeNumber('size', values.size ?? String(FULL_SIZE_MIB)),
		only: new RegExp(only),
		command: ['npm run test:faults', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
	};
	if (seed !== undefined) return { ...common, kind: 'replay', count: 1, write: false };
	if (kill !== undefined) {
		const isFull = common.sizeMib >= FULL_SIZE_MIB;
		return { ...common, kind: 'kill', count: wholeNumber('kill', kill), write: isFull };
	}
	if (mutations) {
		const count = wholeNumber('runs', runs ?? String(FULL_CAMPAIGN));
		const isWhole = runs === undefined && only === '';
		return { ...common, kind: 'mutations', count, write: isWhole };
	}
	const count = wholeNumber('runs', runs ?? String(FULL_CAMPAIGN));
	return { ...common, kind: 'campaign', count, write: count >= FULL_CAMPAIGN };
}

function wholeNumber(name: string, text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new Error(`--${name} takes a whole number`);
}
