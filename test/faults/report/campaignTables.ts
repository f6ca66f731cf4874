/** What many runs come to. */
import type { RunReport } from '../campaign/run';
import { VENDORS } from '../vendors';
import { ROUTE_MISSING } from '../vendors/vendor';
import { grouped, table } from '../../support/page';

const MEBIBYTE = 1024 * 1024;

type Row = readonly [label: string, of: (report: RunReport) => number];

const ROWS: readonly Row[] = [
	['Runs', () => 1],
	['Executions of the node', ({ executions }) => executions],
	['Files', ({ files }) => files],
	['MiB', ({ bytes }) => bytes / MEBIBYTE],
	['Requests', ({ requests }) => requests],
	['Retries of the node', ({ retries }) => retries],
	['Faults that struck', ({ struck }) => sumOf(Object.values(struck))],
	['Runs in which something lasted', ({ scenario }) => Number(scenario.hopeless)],
	[
		'Runs cancelled on the way',
		({ scenario }) => Number(scenario.cancelAfterRequests !== undefined),
	],
	["Runs with the vendor's clock off by hours", ({ scenario }) => Number(scenario.skewMs !== 0)],
	['Items: stored', ({ ends }) => ends.stored],
	['Items: skipped, as wanted', ({ ends }) => ends.skipped],
	['Items: failed, not stored, with the reason', ({ ends }) => ends.failed],
	[
		'Items: honestly unknown, where something lasted or the run was cancelled',
		(report) => (isBroken(report) ? report.ends.unknown : 0),
	],
	[
		'Items: honestly unknown, in all other runs',
		(report) => (isBroken(report) ? 0 : report.ends.unknown),
	],
	['Items: of a run that stopped or was cancelled', ({ ends }) => ends.silent],
	['**Violations**', ({ violations }) => violations.length],
];

function isBroken({ scenario }: RunReport): boolean {
	return scenario.hopeless || scenario.cancelAfterRequests !== undefined;
}

export function campaignTables(reports: readonly RunReport[]): string {
	const seeds = reports.map(({ scenario }) => scenario.seed);
	const names = VENDORS.map(({ name }) => name);
	const columns = [...names.map((name) => (report: RunReport) => report.scenario.vendor === name)];
	const cells = (of: Row[1]): string[] =>
		[...columns, () => true].map((isMeant) =>
			grouped(Math.round(sumOf(reports.filter(isMeant).map(of)))),
		);
	const kinds = [
		...new Set(VENDORS.flatMap(({ faultKinds }) => faultKinds.map(({ name }) => name))),
		ROUTE_MISSING,
	];
	const struckBy = (kind: string): string[] => cells(({ struck }) => struck[kind] ?? 0);
	return [
		`- Seeds: ${seeds[0]} to ${seeds.at(-1)}`,
		'',
		table(
			['', ...names, 'Both'],
			ROWS.map(([label, of]) => [label, ...cells(of)]),
		),
		'',
		'How often each kind of fault struck:',
		'',
		table(
			['Fault', ...names, 'Both'],
			kinds.map((kind) => [kind, ...struckBy(kind)]),
		),
	].join('\n');
}

function sumOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0);
}
