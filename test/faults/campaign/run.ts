/** One seed: the run, what went wrong in it, and what is left to do for a second one. */
import type { Fault } from '../../cloud';
import type { CloudRequest } from '../../cloud/core/contract';
import { refuseRoute } from '../../cloud/refusedRoutes';
import type { RunResult } from '../../engine/types';
import type { Rig } from '../../support/rig';
import type { FaultVendor, Scene, StoredFile } from '../vendors/vendor';
import { ROUTE_MISSING, SESSION_LOST } from '../vendors/vendor';
import type { Claim } from './claims';
import { stopOf } from './claims';
import type { Situation } from './compare';
import { contradictions, countByHash, missedAgain, missedEnds } from './compare';
import { Executions } from './execution';
import type { PlannedFile, Scenario } from './scenario';
import { cameTooEarly, describeRequest } from './wire';

export interface RunReport {
	readonly scenario: Scenario;
	readonly violations: readonly string[];
	/** Strikes by the kind of fault. */
	readonly struck: Readonly<Record<string, number>>;
	readonly executions: number;
	readonly requests: number;
	readonly retries: number;
	readonly files: number;
	readonly bytes: number;
	/** How the items ended, over all executions: stored, skipped, failed, unknown, silent. */
	readonly ends: Readonly<Record<Claim['kind'] | 'unknown', number>>;
	readonly durationMs: number;
	/** What happened on the wire, for whoever looks into a failing seed. */
	readonly transcript: readonly string[];
}

/** Runs a scenario in a rig that is empty, and leaves it empty of faults. */
export async function runScenario(
	rig: Rig,
	vendor: FaultVendor,
	scenario: Scenario,
): Promise<RunReport> {
	const startedAtMs = Date.now();
	const run = new ScenarioRun(rig, vendor, scenario);
	try {
		await run.prepare();
		await run.first();
		await run.second();
		await run.quiet();
	} catch (error) {
		run.violations.push(error instanceof Error ? error.message : String(error));
	} finally {
		run.mend();
	}
	return run.report(Date.now() - startedAtMs);
}

class ScenarioRun implements Scene {
	readonly violations: string[] = [];
	private readonly struck: Record<string, number> = {};
	private readonly ends = { stored: 0, skipped: 0, failed: 0, unknown: 0, silent: 0 };
	readonly foreignPaths = new Set<string>();
	readonly overtaken = new Set<number>();
	/** The call in which each token was seen for the first time. */
	private readonly firstUses = new Map<string, number>();
	private left: readonly number[];
	private readonly executions: Executions;
	private atFirst: readonly StoredFile[] = [];
	private claims: readonly Claim[] = [];

	constructor(
		readonly rig: Rig,
		private readonly vendor: FaultVendor,
		readonly scenario: Scenario,
	) {
		this.left = scenario.files.map((_, index) => index);
		this.executions = new Executions(rig, vendor, scenario, (violation) =>
			this.violations.push(violation),
		);
	}

	async prepare(): Promise<void> {
		const { rig, scenario, vendor } = this;
		rig.cloud.clock.advance(scenario.skewMs);
		await rig.reset();
		vendor.prepare(rig, scenario);
		for (const { name, content, there } of scenario.files) {
			if (there === undefined) continue;
			const other = { sizeBytes: content.sizeBytes || 1, seed: content.seed + 1 };
			vendor.put(rig, vendor.pathOf(name), there === 'same' ? content : other);
		}
		for (const planned of scenario.faults) {
			const kind = vendor.faultKinds.find(({ name }) => name === planned.kind);
			for (const fault of kind?.plant(planned, this) ?? []) {
				rig.cloud.faults.add({
					...fault,
					onStrike: (request) => {
						this.struck[planned.kind] = (this.struck[planned.kind] ?? 0) + 1;
						fault.onStrike?.(request);
					},
				});
			}
		}
		this.refuseRoute();
	}

	/** Behind the other faults, so that these strike where both are meant. */
	private refuseRoute(): void {
		const { rig, scenario, vendor } = this;
		if (scenario.missing === undefined) return;
		const { route, refusal } = scenario.missing;
		const faults = {
			add: (fault: Fault) =>
				rig.cloud.faults.add({
					...fault,
					onStrike: () => {
						this.struck[ROUTE_MISSING] = (this.struck[ROUTE_MISSING] ?? 0) + 1;
					},
				}),
		};
		refuseRoute({ faults }, vendor.name === 'Dropbox' ? 'dropbox' : 'box', route, refusal);
	}

	/** The run with its faults. */
	async first(): Promise<void> {
		const { scenario, vendor, rig } = this;
		const before = vendor.stored(rig);
		this.atFirst = before;
		const { results, claims, violations, wasCanceled } = await this.executions.execute(
			scenario.files,
			scenario.cancelAfterRequests,
		);
		this.violations.push(...violations);
		const situation = this.situation(scenario, before, claims);
		this.violations.push(...contradictions(situation), ...this.untrueReasons(claims));
		for (const result of results) {
			if (!wasCanceled) this.checkEnd(result, situation);
		}
		if (!wasCanceled) {
			const { overtaken, struck } = this;
			const { log } = rig.cloud;
			const misdeeds = vendor.misdeeds({ claims, log, overtaken, rig, scenario, struck });
			if (!scenario.hopeless) this.violations.push(...missedEnds(situation));
			this.violations.push(...misdeeds);
		}
		this.violations.push(...cameTooEarly(rig.cloud.log, scenario, vendor));
		this.claims = claims;
		// Unknown is unknown: sending it again is what the node warns of.
		this.left = scenario.files.flatMap((_, index) => (isOpen(claims[index]) ? [index] : []));
	}

	/** All is well again: what has not arrived arrives now. */
	async second(): Promise<void> {
		const { rig, scenario, vendor, left } = this;
		if (left.length === 0) return;
		this.mend();
		const files = left.map((index) => scenario.files[index] as PlannedFile);
		const before = vendor.stored(rig);
		const logged = rig.cloud.log.length;
		const { results, claims, violations } = await this.executions.execute(files);
		const again = { ...scenario, files };
		const situation = this.situation(again, before, claims);
		const said = [
			...violations,
			...contradictions(situation),
			...missedAgain(situation),
			...this.storedTwice(situation.after),
			...vendor.notResumed(
				left.map((index) => this.resumable(index)),
				rig.cloud.log.slice(logged),
				this.struck,
				scenario,
			),
		];
		this.violations.push(...said.map((violation) => `second execution: ${violation}`));
		for (const result of results) this.checkEnd(result, situation);
	}

	/** Nothing goes on after the end. */
	async quiet(): Promise<void> {
		const { rig } = this;
		const { cloud, engine } = rig;
		await this.executions.within(
			async () => cloud.counters().inFlight === 0,
			'a request is still open',
		);
		await this.executions.within(
			async () => (await engine.openHandles()).sockets === 0,
			'a socket is still open',
		);
		const { overlappingCommits } = cloud.counters();
		if (overlappingCommits > 0) this.violations.push(`${overlappingCommits} commits overlapped`);
		for (const host of rig.strangersWithSignIn()) this.violations.push(`a token went to ${host}`);
		for (const error of cloud.errors) this.violations.push(`the cloud failed: ${String(error)}`);
		for (const error of await engine.unhandledErrors()) {
			this.violations.push(`nobody caught: ${error}`);
		}
	}

	mend(): void {
		this.rig.cloud.faults.clear();
		this.vendor.mend(this.rig);
	}

	hasFreshToken({ headers, sequence }: CloudRequest): boolean {
		const token = headers.authorization ?? '';
		if (!this.firstUses.has(token)) this.firstUses.set(token, sequence);
		return this.firstUses.size > 1 && this.firstUses.get(token) === sequence;
	}

	report(durationMs: number): RunReport {
		const { rig, scenario } = this;
		rig.cloud.clock.advance(-scenario.skewMs);
		const { violations, struck, ends } = this;
		const { count: executions, retries } = this.executions;
		return {
			scenario,
			violations,
			struck,
			executions,
			retries,
			ends,
			requests: rig.cloud.counters().requests,
			files: scenario.files.length,
			bytes: scenario.files.reduce((sum, { content }) => sum + content.sizeBytes, 0),
			durationMs,
			transcript: rig.cloud.log.map(describeRequest),
		};
	}

	private situation(
		scenario: Scenario,
		before: readonly StoredFile[],
		claims: readonly Claim[],
	): Situation {
		const { foreignPaths, rig, vendor } = this;
		for (const claim of claims) {
			const isUnknown = claim.kind === 'failed' && claim.error.stored === 'unknown';
			this.ends[isUnknown ? 'unknown' : claim.kind] += 1;
		}
		const allFiles = this.scenario.files;
		const lostSessions = SESSION_LOST in this.struck;
		return {
			scenario,
			vendor,
			before,
			after: vendor.stored(rig),
			claims,
			allFiles,
			foreignPaths,
			lostSessions,
		};
	}

	/** Of two items with one path and size only one can go on by itself. */
	private resumable(index: number): Claim | undefined {
		const { files } = this.scenario;
		const isTwin = files.some(({ name }, other) => other !== index && name === files[index]?.name);
		return isTwin ? undefined : this.claims[index];
	}

	/** However often it was run. */
	private storedTwice(after: readonly StoredFile[]): string[] {
		const { atFirst, scenario, vendor } = this;
		const [had, held] = [countByHash(atFirst), countByHash(after)];
		return scenario.files.flatMap(({ name, content }, index) => {
			const hash = vendor.hashOf(content);
			const added = (held.get(hash) ?? 0) - (had.get(hash) ?? 0);
			// Who was told nothing and runs a replacement again asks for another version.
			const wasSilent = this.claims[index]?.kind === 'silent';
			const mayBeTwo = wasSilent && vendor.keepsVersions && scenario.ifExists === 'replace';
			return added > (mayBeTwo ? 2 : 1) ? [`${vendor.pathOf(name)} is there ${added} times`] : [];
		});
	}

	/** A file fails for a reason that was there, and for no other. */
	private untrueReasons(claims: readonly Claim[]): string[] {
		const { scenario, vendor, struck } = this;
		const reasons = vendor.faultKinds
			.filter(({ name }) => (struck[name] ?? 0) > 0)
			.map((kind) => kind.reasons);
		if (scenario.cancelAfterRequests !== undefined) reasons.push(/^canceled$/);
		return claims.flatMap((claim, index) => {
			if (claim.kind !== 'failed' || vendor.conflict.test(claim.error.path)) return [];
			const { path } = claim.error;
			const name = scenario.files[index]?.name;
			const twins = scenario.files.filter((file) => file.name === name);
			if (path === 'items/same_place' && twins.length > 1) return [];
			if (reasons.some((reason) => reason.test(path))) return [];
			return [`item ${index} fails for "${path}", which has not happened`];
		});
	}

	/** How the execution as a whole ended. */
	private checkEnd(result: RunResult, { scenario }: Situation): void {
		const { error, status } = result;
		const stops = scenario.onError === 'stopWorkflow';
		if (!stops && status !== 'success') {
			this.violations.push(`the execution ended as ${status}: ${error?.message}`);
		}
		if (error === undefined) return;
		const text = `${error.message} ${(error.messages ?? []).join(' ')}`;
		const named = scenario.files.filter(({ name }) => name.length > 3 && text.includes(name));
		if (error.name !== 'NodeApiError') this.violations.push(`the run ended with a ${error.name}`);
		if (named.length > 0) this.violations.push(`the message names a file: ${error.message}`);
		if (error.itemIndex === undefined || (error.description ?? '') === '') {
			this.violations.push('the error says neither which item nor what to do');
		}
		if (stopOf(result) === undefined) this.violations.push('the error does not say what failed');
	}
}

/** Whether a second run has to send it: it failed for what is over now, or nobody said anything. */
function isOpen(claim: Claim | undefined): boolean {
	if (claim?.kind === 'silent') return true;
	return claim?.kind === 'failed' && claim.error.stored === 'no';
}
