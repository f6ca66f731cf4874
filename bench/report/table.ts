import { NETWORKS } from '../networks';
import type { Row } from '../results';
import {
	cloudShare,
	grouped,
	isSampled,
	medianOf,
	megabytes,
	seconds,
	spreadOf,
	VENDOR_TITLES,
} from './figures';

const HEAD = [
	'',
	'wall s',
	'spread',
	'x limit',
	'CPU s',
	'memory MB',
	'loop p99 ms',
	'disk MB',
	'requests',
	'connections',
	'wire MB',
	'cloud CPU',
];

/** All contenders of one vendor in one case on one network. */
export function printTable(rows: readonly Row[]): void {
	const [first] = rows;
	if (!first) return;
	const limitMs = rows.filter(({ contender }) => contender === 'limit').map(wallMs)[0];
	const lines = rows.map((row) => lineOf(row, limitMs));
	const widths = HEAD.map((_, column) =>
		Math.max(...[HEAD, ...lines.filter(isFull)].map((line) => (line[column] ?? '').length)),
	);
	widths[0] = Math.max(...rows.map(({ title }) => title.length));
	const print = (line: readonly string[]) =>
		process.stdout.write(
			`${line
				.map((cell, column) => {
					const width = widths[column] ?? 0;
					return column === 0 || !isFull(line) ? cell.padEnd(width) : cell.padStart(width);
				})
				.join('  ')
				.trimEnd()}\n`,
		);
	const { vendor, caseTitle, network } = first;
	process.stdout.write(`\n${VENDOR_TITLES[vendor]} · ${caseTitle} · ${NETWORKS[network].title}\n`);
	print(HEAD);
	for (const line of lines) print(line);
	for (const row of rows.filter(isSampled)) {
		const sent = grouped(row.runs[0]?.sentFiles ?? 0);
		process.stdout.write(`≈ ${row.title}: from ${sent} of ${grouped(row.caseFiles)} files\n`);
	}
}

function lineOf(row: Row, limitMs: number | undefined): string[] {
	const wall = spreadOf(row, 'wallMs');
	if (row.note !== undefined || !wall) return [row.title, row.note ?? ''];
	const about = isSampled(row) ? '≈ ' : '';
	const text = (value: number | undefined, format: (value: number) => string) =>
		value === undefined ? 'n/a' : format(value);
	const isOnce = row.runs.length === 1;
	return [
		row.title,
		about + seconds(wall.median / 1000),
		isOnce ? 'once' : `${seconds(wall.min / 1000)}-${seconds(wall.max / 1000)}`,
		limitMs === undefined ? '' : (wall.median / limitMs).toFixed(1),
		text(medianOf(row, 'cpuSeconds'), seconds),
		text(medianOf(row, 'peakGrowthBytes'), megabytes),
		text(medianOf(row, 'loopP99Ms'), seconds),
		text(medianOf(row, 'diskBytes'), megabytes),
		text(medianOf(row, 'requests'), grouped),
		text(medianOf(row, 'connections'), grouped),
		text(medianOf(row, 'wireBytes'), (bytes) => (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)),
		text(cloudShare(row), (share) => `${Math.round(share * 100)} %`),
	];
}

function isFull(line: readonly string[]): boolean {
	return line.length === HEAD.length;
}

function wallMs(row: Row): number | undefined {
	return medianOf(row, 'wallMs');
}
