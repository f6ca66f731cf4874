/** Text for a terminal: sizes, columns and, where they are wanted, colours. */

const { stdout } = process;

/** Whether a line can be written over: not in a file, a pipe or a very plain terminal. */
export const isInteractive = stdout.isTTY && process.env.TERM !== 'dumb';

const hasColour = isInteractive && !process.env.NO_COLOR;

const paint = (code: number) => (text: string) =>
	hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

export const count = (value: number): string => value.toLocaleString('en-US');

export const plural = (value: number, noun: string): string =>
	`${count(value)} ${noun}${value === 1 ? '' : 's'}`;

export function size(bytes: number): string {
	if (bytes < 1000) return plural(bytes, 'byte');
	const [unit, divisor] = bytes < 1e6 ? ['kB', 1e3] : bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
	return `${(bytes / Number(divisor)).toFixed(1)} ${unit}`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const COLOUR_CODES = /\u001b\[\d+m/g;
const WIDE = /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60])/u;

/** Columns that a text takes: emoji and East Asian characters are two wide. */
function widthOf(text: string): number {
	const characters = [...new Intl.Segmenter().segment(text.replace(COLOUR_CODES, ''))];
	return characters.reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

/** Rows below a heading, indented; columns named in `right` are numbers. */
export function table(
	heading: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	right: readonly number[] = [],
): string {
	const all = [heading.map(dim), ...rows];
	const widths = heading.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]!))));
	const lines = all.map((row) =>
		row
			.map((cell, column) => {
				const blanks = ' '.repeat(widths[column]! - widthOf(cell));
				return right.includes(column) ? blanks + cell : cell + blanks;
			})
			.join('   ')
			.trimEnd(),
	);
	return lines.map((line) => `  ${line}`).join('\n');
}

/** A value of an item, whose type nobody knows. */
export const printable = (value: unknown): string =>
	typeof value === 'string' ? value : JSON.stringify(value);

export function print(text = ''): void {
	stdout.write(`${text}\n`);
}
