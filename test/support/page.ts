/** A page of docs/: what was found stands between marks and is written by whoever found it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

import { repositoryDir } from './freshBuild';

const GIB = 1024 ** 3;

export function writeSection(page: string, section: string, text: string): void {
	const file = join(repositoryDir, 'docs', page);
	writeFileSync(file, withSection(readFileSync(file, 'utf8'), section, text));
}

export function withSection(page: string, section: string, text: string): string {
	const [begin, end] = [`<!-- ${section}: begin -->`, `<!-- ${section}: end -->`];
	const [before, after] = [page.indexOf(begin), page.indexOf(end)];
	if (before < 0 || after < before) throw new Error(`the page has lost its marks for ${section}`);
	return `${page.slice(0, before)}${begin}\n\n${text}\n\n${page.slice(after)}`;
}

/** Where and when a run took place. */
export function circumstances(command: string, durationMs: number): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / GIB);
	return [
		`- Command: \`${command}\``,
		`- On ${new Date().toISOString().slice(0, 10)}, in ${minutes(durationMs)}`,
		`- Machine: ${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`,
	].join('\n');
}

function minutes(durationMs: number): string {
	const seconds = Math.round(durationMs / 1_000);
	return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

const LEFT = '---';
const RIGHT = '---:';

/** The first column to the left, numbers to the right. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	return aligned(head, rows, (index) => (index === 0 ? LEFT : RIGHT));
}

/** All columns to the left; what would end a cell is written so that it does not. */
export function textTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
	return aligned(
		head,
		rows.map((cells) => cells.map(cell)),
		() => LEFT,
	);
}

function aligned(
	head: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	alignmentOf: (column: number) => string,
): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, column) => alignmentOf(column))), ...rows.map(line)].join(
		'\n',
	);
}

export function grouped(value: number): string {
	return value.toLocaleString('en-US');
}
