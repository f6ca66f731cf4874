import { parseArgs } from 'node:util';
import { CASES, type Case } from './cases';
import { CONTENDERS, type Contender, type NetworkName } from './contenders';
import { CURVE, CURVE_CASES } from './curve';

export interface Options {
	/** `quick` is for the eye: it does not touch what the documentation shows. */
	readonly kind: 'full' | 'quick' | 'curve';
	readonly keep: boolean;
	/** Measure nothing: write the charts and the page again. */
	readonly report: boolean;
	readonly rounds: number;
	readonly timeoutMs: number;
	readonly cases: readonly Case[];
	readonly networks: readonly NetworkName[];
	readonly contenders: readonly Contender[];
	/** As it was typed, for the record. */
	readonly command: string;
}

const QUICK_TIMEOUT_MS = 10_000;
const FULL_TIMEOUT_MS = 15 * 60_000;

export const HELP = `npm run bench -- [options]
  --quick            100 small files, 100 MB, 256 MiB and 64 MiB from a URL, once each, in under three minutes: nobody
                     gets more than 10 s, and on the line only ours and the limits are measured
  --curve            our Dropbox node with several part sizes and numbers of parallel requests, into
                     bench/curve.json and docs/performance.md
  --case <ids>       only these cases: ${CASES.map(({ id }) => id).join(', ')}
  --only <ids>       only these contenders: ${[...new Set(CONTENDERS.map(({ id }) => id))].join(', ')}
                     or dropbox, box; dropbox:ours is one of them
  --network <ids>    only loopback or line
  --rounds <number>  runs of each contender (default 3, of --curve 1); after 10 s a contender has no more
  --report           measure nothing: draw the charts and write the page from bench/*.json
  --keep             leave the input files for the next time
`;

/** Throws with a readable message for what it does not know. */
export function readOptions(args: readonly string[]): Options {
	const { values } = parseArgs({
		args: [...args],
		options: {
			quick: { type: 'boolean', default: false },
			curve: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			report: { type: 'boolean', default: false },
			case: { type: 'string' },
			only: { type: 'string' },
			network: { type: 'string' },
			rounds: { type: 'string' },
		},
	});
	const { quick, curve, keep, report } = values;
	const all = CASES.filter(({ id, runs }) =>
		curve ? CURVE_CASES.includes(id) : runs.includes(quick ? 'quick' : 'full'),
	);
	const cases = chosen(all, values.case, ({ id }, name) => id === name);
	const rounds = Number(values.rounds ?? (quick || curve ? 1 : 3));
	if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number');
	const networks: NetworkName[] = ['loopback', 'line'];
	return {
		kind: quick ? 'quick' : curve ? 'curve' : 'full',
		keep,
		report,
		rounds,
		timeoutMs: quick ? QUICK_TIMEOUT_MS : FULL_TIMEOUT_MS,
		cases,
		networks: chosen(networks, values.network, (network, name) => network === name),
		contenders: chosen(curve ? CURVE : CONTENDERS, values.only, ({ id, vendor }, name) =>
			[id, vendor, `${vendor}:${id}`].includes(name),
		),
		command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
	};
}

function chosen<T>(
	all: readonly T[],
	names: string | undefined,
	isMeant: (one: T, name: string) => boolean,
): readonly T[] {
	if (names === undefined) return all;
	const wanted = names.split(',');
	const unknown = wanted.find((name) => !all.some((one) => isMeant(one, name)));
	if (unknown !== undefined) throw new Error(`Unknown: ${unknown}\n\n${HELP}`);
	return all.filter((one) => wanted.some((name) => isMeant(one, name)));
}
