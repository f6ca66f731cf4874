import type { Results, Row } from '../results';
import {
	cpu,
	disk,
	failures,
	loadOf,
	machineOf,
	markdownTable,
	memory,
	noteOf,
	wall,
} from './document';
import {
	casesOf,
	commandsOf,
	grouped,
	isSampled,
	medianOf,
	revisionsOf,
	VENDOR_TITLES,
} from './figures';

const HEAD = ['', 'seconds', 'CPU seconds', 'memory, MB', 'written to disk, MB', 'requests'];

/** One table for each case and destination. */
export function renderCopies({ machine, rows, versions }: Results): string {
	const facts = [
		`- Machine: ${machineOf(machine)}`,
		`- Versions: ${Object.entries(versions)
			.map((pair) => pair.join(' '))
			.join(', ')}; this package ${revisionsOf(rows)}`,
		`- Load of the machine before the runs (1-minute average): ${loadOf(rows)}`,
		`- Command: ${commandsOf(rows)}`,
	].join('\n');
	const tables = casesOf(rows).flatMap(({ caseId, caseTitle }) =>
		(['box', 'dropbox'] as const).flatMap((vendor) => {
			const own = rows.filter((row) => row.caseId === caseId && row.vendor === vendor);
			if (own.length === 0) return [];
			const title = `**${caseTitle}, into ${VENDOR_TITLES[vendor]}, modeled line**`;
			return [`${title}\n\n${markdownTable(HEAD, own.map(lineOf))}`];
		}),
	);
	return [facts, ...tables, failures(rows)].filter(Boolean).join('\n\n');
}

function lineOf(row: Row): string[] {
	if (row.note !== undefined) return [row.title, noteOf(row.note), '–', '–', '–', '–'];
	const about = isSampled(row) ? '≈ ' : '';
	const requests = about + grouped(medianOf(row, 'requests') ?? 0);
	return [row.title, wall(row), cpu(row), memory(row), disk(row), requests];
}
