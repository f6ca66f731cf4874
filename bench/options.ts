import { parseArgs } from 'node:util';
import { CASES, type Case } from './cases';
import { CONTENDERS, type Contender } from './contenders';
import { COPIES, COPIES_CASES } from './copies';
import { CURVE, CURVE_CASES } from './curve';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from './networks';
import { PROFILED, PROFILED_CASES } from './profile';

export interface Options {
	/** `quick` is for the eye: it does not touch what the documentation shows. */
	readonly kind: 'full' | 'quick' | 'curve' | 'copies' | 'profile';
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

const KINDS = ['quick', 'curve', 'copies', 'profile'] as const;

const BY_DEFAULT = NETWORK_NAMES.filter((name) => !NETWORKS[name].isOnDemand).join(',');

/** What has cases and contenders of its own. */
const SPECIAL: Partial<
	Record<Options['kind'], { caseIds: readonly string[]; contenders: readonly Contender[] }>
> = {
	copies: { caseIds: COPIES_CASES, contenders: COPIES },
	curve: { caseIds: CURVE_CASES, contenders: CURVE },
	profile: { caseIds: PROFILED_CASES, contenders: PROFILED },
};

const QUICK_TIMEOUT_MS = 8000;
const FULL_TIMEOUT_MS = 30 * 60_000;

export const HELP = `npm run bench -- [options]
  --quick            100 small files, 100 MB and 256 MiB, once each, in under three minutes: nobody
                     gets more than 8 s, there is one limit (with keep-alive), who has not begun after 158 s is
                     left out, and the line is for those who ask for it (--network line)
  --curve            our Dropbox node with several part sizes and numbers of parallel requests, into
                     bench/curve.json and docs/performance.md
  --copies           a folder of the other cloud: ours, n8n's own two nodes in a row, and rclone between two
                     remotes, into bench/copies.json and docs/performance.md
  --profile          what the main thread does during 1 GiB, ours beside the limits, into
                     bench/profile.json and docs/performance.md
  --case <ids>       only these cases: ${CASES.map(({ id }) => id).join(', ')}
  --only <ids>       only these contenders: ${[...new Set(CONTENDERS.map(({ id }) => id))].join(', ')}
                     or dropbox, box; dropbox:ours is one of them
  --network <ids>    only these lines: ${NETWORK_NAMES.join(', ')}; slow is for those who ask for it
  --rounds <number>  runs of each contender (default 3, of --curve and --profile 1); after 10 s a contender has no more, ours after a minute
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
			copies: { type: 'boolean', default: false },
			profile: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			report: { type: 'boolean', default: false },
			case: { type: 'string' },
			only: { type: 'string' },
			network: { type: 'string' },
			rounds: { type: 'string' },
		},
	});
	const { quick, keep, report } = values;
	const kind = KINDS.find((name) => values[name]) ?? 'full';
	const { caseIds, contenders } = SPECIAL[kind] ?? {};
	const all = CASES.filter(({ id, runs }) =>
		caseIds ? caseIds.includes(id) : runs.includes(quick ? 'quick' : 'full'),
	);
	const cases = chosen(all, values.case, ({ id }, name) => id === name);
	const rounds = Number(values.rounds ?? (kind === 'full' ? 3 : 1));
	if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number');
	return {
		kind,
		keep,
		report,
		rounds,
		timeoutMs: quick ? QUICK_TIMEOUT_MS : FULL_TIMEOUT_MS,
		cases,
		networks: chosen(
			kind === 'profile' ? ['loopback' as const] : NETWORK_NAMES,
			values.network ?? (quick ? 'loopback' : BY_DEFAULT),
			(network, name) => network === name,
		),
		contenders: chosen(contenders ?? CONTENDERS, values.only, ({ id, vendor }, name) =>
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
