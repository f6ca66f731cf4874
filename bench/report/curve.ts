import { choiceId, PARALLEL, PART_SIZES_MIB } from '../curve';
import { NETWORKS } from '../networks';
import type { Results, Row } from '../results';
import { loadOf, machineOf, markdownTable } from './document';
import { casesOf, commandsOf, medianOf, megabytes, seconds } from './figures';

/** One table for each case and network: a line per part size, a column per number of requests at once. */
export function renderCurve(results: Results): string {
	const { machine, rows } = results;
	const facts = [
		`- Machine: ${machineOf(machine)}`,
		`- Load of the machine before the runs (1-minute average): ${loadOf(rows)}`,
		`- Command: ${commandsOf(rows)}`,
	].join('\n');
	const tables = casesOf(rows).flatMap(({ caseId, caseTitle }) =>
		(['loopback', 'line'] as const).flatMap((network) => {
			const own = rows.filter((row) => row.caseId === caseId && row.network === network);
			return own.length === 0
				? []
				: [`**${caseTitle}, ${NETWORKS[network].title}**\n\n${tableOf(own)}`];
		}),
	);
	return [facts, ...tables].join('\n\n');
}

function tableOf(rows: readonly Row[]): string {
	const lines = PART_SIZES_MIB.map((partSizeMib) => [
		`${partSizeMib} MiB`,
		...PARALLEL.map((parallel) =>
			textOf(rows.find(({ contender }) => contender === choiceId(partSizeMib, parallel))),
		),
	]);
	return markdownTable(['Part size', ...PARALLEL.map((count) => `${count} at once`)], lines);
}

function textOf(row: Row | undefined): string {
	if (row === undefined) return '–';
	if (row.note !== undefined) return 'failed';
	const number = (field: 'wallMs' | 'cpuSeconds' | 'peakGrowthBytes') =>
		medianOf(row, field) ?? NaN;
	return [
		`${seconds(number('wallMs') / 1000)} s`,
		`${seconds(number('cpuSeconds'))} CPU s`,
		`${megabytes(number('peakGrowthBytes'))} MB`,
	].join(', ');
}
