import type { Results, Row, Run } from '../results';
import { loadOf, machineOf, markdownTable } from './document';
import { casesOf, commandsOf, seconds, VENDOR_TITLES } from './figures';

/** A table for each vendor: a line for what the main thread does, a column for who does it. */
export function renderProfile({ machine, rows }: Results): string {
	const facts = [
		`- Machine: ${machineOf(machine)}`,
		`- Load of the machine before the runs (1-minute average): ${loadOf(rows)}`,
		`- Command: ${commandsOf(rows)}`,
	].join('\n');
	const tables = (['dropbox', 'box'] as const).flatMap((vendor) =>
		casesOf(rows.filter((row) => row.vendor === vendor)).map(
			({ caseId, caseTitle, contenders }) => {
				const order = contenders.map(({ contender }) => contender);
				const own = rows
					.filter((row) => row.vendor === vendor && row.caseId === caseId && row.runs.length > 0)
					.sort((one, other) => order.indexOf(one.contender) - order.indexOf(other.contender));
				return `**${VENDOR_TITLES[vendor]}, ${caseTitle}, seconds of the main thread**\n\n${tableOf(own)}`;
			},
		),
	);
	return [facts, ...tables].join('\n\n');
}

function tableOf(rows: readonly Row[]): string {
	const runs = rows.map(middleRun);
	const kinds = [...new Set(runs.flatMap((run) => Object.keys(run.mainThreadSeconds ?? {})))];
	const most = (kind: string) => Math.max(...runs.map((run) => run.mainThreadSeconds?.[kind] ?? 0));
	kinds.sort((one, other) => most(other) - most(one));
	const line = (title: string, value: (run: Run) => number | undefined): string[] => [
		title,
		...runs.map((run) => seconds(value(run) ?? 0)),
	];
	return markdownTable(
		['', ...rows.map(({ title }) => title)],
		[
			...kinds.map((kind) => line(kind, (run) => run.mainThreadSeconds?.[kind])),
			line('**in all**', ({ wallMs }) => wallMs / 1_000),
			line('CPU seconds of all threads', ({ cpuSeconds }) => cpuSeconds),
		],
	);
}

/** The seconds of one run add up, medians of several do not. */
function middleRun({ runs }: Row): Run {
	const sorted = [...runs].sort((one, other) => one.wallMs - other.wallMs);
	return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
