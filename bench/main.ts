/** npm run bench: every contender against the same cloud, in turns. See options.ts. */
import { join } from 'node:path';
import { writeSection } from '../test/support/page';
import { startBenchCloud, type BenchCloud } from './cloud';
import { type Case, networksOf, vendorsOf } from './cases';
import type { InputFile } from './clients/job';
import { RunFailed, type Vendor } from './contenders';
import type { NetworkName } from './networks';
import { forgetStored } from './contenders/n8n';
import { INPUT_DIR, makeInputs, removeInputs } from './inputs';
import { takeLock } from './lock';
import { measure } from './measure';
import { HELP, readOptions, type Options } from './options';
import { writeCharts } from './report/charts';
import { renderCopies } from './report/copies';
import { renderCurve } from './report/curve';
import { renderMeasured } from './report/document';
import { renderProfile } from './report/profile';
import { printTable } from './report/table';
import {
	merged,
	newResults,
	readResults,
	revision,
	writeResults,
	type Row,
	type Run,
} from './results';

const ROOT = join(__dirname, '..');
const RESULTS_FILE = join(__dirname, 'results.json');
const CURVE_FILE = join(__dirname, 'curve.json');
const COPIES_FILE = join(__dirname, 'copies.json');
const PROFILE_FILE = join(__dirname, 'profile.json');
const QUICK_DIR = join(ROOT, '.build', 'bench');
/** A contender that is slower than that is not asked again; ours has to, so that there is a median. */
const ENOUGH_MS = 10_000;
const ENOUGH_OF_OURS_MS = 60_000;
/** Who has not begun by then is left out of a quick run, so that it ends in three minutes anywhere. */
const QUICK_LAST_START_MS = 158_000;

async function main(args: readonly string[]): Promise<void> {
	if (args.includes('--help')) return void process.stdout.write(HELP);
	const options = readOptions(args);
	if (options.report) return publish();
	const unlock = takeLock(`${INPUT_DIR}.lock`);
	const cleanUp = (): void => {
		forgetStored();
		if (!options.keep) removeInputs();
		unlock();
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => {
			process.stderr.write(`Stopped by ${signal}.\n`);
			cleanUp();
			process.exit(1);
		});
	}
	try {
		await measureAll(options);
	} finally {
		cleanUp();
	}
	process.stdout.write(`\nWritten: ${fileOf(options.kind)}\n`);
}

async function measureAll(options: Options): Promise<void> {
	const cloud = await startCloud(options);
	const rows: Row[] = [];
	try {
		for (const one of options.cases) {
			const files = await makeInputs(one.id, one.sizes());
			for (const network of options.networks.filter((name) => networksOf(one).includes(name))) {
				for (const vendor of vendorsOf(one)) {
					const table = await runAll(cloud, one, files, network, vendor, options);
					if (table.length > 0) printTable(table);
					rows.push(...table);
				}
			}
			forgetStored();
			if (!options.keep) removeInputs();
			// A long run is not lost when a later case is interrupted.
			save(options, rows);
		}
	} finally {
		await cloud.stop();
	}
}

async function startCloud({ kind }: Options): Promise<BenchCloud> {
	const cloud = await startBenchCloud();
	return kind === 'profile' ? { ...cloud, env: { ...cloud.env, BENCH_PROFILE: '1' } } : cloud;
}

function save({ kind }: Options, rows: readonly Row[]): void {
	const now = newResults(rows);
	const file = fileOf(kind);
	const results = kind === 'quick' ? now : merged(readResults(file), now);
	writeResults(file, results);
	if (kind === 'quick') writeCharts(QUICK_DIR, results);
	else publish();
}

function fileOf(kind: Options['kind']): string {
	if (kind === 'curve') return CURVE_FILE;
	if (kind === 'copies') return COPIES_FILE;
	if (kind === 'profile') return PROFILE_FILE;
	return kind === 'quick' ? join(QUICK_DIR, 'results.json') : RESULTS_FILE;
}

function publish(): void {
	const [results, curve] = [readResults(RESULTS_FILE), readResults(CURVE_FILE)];
	const profile = readResults(PROFILE_FILE);
	const copies = readResults(COPIES_FILE);
	if (results) {
		writeCharts(join(ROOT, 'docs', 'images', 'bench'), results);
		writeSection('performance.md', 'measured', renderMeasured(results));
	}
	if (curve) writeSection('performance.md', 'curve', renderCurve(curve));
	if (copies) writeSection('performance.md', 'copies', renderCopies(copies));
	if (profile) writeSection('performance.md', 'profile', renderProfile(profile));
}

/** A B C, A B C: what disturbs the machine for a while disturbs all of them. */
async function runAll(
	cloud: BenchCloud,
	{ id, title, sizes, isFromUrl, isFromCloud = false, changedParts, boxPartBytes }: Case,
	files: readonly InputFile[],
	network: NetworkName,
	vendor: Vendor,
	options: Options,
): Promise<Row[]> {
	const { contenders, rounds, kind } = options;
	const entries = contenders
		.filter((contender) => contender.vendor === vendor)
		.filter((contender) => (contender.isFromUrl ?? false) === (isFromUrl ?? false))
		.filter(({ isNewVersion = false }) => isNewVersion === (changedParts !== undefined))
		.filter((contender) => kind !== 'quick' || contender.id !== 'limit-new')
		.map((contender) => ({ contender, runs: [] as Run[], note: contender.absence?.() }));
	for (let round = 1; round <= rounds; round++) {
		for (const entry of entries) {
			const spentMs = entry.runs.reduce((sum, { wallMs }) => sum + wallMs, 0);
			const { contender } = entry;
			const enoughMs = contender.id.startsWith('ours') ? ENOUGH_OF_OURS_MS : ENOUGH_MS;
			if (entry.note !== undefined || spentMs > enoughMs) continue;
			if (kind === 'quick' && performance.now() > QUICK_LAST_START_MS) {
				entry.note = 'left out, the three minutes were over';
				continue;
			}
			try {
				const run = await measure(
					contender,
					cloud,
					network,
					{ files, changedParts, isFromCloud, boxPartBytes },
					options.timeoutMs,
				);
				entry.runs.push(run);
				say(`${title} · ${network} · ${contender.title} · ${(run.wallMs / 1000).toFixed(1)} s`);
			} catch (error) {
				entry.note = describe(error);
				say(`${title} · ${network} · ${contender.title} · ${entry.note}`);
			}
		}
	}
	return entries.map(({ contender, runs, note }) => ({
		vendor,
		caseId: id,
		caseTitle: title,
		caseFiles: sizes().length,
		network,
		contender: contender.id,
		title: contender.title,
		runs,
		note,
		measuredAt: new Date().toISOString(),
		command: options.command,
		revision: revision(),
	}));
}

function describe(error: unknown): string {
	const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
	if (!(error instanceof RunFailed)) return `failed: ${message}`;
	const { wallMs, peakGrowthBytes } = error.cost;
	const memory = peakGrowthBytes === undefined ? '' : `, +${(peakGrowthBytes / 1e6).toFixed(0)} MB`;
	return `failed after ${(wallMs / 1000).toFixed(1)} s${memory}: ${message}`;
}

function say(line: string): void {
	process.stderr.write(`  ${line}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
