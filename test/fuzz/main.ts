/** npm run test:fuzz; see options.ts. */
import { inspect } from 'node:util';

import { runFuzz } from './campaign';
import { checkDefects } from './defects';
import type { FuzzReport } from './finding';
import type { Options } from './options';
import { HELP, readOptions } from './options';
import { summaryOf } from './summary';

const SHOWN_FINDINGS = 6;
const TELL_EVERY = 500;

async function main(): Promise<void> {
	const args = process.argv.slice(2);
	if (args.includes('--help')) {
		console.log(HELP);
		return;
	}
	const options = readOptions(args);
	if (options.isCheck) {
		const detections = await checkDefects(options.kind, console.log);
		process.exitCode = detections.every(({ foundBy }) => foundBy !== undefined) ? 0 : 1;
		return;
	}
	const startedAtMs = Date.now();
	let done = 0;
	const reports = await runFuzz({
		...options,
		onReport: (report) => {
			done += 1;
			if (options.isReplay) show(report);
			if (report.findings.length > 0) complain(report, options);
			if (done % TELL_EVERY === 0) console.log(`  ${done} of ${options.seeds.length} runs`);
		},
	});
	console.log(summaryOf(reports, Date.now() - startedAtMs));
	process.exitCode = reports.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

function complain({ findings, mutations, operation, seed }: FuzzReport, { kind }: Options): void {
	console.error(`\n✗ Seed ${seed}, ${operation}`);
	for (const mutation of mutations) console.error(`  with ${mutation}`);
	for (const finding of findings.slice(0, SHOWN_FINDINGS)) console.error(`  ${finding}`);
	const more = findings.length - SHOWN_FINDINGS;
	if (more > 0) console.error(`  and ${more} more`);
	console.error(`  Again: npm run test:fuzz -- --${kind} --seed ${seed}`);
}

function show({ details, mutations, operation }: FuzzReport): void {
	console.log(operation, mutations);
	console.log(
		inspect(details(), { depth: 9, maxStringLength: 600, maxArrayLength: 20, breakLength: 140 }),
	);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? (error.stack ?? error.message) : error);
	process.exitCode = 1;
});
