/** The numbers of a row as people read them. */
import { CASES } from '../cases';
import { ORDER } from '../contenders';
import type { Row, Run } from '../results';

export interface Spread {
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

export type Figure = Exclude<keyof Run, 'mainThreadSeconds'>;

/** What a sample of the files has cost, for all of them. Memory does not add up over files. */
const perFile: ReadonlySet<Figure> = new Set([
	'wallMs',
	'cpuSeconds',
	'requests',
	'connections',
	'wireBytes',
	'refusals',
]);

export function isSampled({ runs, caseFiles }: Row): boolean {
	return runs.some(({ sentFiles }) => sentFiles < caseFiles);
}

export function spreadOf(row: Row, field: Figure): Spread | undefined {
	const values = row.runs.map((run) => {
		const value = run[field];
		const factor = perFile.has(field) ? row.caseFiles / run.sentFiles : 1;
		return value === undefined ? NaN : value * factor;
	});
	if (values.length === 0 || values.some(Number.isNaN)) return undefined;
	const sorted = values.sort((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	const low = sorted[Math.floor(middle)] ?? 0;
	const high = sorted[Math.ceil(middle)] ?? 0;
	return { median: (low + high) / 2, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

export function medianOf(row: Row, field: Figure): number | undefined {
	return spreadOf(row, field)?.median;
}

/** The share of one core that the cloud needed: near 100 % it was the cloud that set the pace. */
export function cloudShare(row: Row): number | undefined {
	const shares = row.runs.map(({ cloudCpuSeconds, wallMs }) => cloudCpuSeconds / (wallMs / 1000));
	const sorted = shares.sort((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)];
}

export interface CaseRows {
	readonly caseId: string;
	readonly caseTitle: string;
	readonly contenders: ReadonlyArray<Pick<Row, 'contender' | 'title'>>;
}

/** Cases and contenders in the order of the options, whatever run they come from. */
export function casesOf(rows: readonly Row[]): CaseRows[] {
	const ids = CASES.map(({ id }) => id).filter((id) => rows.some(({ caseId }) => caseId === id));
	return ids.map((caseId) => {
		const own = rows.filter((row) => row.caseId === caseId);
		const titles = new Map(own.map(({ contender, title }) => [contender, title]));
		const contenders = [...titles]
			.map(([contender, title]) => ({ contender, title }))
			.sort((one, other) => ORDER.indexOf(one.contender) - ORDER.indexOf(other.contender));
		return { caseId, caseTitle: own[0]?.caseTitle ?? caseId, contenders };
	});
}

/** In the order in which they were run. */
export function commandsOf(rows: readonly Row[]): string {
	const used = distinct(rows, ({ command }) => `\`${command}\``);
	return used.join(', ');
}

export function revisionsOf(rows: readonly Row[]): string {
	return distinct(rows, ({ revision }) => revision).join(', ');
}

function distinct(rows: readonly Row[], valueOf: (row: Row) => string): string[] {
	const inTime = [...rows].sort((one, other) => one.measuredAt.localeCompare(other.measuredAt));
	return [...new Set(inTime.map(valueOf))];
}

export function seconds(value: number): string {
	if (value >= 100) return grouped(value);
	return value.toFixed(value >= 10 ? 1 : 2);
}

export function megabytes(bytes: number): string {
	return grouped(bytes / 1e6);
}

export function grouped(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}

export const VENDOR_TITLES = { dropbox: 'Dropbox', box: 'Box' } as const;
