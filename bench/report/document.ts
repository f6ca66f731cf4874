/** What was measured, where and with what, for docs/performance.md. */
import { CASES } from '../cases';
import type { Results, Row } from '../results';
import {
	casesOf,
	cloudShare,
	commandsOf,
	grouped,
	isSampled,
	medianOf,
	megabytes,
	revisionsOf,
	seconds,
	spreadOf,
	VENDOR_TITLES,
} from './figures';

type Format = (row: Row) => string;

interface Table {
	readonly title: string;
	readonly network: Row['network'];
	readonly format: Format;
}

const TABLES: readonly Table[] = [
	{ title: 'Seconds, bare loopback', network: 'loopback', format: wall },
	{ title: 'Seconds, modeled line', network: 'line', format: wall },
	{ title: 'Seconds, home line', network: 'home', format: wall },
	{ title: 'Seconds, slow line', network: 'slow', format: wall },
	{ title: "Seconds, modeled line, at Box's published limits", network: 'limited', format: wall },
	{ title: "Refused requests, at Box's published limits", network: 'limited', format: refused },
	{ title: 'CPU seconds of the client, bare loopback', network: 'loopback', format: cpu },
	{ title: 'Growth of memory in MB, bare loopback', network: 'loopback', format: memory },
	{
		title: 'Delay of the event loop in ms, p99 / longest, bare loopback',
		network: 'loopback',
		format: loop,
	},
	{ title: 'Requests / connections, bare loopback', network: 'loopback', format: traffic },
	{ title: 'MB on the wire, bare loopback', network: 'loopback', format: wire },
	{ title: "The cloud's share of a core, bare loopback", network: 'loopback', format: share },
];

export function renderMeasured({ machine, versions, rows }: Results): string {
	const days = rows.map(({ measuredAt }) => measuredAt.slice(0, 10)).sort();
	const facts = [
		`- Machine: ${machineOf(machine)}`,
		`- Versions: ${Object.entries(versions)
			.map((pair) => pair.join(' '))
			.join(', ')}; this package ${revisionsOf(rows)}`,
		`- Load of the machine before the runs (1-minute average): ${loadOf(rows)}`,
		`- Measured: ${[...new Set([days[0], days.at(-1)])].join(' to ')}`,
		`- Command: ${commandsOf(rows)}`,
	].join('\n');
	const vendors = (['dropbox', 'box'] as const).map((vendor) => {
		const ofVendor = rows.filter((row) => row.vendor === vendor);
		const own = ofVendor.filter((row) => !isFromUrl(row));
		if (ofVendor.length === 0) return '';
		const name = VENDOR_TITLES[vendor];
		const images = ['time', 'cost'].map(
			(chart) => `![${name}: ${chart}](images/bench/${vendor}-${chart}.svg)`,
		);
		const tables = TABLES.map((table) => renderTable(own, table));
		const fromUrl = renderFromUrl(ofVendor.filter(isFromUrl));
		return [`## ${name}`, ...images, ...tables, fromUrl, failures(ofVendor)]
			.filter(Boolean)
			.join('\n\n');
	});
	return [facts, ...vendors].filter(Boolean).join('\n\n');
}

function isFromUrl({ caseId }: Row): boolean {
	return CASES.find(({ id }) => id === caseId)?.isFromUrl === true;
}

/** Another question than the other cases: what it costs that the file is not in n8n yet. */
function renderFromUrl(rows: readonly Row[]): string {
	if (rows.length === 0) return '';
	const head = ['', 'seconds', 'CPU seconds', 'memory, MB', 'written to disk, MB'];
	const lines = rows.map((row) => {
		const what = `${row.caseTitle}, ${row.network}: ${row.title}`;
		if (row.note !== undefined) return [what, noteOf(row.note), '–', '–', '–'];
		return [what, wall(row), cpu(row), memory(row), disk(row)];
	});
	return ['### From a URL', markdownTable(head, lines)].join('\n\n');
}

export function machineOf(machine: Results['machine']): string {
	const { processor, cores, memoryGiB, system, node } = machine;
	return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`;
}

/** A benchmark keeps a core or two busy by itself; much more is somebody else's work. */
export function loadOf(rows: readonly Row[]): string {
	const loads = rows
		.flatMap(({ runs }) => runs.map(({ loadAverage }) => loadAverage))
		.sort((one, other) => one - other);
	const at = (share: number) => (loads[Math.floor(share * (loads.length - 1))] ?? 0).toFixed(1);
	return `${at(0.5)} in the median, ${at(0)} to ${at(1)}`;
}

function renderTable(rows: readonly Row[], { title, network, format }: Table): string {
	const here = rows.filter((row) => row.network === network);
	if (here.length === 0) return '';
	const cases = casesOf(here);
	const contenders = [...new Map(here.map((row) => [row.contender, row.title]))];
	const order = cases[0]?.contenders.map(({ contender }) => contender) ?? [];
	contenders.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
	const lines = cases.map(({ caseId, caseTitle }) => {
		const cells = contenders.map(([contender]) => {
			const row = here.find((one) => one.caseId === caseId && one.contender === contender);
			if (!row) return '–';
			return row.note === undefined ? format(row) : noteOf(row.note);
		});
		return [caseTitle, ...cells];
	});
	const head = ['', ...contenders.map(([, contenderTitle]) => contenderTitle)];
	return [`### ${title}`, markdownTable(head, lines)].join('\n\n');
}

/** How it failed is told below the tables. */
export function noteOf(note: string): string {
	return note.startsWith('failed') ? 'failed' : note;
}

export function markdownTable(
	head: readonly string[],
	lines: ReadonlyArray<readonly string[]>,
): string {
	const rule = ['---', ...head.slice(1).map(() => '---:')];
	return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function failures(rows: readonly Row[]): string {
	const lines = rows
		.filter(({ note }) => note?.startsWith('failed'))
		.map((row) => `- ${row.title}, ${row.caseTitle}, ${row.network}: ${row.note ?? ''}`);
	return lines.length === 0 ? '' : ['### How those failed that failed', '', ...lines].join('\n');
}

function about(row: Row, text: string): string {
	return isSampled(row) ? `≈ ${text}` : text;
}

export function wall(row: Row): string {
	const spread = spreadOf(row, 'wallMs');
	if (!spread) return 'n/a';
	const [median, min, max] = [spread.median, spread.min, spread.max].map((ms) =>
		seconds(ms / 1000),
	);
	return about(row, row.runs.length === 1 ? `${median}` : `${median} (${min}–${max})`);
}

export function cpu(row: Row): string {
	const value = medianOf(row, 'cpuSeconds');
	return value === undefined ? 'n/a' : about(row, seconds(value));
}

export function memory(row: Row): string {
	const value = medianOf(row, 'peakGrowthBytes');
	return value === undefined ? 'n/a' : megabytes(value);
}

function loop(row: Row): string {
	const [p99, longest] = [medianOf(row, 'loopP99Ms'), medianOf(row, 'loopLongestMs')];
	return p99 === undefined || longest === undefined
		? 'n/a'
		: `${seconds(p99)} / ${grouped(longest)}`;
}

export function disk(row: Row): string {
	const value = medianOf(row, 'diskBytes');
	return value === undefined ? 'n/a' : megabytes(value);
}

function traffic(row: Row): string {
	const numbers = [medianOf(row, 'requests'), medianOf(row, 'connections')];
	return about(row, numbers.map((value) => grouped(value ?? 0)).join(' / '));
}

function refused(row: Row): string {
	return about(row, grouped(medianOf(row, 'refusals') ?? 0));
}

function wire(row: Row): string {
	return about(row, megabytes(medianOf(row, 'wireBytes') ?? 0));
}

function share(row: Row): string {
	const value = cloudShare(row);
	return value === undefined ? 'n/a' : `${Math.round(value * 100)} %`;
}
