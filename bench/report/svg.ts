/**
 * A chart as a table of bars: contenders down, two measures across, each case with its own scale.
 * It has its own ground and colours for both schemes, since a page does not tell an image its own.
 */
export interface Cell {
	/** Undefined: there is only text. */
	readonly value: number | undefined;
	readonly text: string;
}

export interface Line {
	readonly label: string;
	readonly tone: 'ours' | 'other' | 'limit';
	readonly cells: readonly [Cell, Cell];
}

export interface Group {
	readonly title: string;
	readonly lines: readonly Line[];
}

export interface Chart {
	readonly title: string;
	readonly subtitle: string;
	readonly columns: readonly [string, string];
	readonly groups: readonly Group[];
}

const WIDTH = 960;
const MARGIN = 24;
const COLUMN_X = [216, 592] as const;
const BAR_WIDTH = 236;
const ROW_HEIGHT = 20;
const BAR_HEIGHT = 12;
const GROUP_HEAD = 34;
const GROUP_GAP = 10;
const HEAD_HEIGHT = 92;
const MAX_TEXT = 44;

const STYLE = `
	text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
	.title { font-size: 19px; font-weight: 600 }
	.group { font-size: 14px; font-weight: 600 }
	.muted { fill: #59636e }
	.value { font-size: 12px }
	.strong { font-weight: 600 }
	.ground { fill: #ffffff; stroke: #d1d9e0 }
	.rule { stroke: #d1d9e0 }
	.ours { fill: #0b62d6 }
	.other { fill: #98a3b1 }
	.limit { fill: #2c8a4b }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3 }
		.muted { fill: #9da7b3 }
		.ground { fill: #0d1117; stroke: #3d444d }
		.rule { stroke: #3d444d }
		.ours { fill: #58a0ff }
		.other { fill: #6b7787 }
		.limit { fill: #4bb56c }
	}`;

export function renderChart({ title, subtitle, columns, groups }: Chart): string {
	const parts = [
		text(MARGIN, 38, title, 'title'),
		text(MARGIN, 60, subtitle, 'muted'),
		...columns.map((column, index) => text(COLUMN_X[index] ?? 0, 84, column, 'strong')),
	];
	let y = HEAD_HEIGHT;
	for (const group of groups) {
		parts.push(`<line class="rule" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y}" y2="${y}"/>`);
		parts.push(text(MARGIN, y + 22, group.title, 'group'));
		y += GROUP_HEAD;
		const largest = [0, 1].map((column) =>
			Math.max(0, ...group.lines.map(({ cells }) => cells[column]?.value ?? 0)),
		);
		for (const line of group.lines) {
			parts.push(renderLine(line, y, largest));
			y += ROW_HEIGHT;
		}
		y += GROUP_GAP;
	}
	const height = y + 6;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}
</style>
<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
${parts.join('\n')}
</svg>
`;
}

function renderLine({ label, tone, cells }: Line, y: number, largest: readonly number[]): string {
	const baseline = y + BAR_HEIGHT - 1;
	const emphasis = tone === 'ours' ? 'strong' : '';
	const parts = [text(MARGIN, baseline, label, emphasis)];
	for (const [column, { value, text: shown }] of cells.entries()) {
		const x = COLUMN_X[column] ?? 0;
		if (value === undefined) {
			parts.push(text(x, baseline, shortened(shown), 'muted value'));
			continue;
		}
		const width = Math.max(2, (BAR_WIDTH * value) / (largest[column] || 1));
		const bar = `x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"`;
		parts.push(`<rect class="${tone}" ${bar}/>`);
		parts.push(text(x + width + 6, baseline, shown, `value ${emphasis}`));
	}
	return parts.join('\n');
}

function text(x: number, y: number, content: string, style: string): string {
	const shown = escaped(content);
	return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${style.trim()}">${shown}</text>`;
}

function shortened(content: string): string {
	return content.length > MAX_TEXT ? `${content.slice(0, MAX_TEXT - 1).trimEnd()}…` : content;
}

function escaped(content: string): string {
	return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
