/** Which seed notices that a recovery path is missing. */
import { runCampaign, seedsFrom } from '../campaign/campaign';
import { vendorOf } from '../vendors';
import type { Mutation } from './list';
import { mutations } from './list';
import { mutated, mutatedPackage } from './mutate';

export interface Finding {
	readonly mutation: Mutation;
	readonly caughtBy: { readonly seed: number; readonly violation: string } | undefined;
	readonly runs: number;
}

export async function checkMutations(
	{ first, count, stations }: { first: number; count: number; stations: number },
	tell: (line: string) => void,
): Promise<Finding[]> {
	// Before the first run: one that does not fit any more is to be mended, not waited for.
	for (const mutation of mutations) mutated(mutation);
	const findings: Finding[] = [];
	for (const mutation of mutations) {
		const finding = await check(mutation, seedsFrom(first, count), stations);
		findings.push(finding);
		const { caughtBy } = finding;
		const noticed = caughtBy ? `seed ${caughtBy.seed}: ${caughtBy.violation}` : 'NOBODY NOTICES';
		tell(`without ${mutation.name}: ${noticed}`);
	}
	return findings;
}

async function check(
	mutation: Mutation,
	seeds: readonly number[],
	stations: number,
): Promise<Finding> {
	const isMeant = (seed: number): boolean =>
		mutation.vendor === undefined || vendorOf(seed).name === mutation.vendor;
	const reports = await runCampaign({
		seeds: seeds.filter(isMeant),
		stations,
		packageDir: mutatedPackage(mutation),
		enough: ({ violations }) => violations.length > 0,
	});
	const caught = reports.find(({ violations }) => violations.length > 0);
	return {
		mutation,
		runs: reports.length,
		caughtBy: caught && {
			seed: caught.scenario.seed,
			violation: caught.violations[0] ?? '',
		},
	};
}
