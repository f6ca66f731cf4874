/** npm run test:faults; see options.ts. */
import { startCloud } from '../cloud';
import { circumstances, writeSection } from '../support/page';
import { runCampaign, seedsFrom } from './campaign/campaign';
import type { RunReport } from './campaign/run';
import { runKill } from './kill/kill';
import type { KillReport } from './kill/kill';
import { killScenarioOf } from './kill/scenario';
import { checkMutations } from './mutations/check';
import type { Options } from './options';
import { HELP, readOptions } from './options';
import { campaignTables } from './report/campaignTables';
import { killTable } from './report/killTable';
import { mutationTable } from './report/mutationTable';
import { VENDORS } from './vendors';

const MIB = 1024 * 1024;
const SHOWN_VIOLATIONS = 8;

const commands: Readonly<Record<Options['kind'], (options: Options) => Promise<boolean>>> = {
	campaign,
	replay,
	kill,
	mutations,
};

/** Each is true when all went as it should. */
async function campaign(options: Options): Promise<boolean> {
	let done = 0;
	const reports = await runCampaign({
		seeds: seedsFrom(options.first, options.count),
		stations: options.stations,
		onReport: (report) => {
			done += 1;
			if (report.violations.length > 0) complain(report);
			else if (done % 25 === 0) console.log(`  ${done} of ${options.count} runs`);
		},
	});
	finish('campaign', campaignTables(reports), options);
	return reports.every(({ violations }) => violations.length === 0);
}

async function replay(options: Options): Promise<boolean> {
	const [report] = await runCampaign({ seeds: [options.first], stations: 1 });
	if (report === undefined) return false;
	const { scenario, struck, transcript, violations, ends } = report;
	console.log(JSON.stringify(scenario, undefined, 2));
	console.log(transcript.join('\n'));
	console.log(JSON.stringify({ struck, ends }));
	if (violations.length > 0) complain(report);
	return violations.length === 0;
}

function complain({ scenario, violations }: RunReport): void {
	console.error(`\n✗ Seed ${scenario.seed}, ${scenario.vendor}:`);
	for (const violation of violations.slice(0, SHOWN_VIOLATIONS)) console.error(`  ${violation}`);
	const more = violations.length - SHOWN_VIOLATIONS;
	if (more > 0) console.error(`  and ${more} more`);
	console.error(`  Again: npm run test:faults -- --seed ${scenario.seed}\n`);
}

async function kill(options: Options): Promise<boolean> {
	const reports: KillReport[] = [];
	const cloud = await startCloud();
	try {
		for (const seed of seedsFrom(options.first, options.count)) {
			for (const vendor of VENDORS) {
				const report = await runKill(cloud, killScenarioOf(seed, vendor, options.sizeMib * MIB));
				reports.push(report);
				const { kills, scenario, sentBytes, violations, durationMs } = report;
				const sent = (sentBytes / scenario.sizeBytes).toFixed(2);
				console.log(
					`  seed ${seed}, ${vendor.name}, notes ${scenario.notes}: ${kills} kills, sent ${sent} times, ${Math.round(durationMs / 1_000)} s`,
				);
				for (const violation of violations) console.error(`  ✗ ${violation}`);
			}
		}
	} finally {
		await cloud.stop();
	}
	finish('kill', killTable(reports), options);
	return reports.every(({ violations }) => violations.length === 0);
}

async function mutations(options: Options): Promise<boolean> {
	const findings = await checkMutations(options, (line) => console.log(`  ${line}`));
	finish('mutations', mutationTable(findings), options);
	return findings.every(({ caughtBy }) => caughtBy !== undefined);
}

const startedAtMs = Date.now();

function finish(
	section: 'campaign' | 'kill' | 'mutations',
	text: string,
	{ command, write }: Options,
): void {
	const whole = `${circumstances(command, Date.now() - startedAtMs)}\n${text}`;
	console.log(`\n${whole}\n`);
	if (write) writeSection('reliability.md', section, whole);
}

async function main(): Promise<void> {
	const args = process.argv.slice(2);
	if (args.includes('--help')) {
		console.log(HELP);
		return;
	}
	const options = readOptions(args);
	process.exitCode = (await commands[options.kind](options)) ? 0 : 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
