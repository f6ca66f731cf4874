import { parseArgs } from 'node:util';

import type { Kind } from './campaign';

export interface Options {
	readonly kind: Kind;
	readonly seeds: readonly number[];
	readonly stations: number;
	/** Whether it finds defects that are put in on purpose. */
	readonly isCheck: boolean;
	/** One seed, shown in full. */
	readonly isReplay: boolean;
}

export const HELP = `npm run test:fuzz -- --inputs|--replies [options]
  --inputs           hostile values for the parameters and files of every operation
  --replies          hostile answers to the calls of every operation
  --runs <number>    so many runs (default 1000)
  --first <seed>     begin with this seed (default 1)
  --check            puts defects into a copy of the build, and looks whether they are found
  --seed <seed>      one run again, with all that happened in it
  --stations <n>     so many n8n processes at a time (default 2)
`;

const DEFAULT_RUNS = 1_000;

/** Throws with a readable message for what it does not know. */
export function readOptions(args: readonly string[]): Options {
	const { values } = parseArgs({
		args: [...args],
		options: {
			inputs: { type: 'boolean', default: false },
			replies: { type: 'boolean', default: false },
			check: { type: 'boolean', default: false },
			runs: { type: 'string' },
			first: { type: 'string' },
			seed: { type: 'string' },
			stations: { type: 'string', default: '2' },
		},
	});
	const { check, first, inputs, replies, runs, seed, stations } = values;
	if (inputs === replies) throw new Error(`Say --inputs or --replies.\n${HELP}`);
	const count = seed === undefined ? wholeNumber('runs', runs ?? String(DEFAULT_RUNS)) : 1;
	return {
		kind: inputs ? 'inputs' : 'replies',
		seeds: seedsFrom(wholeNumber('first', seed ?? first ?? '1'), count),
		stations: Math.max(1, wholeNumber('stations', stations)),
		isCheck: check,
		isReplay: seed !== undefined,
	};
}

export function seedsFrom(first: number, count: number): number[] {
	return Array.from({ length: count }, (_, index) => first + index);
}

function wholeNumber(name: string, text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 0) return value;
	throw new Error(`--${name} takes a whole number`);
}
