/** Which seed notices that a recovery path is missing. */
import { rmSync } from 'node:fs';

import { runCampaign, seedsFrom } from '../campaign/campaign';
import type { Options } from '../options';
import { vendorOf } from '../vendors';
import type { Mutation } from './list';
import { mutations } from './list';
import { mutated, mutatedPackage } from './mutate';
import { failureOf } from './testRun';

export interface Finding {
	readonly mutation: Mutation;
	/** A seed, or the file of a test. */
	readonly caughtBy: { readonly who: string; readonly violation: string } | undefined;
	readonly runs: number;
}

export async function checkMutations(
	{ first, count, only, stations }: Pick<Options, 'first' | 'count' | 'only' | 'stations'>,
	tell: (line: string) => void,
): Promise<Finding[]> {
	// Before the first run: one that does not fit any more is to be mended, not waited for.
	for (const mutation of mutations) mutated(mutation);
	const wanted = mutations.filter(({ name }) => only.test(name));
	const seeds = seedsFrom(first, count);
	const findings = new Map<Mutation, Finding>();
	const waiting = [...wanted];
	const work = async (): Promise<void> => {
		for (let mutation = waiting.shift(); mutation !== undefined; mutation = waiting.shift()) {
			const finding = await checkedBy(mutation, seeds);
			findings.set(mutation, finding);
			const { caughtBy } = finding;
			const noticed = caughtBy ? `${caughtBy.who}: ${caughtBy.violation}` : 'NOBODY NOTICES';
			tell(`without ${mutation.name}: ${noticed}`);
		}
	};
	await Promise.all(Array.from({ length: stations }, work));
	return wanted.flatMap((mutation) => findings.get(mutation) ?? []);
}

async function checkedBy(mutation: Mutation, seeds: readonly number[]): Promise<Finding> {
	const packageDir = mutatedPackage(mutation);
	try {
		const { noticedBy } = mutation;
		return noticedBy === undefined
			? await seedThatNotices(mutation, packageDir, seeds)
			: { mutation, runs: 1, caughtBy: await failureOf(noticedBy, packageDir) };
	} finally {
		rmSync(packageDir, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** One seed after the other, so that the first that notices is the same each time. */
async function seedThatNotices(
	mutation: Mutation,
	packageDir: string,
	seeds: readonly number[],
): Promise<Finding> {
	const isMeant = (seed: number): boolean =>
		mutation.vendor === undefined || vendorOf(seed).name === mutation.vendor;
	const reports = await runCampaign({
		seeds: seeds.filter(isMeant),
		stations: 1,
		packageDir,
		enough: ({ violations }) => violations.length > 0,
	});
	const caught = reports.find(({ violations }) => violations.length > 0);
	return {
		mutation,
		runs: reports.length,
		caughtBy: caught && {
			who: String(caught.scenario.seed),
			violation: caught.violations[0] ?? '',
		},
	};
}
