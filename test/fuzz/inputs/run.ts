/** Runs one scenario of hostile inputs in a rig that is empty. */
import type { RunResult } from '../../engine/types';
import { putTaken } from '../baseline/taken';
import { heldFiles, heldLinks } from '../checks/held';
import { processFindings } from '../checks/process';
import { toldBy } from '../checks/told';
import { secretsIn } from '../checks/words';
import type { FuzzReport } from '../finding';
import type { Bench } from '../station';
import { inputFindings } from './checks';
import { requestOf } from './request';
import type { InputScenario } from './scenario';

export async function runInputs(bench: Bench, scenario: InputScenario): Promise<FuzzReport> {
	const { rig } = bench;
	const { hasSeveral = false, items, onError, operation, resource, seed, vendor } = scenario;
	const startedAtMs = Date.now();
	await bench.empty(vendor);
	for (const item of items) if (item.isTaken) putTaken(rig, scenario, item);
	const prepared = await scenario.prepare(rig, bench.directTokens[vendor].accessToken);
	const before = heldFiles(rig, vendor);
	const request = requestOf(scenario, prepared);
	const findings: string[] = [];
	let result: RunResult | undefined;
	let isRefused = false;
	try {
		result = vendor === 'Dropbox' ? await rig.dropbox(request) : await rig.box(request);
		const after = heldFiles(rig, vendor);
		const links = heldLinks(rig, vendor);
		const told = toldBy(result, items.length, { stops: onError === 'stopWorkflow', hasSeveral });
		findings.push(...inputFindings({ scenario, told, before, after, links }));
		findings.push(...secretsIn(result, secretsOf(scenario)));
	} catch (error) {
		// What is saved in the node itself n8n checks before it starts it.
		isRefused = isRefusedByN8n(error);
		if (!isRefused || !hasLiteral(scenario)) {
			findings.push(error instanceof Error ? error.message : String(error));
		}
	}
	const { findings: ofProcess, isStuck } = await processFindings(bench);
	const claims = result && toldBy(result, items.length, { stops: false, hasSeveral }).claims;
	const ends: Record<string, number> = {};
	for (const { kind } of claims ?? []) ends[kind] = (ends[kind] ?? 0) + 1;
	return {
		seed,
		operation: `${vendor} ${resource} ${operation}`,
		mutations: mutationsOf(scenario),
		findings: [...findings, ...ofProcess],
		durationMs: Date.now() - startedAtMs,
		isStuck: isStuck || (result === undefined && !isRefused),
		ends,
		details: () => ({
			request,
			outputs: result?.outputs,
			error: result?.error,
			hints: result?.hints,
			held: heldFiles(rig, vendor),
		}),
	};
}

function isRefusedByN8n(error: unknown): boolean {
	return error instanceof Error && error.message.startsWith("The 'Node' node has issues");
}

function hasLiteral({ nodeWide }: InputScenario): boolean {
	return Object.values(nodeWide).some(({ expression }) => expression === undefined);
}

export function mutationsOf({ items, nodeWide, onError, store }: InputScenario): string[] {
	const told = new Map<string, number[]>();
	for (const [index, { binary, hostile }] of items.entries()) {
		const own = Object.entries(hostile).map(([name, { label }]) => `${name}: ${label}`);
		if (binary) own.push(`binary: ${binary.label}`);
		for (const what of own) told.set(what, [...(told.get(what) ?? []), index]);
	}
	return [
		...Object.entries(nodeWide).map(([name, { label }]) => `${name}: ${label} (in the node)`),
		...[...told].map(
			([what, at]) => `${what} (item ${at.length > 5 ? `${at.length} of them` : at.join()})`,
		),
		`${items.length} items, ${onError}, ${store} store`,
	];
}

/** Only of what is meant to hold one. */
function secretsOf({ items, nodeWide }: InputScenario): string[] {
	const all = [nodeWide, ...items.map(({ hostile }) => hostile)];
	return [...new Set(all.flatMap(({ url }) => url?.secrets ?? []))];
}
