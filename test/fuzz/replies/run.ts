/** Runs one scenario of hostile answers in a rig that is empty. */
import type { CloudRequest, FaultAction } from '../../cloud/core/contract';
import type { RunResult } from '../../engine/types';
import { heldFiles } from '../checks/held';
import { processFindings } from '../checks/process';
import { toldBy } from '../checks/told';
import { putTaken } from '../baseline/taken';
import type { FuzzReport } from '../finding';
import { requestOf } from '../inputs/request';
import type { Bench } from '../station';
import { longTexts, replyFindings } from './checks';
import type { PlannedTrouble, ReplyScenario } from './scenario';

const MIB = 1024 * 1024;
/** The wait of a run, twice with Retry On Fail, takes 48 s at the speed of the clock here. */
const RUN_DEADLINE_MS = 180_000;
const MOST_BYTES = 450 * MIB;
const PART_BYTES = 8 * MIB;

export async function runReplies(bench: Bench, scenario: ReplyScenario): Promise<FuzzReport> {
	const { rig } = bench;
	const {
		hasSeveral = false,
		items,
		onError,
		operation,
		resource,
		retryOnFail,
		seed,
		vendor,
	} = scenario;
	const startedAtMs = Date.now();
	await bench.empty(vendor, { isExpired: scenario.isExpired });
	if (items.some(({ file }) => file.large)) rig.cloud.box.settings.partSizeBytes = PART_BYTES;
	for (const item of items) if (item.isTaken) putTaken(rig, scenario, item);
	const prepared = await scenario.prepare(rig, bench.directTokens[vendor].accessToken);
	const before = heldFiles(rig, vendor);
	const struck: string[] = [];
	for (const trouble of scenario.troubles) plant(bench, scenario, trouble, struck);
	const request = {
		...requestOf({ ...scenario, ...NOTHING_HOSTILE }, prepared),
		timeoutMs: RUN_DEADLINE_MS,
		node: { retryOnFail, maxTries: 2, waitBetweenTries: 1 },
	};
	const findings: string[] = [];
	await rig.engine.resetPeak();
	const restBytes = (await rig.engine.usage()).rssBytes;
	let result: RunResult | undefined;
	try {
		result = vendor === 'Dropbox' ? await rig.dropbox(request) : await rig.box(request);
	} catch (error) {
		findings.push(error instanceof Error ? error.message : String(error));
	}
	rig.cloud.faults.clear();
	const { findings: ofProcess, isStuck } = await processFindings(bench);
	const ends: Record<string, number> = {};
	if (result !== undefined) {
		const told = toldBy(result, items.length, { stops: onError === 'stopWorkflow', hasSeveral });
		for (const { kind } of told.claims) ends[kind] = (ends[kind] ?? 0) + 1;
		const after = heldFiles(rig, vendor);
		findings.push(...replyFindings({ scenario, told, before, after }), ...longTexts(result));
	}
	const grownBytes = (await rig.engine.usage()).peakRssBytes - restBytes;
	if (grownBytes > MOST_BYTES) {
		findings.push(`n8n took ${Math.round(grownBytes / MIB)} MiB for it`);
	}
	return {
		seed,
		operation: `${vendor} ${resource} ${operation}`,
		mutations: [
			...scenario.troubles.map(
				({ label, skip, times }) => `${label} (${timesOf(times)} after ${skip} calls)`,
			),
			...struck.map((what) => `struck ${what}`),
			`${items.length} items, ${onError}${retryOnFail ? ', Retry On Fail' : ''}${scenario.isExpired ? ', expired' : ''}`,
		],
		findings: [...findings, ...ofProcess],
		durationMs: Date.now() - startedAtMs,
		isStuck: isStuck || result === undefined,
		ends: { ...ends, ...(struck.length === 0 && { 'runs that nothing struck': 1 }) },
		details: () => ({
			request,
			outputs: result?.outputs,
			error: result?.error,
			hints: result?.hints,
			held: heldFiles(rig, vendor),
			calls: rig.cloud.log.map(({ route, status, fault, argument }) => ({
				route,
				status,
				fault,
				argument,
			})),
		}),
	};
}

const NOTHING_HOSTILE = { parameters: [], nodeWide: {}, modes: {}, samples: {} };
const MOST_NOTED = 3;

/** The troubles of a run strike its own calls to the vendor, those for a token included. */
function plant(
	{ rig }: Bench,
	{ vendor }: ReplyScenario,
	{ action, label, skip, times }: PlannedTrouble,
	struck: string[],
): void {
	let route = '';
	const note = (what: string): void => {
		if (struck.length < MOST_NOTED) struck.push(`${route} with ${what}`);
	};
	const watched: FaultAction =
		action.kind === 'changeReply'
			? {
					...action,
					change: (reply, request) => {
						const changed = action.change(reply, request);
						note(`${changed.note ?? label}: ${changed.body.subarray(0, 160).toString()}`);
						return changed;
					},
				}
			: action;
	rig.cloud.faults.add({
		vendor: vendor === 'Dropbox' ? 'dropbox' : 'box',
		skip,
		times,
		action: watched,
		onStrike: (call: CloudRequest) => {
			route = `${call.method} ${call.pathname}`;
			if (action.kind !== 'changeReply') note(label);
		},
	});
}

function timesOf(times: number): string {
	return times === Infinity ? 'from then on' : `${times} times`;
}
