/** Runs the node over planned files, once or at several times, and takes down what the items say. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { ItemSpec, RunHandle, RunResult } from '../../engine/types';
import type { Rig } from '../../support/rig';
import type { FaultVendor } from '../vendors/vendor';
import type { Claim } from './claims';
import { claimsOf, isSimplified } from './claims';
import type { PlannedFile, Scenario } from './scenario';

const RUN_DEADLINE_MS = 90_000;
const QUIET_DEADLINE_MS = 10_000;
const POLL_MS = 5;

export interface Executed {
	readonly results: readonly RunResult[];
	readonly claims: readonly Claim[];
	readonly violations: readonly string[];
	readonly wasCanceled: boolean;
}

export class Executions {
	count = 0;
	/** As the node itself counts them. */
	retries = 0;

	constructor(
		private readonly rig: Rig,
		private readonly vendor: FaultVendor,
		private readonly scenario: Scenario,
		private readonly violate: (violation: string) => void,
	) {}

	/** The files in one execution, or the first time in two at once. */
	async execute(files: readonly PlannedFile[], cancelAfterRequests = Infinity): Promise<Executed> {
		const isFirst = this.count === 0;
		const middle = Math.ceil(files.length / 2);
		const isSplit = isFirst && this.scenario.executionsAtOnce === 2 && files.length > 1;
		const parts = isSplit ? [files.slice(0, middle), files.slice(middle)] : [files];
		const started = await Promise.all(parts.map(async (part) => await this.start(part, isFirst)));
		const wasCanceled = await this.attend(started, cancelAfterRequests);
		const results = await Promise.all(started.map(async ({ finished }) => await finished));
		for (const { executionId } of started) await this.rig.engine.deleteBinaryData(executionId);
		const { cloud } = this.rig;
		await this.within(async () => cloud.counters().inFlight === 0, 'a request outlives its run');
		for (const { message } of results.flatMap(({ logs }) => logs)) {
			this.retries += Number(/([\d,]+) retr(?:y|ies)/.exec(message)?.[1]?.replaceAll(',', '') ?? 0);
		}
		const told = results.map((result, at) => claimsOf(result, parts[at]?.length ?? 0));
		return {
			results,
			wasCanceled,
			claims: told.flatMap(({ claims }) => claims),
			violations: told.flatMap(({ violations }) => violations),
		};
	}

	private async start(files: readonly PlannedFile[], isFirst: boolean): Promise<RunHandle> {
		const { rig, scenario, vendor } = this;
		const { onError, retryOnFail, ifExists } = scenario;
		const { parameters, options } = vendor.parameters(ifExists, scenario);
		this.count += 1;
		return await vendor.start(rig, {
			resource: 'file',
			operation: 'upload',
			parameters: { ...parameters, simplify: isSimplified(scenario.seed) },
			options,
			items: files.map(itemOf),
			onError,
			node: { retryOnFail: retryOnFail && isFirst, maxTries: 2, waitBetweenTries: 1 },
		});
	}

	/** Waits for the end of all; true when they were cancelled on the way. */
	private async attend(handles: readonly RunHandle[], cancelAfter: number): Promise<boolean> {
		const { cloud } = this.rig;
		let ended = false;
		let wasCanceled = false;
		const cancel = async (): Promise<void> => {
			wasCanceled = true;
			// One may have ended by itself in this very moment.
			await Promise.allSettled(handles.map(async (handle) => await handle.cancel()));
		};
		const all = Promise.allSettled(handles.map(({ finished }) => finished)).then(() => {
			ended = true;
		});
		const deadlineMs = Date.now() + RUN_DEADLINE_MS;
		while (!ended) {
			if (Date.now() > deadlineMs) {
				this.violate(`the run did not end within ${RUN_DEADLINE_MS / 1_000} s`);
				await cancel();
				break;
			}
			if (!wasCanceled && cloud.counters().requests >= cancelAfter) await cancel();
			await Promise.race([all, sleep(POLL_MS)]);
		}
		return wasCanceled;
	}

	/** Waits for it, for a while. */
	async within(condition: () => Promise<boolean>, violation: string): Promise<void> {
		const deadlineMs = Date.now() + QUIET_DEADLINE_MS;
		while (!(await condition())) {
			if (Date.now() > deadlineMs) {
				this.violate(violation);
				return;
			}
			await sleep(POLL_MS);
		}
	}
}

function itemOf({ name, content }: PlannedFile): ItemSpec {
	return { json: {}, binary: { data: { fileName: name, generated: content } } };
}
