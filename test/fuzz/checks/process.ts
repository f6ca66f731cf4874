/** What a run has done to the process that it ran in. */
import type { Bench } from '../station';

const QUIET_WITHIN_MS = 5_000;
const POLL_MS = 2;

export interface ProcessFindings {
	readonly findings: readonly string[];
	/** Something goes on although the run has ended. */
	readonly isStuck: boolean;
}

export async function processFindings({ noted, rig }: Bench): Promise<ProcessFindings> {
	const findings: string[] = [];
	const isQuiet = await quiet(() => rig.cloud.counters().inFlight === 0);
	if (!isQuiet) findings.push('a request outlives its run');
	const unhandled = await rig.engine.unhandledErrors();
	for (const error of unhandled.slice(noted.unhandled))
		findings.push(`nobody handled: ${error.slice(0, 400)}`);
	noted.unhandled = unhandled.length;
	const polluted = await rig.engine.pollutedPrototypes();
	if (polluted.length > 0) findings.push(`prototypes are polluted: ${polluted.join(', ')}`);
	for (const error of rig.cloud.errors.slice(noted.cloudErrors)) {
		findings.push(
			`the loopback cloud failed: ${error instanceof Error ? error.stack : String(error)}`,
		);
	}
	noted.cloudErrors = rig.cloud.errors.length;
	const strangers = rig.strangersWithSignIn();
	if (strangers.length > 0) findings.push(`the sign-in went to ${strangers.join(', ')}`);
	return { findings, isStuck: !isQuiet || polluted.length > 0 };
}

async function quiet(isQuiet: () => boolean): Promise<boolean> {
	const deadlineMs = Date.now() + QUIET_WITHIN_MS;
	while (!isQuiet()) {
		if (Date.now() > deadlineMs) return false;
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
	return true;
}
