import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vendor } from '../contenders';
import type { Results, Row } from '../results';
import {
	casesOf,
	isSampled,
	medianOf,
	megabytes,
	seconds,
	spreadOf,
	VENDOR_TITLES,
	type Figure,
} from './figures';
import { renderChart, type Cell, type Chart, type Group, type Line } from './svg';

type CellOf = (row: Row) => Cell;

export function writeCharts(folder: string, { rows, machine }: Results): void {
	mkdirSync(folder, { recursive: true });
	const where = `${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`;
	for (const vendor of ['dropbox', 'box'] as const) {
		const own = rows.filter((row) => row.vendor === vendor);
		if (own.length === 0) continue;
		const name = VENDOR_TITLES[vendor];
		const time: Chart = {
			title: `Uploading to ${name}: seconds`,
			subtitle: `Shorter is better, each case has its own scale. ≈ from a sample of the files. ${where}`,
			columns: ['bare loopback', 'modeled line (100 MB/s, 50 ms)'],
			groups: groupsOf(own, 'loopback', wall, 'line', wall),
		};
		const cost: Chart = {
			title: `Uploading to ${name}: what it costs the client`,
			subtitle: `Bare loopback. Shorter is better, each case has its own scale. ≈ from a sample. ${where}`,
			columns: ['CPU seconds', 'growth of memory, MB'],
			groups: groupsOf(own, 'loopback', cpu, 'loopback', memory),
		};
		save(folder, vendor, 'time', time);
		save(folder, vendor, 'cost', cost);
	}
}

function save(folder: string, vendor: Vendor, name: string, chart: Chart): void {
	writeFileSync(join(folder, `${vendor}-${name}.svg`), renderChart(chart));
}

function groupsOf(
	rows: readonly Row[],
	leftNetwork: Row['network'],
	left: CellOf,
	rightNetwork: Row['network'],
	right: CellOf,
): Group[] {
	return casesOf(rows).map(({ caseId, caseTitle, contenders }) => {
		const cell = (contender: string, network: Row['network'], cellOf: CellOf): Cell => {
			const row = rows.find(
				(one) => one.caseId === caseId && one.network === network && one.contender === contender,
			);
			return row ? cellOf(row) : { value: undefined, text: 'not measured' };
		};
		const lines = contenders.map(({ contender, title }): Line => ({
			label: title,
			tone: toneOf(contender),
			cells: [cell(contender, leftNetwork, left), cell(contender, rightNetwork, right)],
		}));
		return { title: caseTitle, lines };
	});
}

function toneOf(contender: string): Line['tone'] {
	if (contender.startsWith('ours')) return 'ours';
	return contender.startsWith('limit') ? 'limit' : 'other';
}

function wall(row: Row): Cell {
	const spread = spreadOf(row, 'wallMs');
	const about = isSampled(row) ? '≈ ' : '';
	return cellOf(row, 'wallMs', () => `${about}${seconds((spread?.median ?? 0) / 1000)} s`);
}

function cpu(row: Row): Cell {
	return cellOf(row, 'cpuSeconds', (value) => `${isSampled(row) ? '≈ ' : ''}${seconds(value)} s`);
}

function memory(row: Row): Cell {
	return cellOf(row, 'peakGrowthBytes', (value) => `${megabytes(value)} MB`);
}

function cellOf(row: Row, field: Figure, format: (value: number) => string): Cell {
	const value = medianOf(row, field);
	if (row.note !== undefined) return { value: undefined, text: row.note };
	return value === undefined ? { value, text: 'n/a' } : { value, text: format(value) };
}
