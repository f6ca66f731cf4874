/** Defects put in on purpose: a fuzz that does not find them proves nothing when it finds nothing else. */
import { rmSync } from 'node:fs';

import { mutations } from '../faults/mutations/list';
import type { Mutation } from '../faults/mutations/list';
import { mutatedPackage } from '../faults/mutations/mutate';
import type { Kind } from './campaign';
import { runFuzz } from './campaign';
import { mutationsOf } from './inputs/run';
import { inputScenarioOf } from './inputs/scenario';
import type { Operation } from './operations';
import { builtOperations } from './operations';
import { replyScenarioOf } from './replies/scenario';

export interface Defect {
	readonly mutation: Mutation;
	readonly kind: Kind;
	/** Only runs that do something of the kind can find it; the others are left out. */
	readonly touches: RegExp;
	/** How it shows. */
	readonly finding: RegExp;
}

export interface Detection {
	readonly defect: Defect;
	readonly runs: number;
	readonly foundBy: { readonly seed: number; readonly finding: string } | undefined;
}

/** Such a function goes on as before, and something else happens to what it gives. */
function wrapped(name: string, wrapper: string): Pick<Mutation, 'find' | 'replace'> {
	const find = `exports.${name} = ${name};`;
	return { find, replace: `exports.${name} = (...args) => { ${wrapper} };` };
}

const INPUT_DEFECTS: readonly Defect[] = [
	{
		kind: 'inputs',
		mutation: {
			name: 'a reader that shortens',
			file: 'DropboxUpload/fields/folder.js',
			...wrapped('readFolder', 'return readFolder(...args).slice(0, 200);'),
		},
		touches: /^folder: 260 characters/m,
		finding: /which nobody asked for/,
	},
	{
		kind: 'inputs',
		mutation: {
			name: 'a date that follows the zone of the server',
			file: 'shared/fields/dates.js',
			...wrapped(
				'readDate',
				"const [value] = args; const isBare = typeof value === 'string' && /T[\\d:]+$/.test(value); return readDate(isBare ? new Date(value) : value, ...args.slice(1));",
			),
		},
		touches: /(?:Modified|CreatedAt).*: an ISO date without a zone/,
		finding: /should be .*, and is/,
	},
	{
		kind: 'inputs',
		mutation: {
			name: 'a default for undefined',
			file: 'DropboxUpload/fields/folder.js',
			...wrapped(
				'readFolder',
				"const value = args[0].getNodeParameter('folder', args[1], '', { extractValue: true }); return value === undefined ? '' : readFolder(...args);",
			),
		},
		touches: /^folder: (?:undefined|a missing field)/m,
		finding: /although folder is/,
	},
];

/** Paths of recovery that the fault campaign knows, too. */
const REPLY_DEFECTS: readonly Defect[] = [
	{
		name: 'knowing that an answer that breaks off may have stored the file',
		touches: /breaks off|too long/,
	},
	{ name: 'knowing that a 5xx may have stored the file', touches: /^5\d\d .*, handled/m },
	{
		name: 'knowing that an unreadable answer may have stored the file',
		touches: /^(?:an empty body|the first half of the body|HTML|NULs)/m,
	},
].map(({ name, touches }): Defect => ({
	kind: 'replies',
	mutation: mutationNamed(name),
	touches,
	finding: /says that it is not stored|is stored \d times/,
}));

function mutationNamed(name: string): Mutation {
	const found = mutations.find((mutation) => mutation.name === name);
	if (found === undefined) throw new Error(`There is no mutation "${name}" any more`);
	return found;
}

const MOST_RUNS = 150;
const MOST_SEEDS = 400_000;

export async function checkDefects(kind: Kind, tell: (line: string) => void): Promise<Detection[]> {
	const detections: Detection[] = [];
	for (const defect of kind === 'inputs' ? INPUT_DEFECTS : REPLY_DEFECTS) {
		const detection = await detect(defect);
		detections.push(detection);
		const { foundBy, runs } = detection;
		const found = foundBy ? `seed ${foundBy.seed}: ${foundBy.finding}` : 'NOT FOUND';
		tell(`  ${defect.mutation.name}, ${runs} runs: ${found}`);
	}
	return detections;
}

async function detect(defect: Defect): Promise<Detection> {
	const { finding, kind, mutation } = defect;
	const packageDir = mutatedPackage(mutation);
	const isFound = (text: string): boolean => finding.test(text);
	try {
		const reports = await runFuzz({
			kind,
			seeds: seedsFor(defect),
			stations: 1,
			packageDir,
			enough: ({ findings }) => findings.some(isFound),
		});
		const report = reports.find(({ findings }) => findings.some(isFound));
		const found = report?.findings.find(isFound);
		return {
			defect,
			runs: reports.length,
			foundBy: report && found !== undefined ? { seed: report.seed, finding: found } : undefined,
		};
	} finally {
		rmSync(packageDir, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** The first seeds that have to do with it. */
function seedsFor({ kind, touches }: Defect): number[] {
	const operations = builtOperations();
	const seeds: number[] = [];
	for (let seed = 1; seed <= MOST_SEEDS && seeds.length < MOST_RUNS; seed++) {
		if (touches.test(planOf(kind, seed, operations))) seeds.push(seed);
	}
	return seeds;
}

function planOf(kind: Kind, seed: number, operations: readonly Operation[]): string {
	if (kind === 'inputs') return mutationsOf(inputScenarioOf(seed, operations)).join('\n');
	const { retryOnFail, stores, troubles } = replyScenarioOf(seed, operations);
	// What a second try of n8n's says is a matter of its own.
	return stores && !retryOnFail ? troubles.map(({ label }) => label).join('\n') : '';
}
