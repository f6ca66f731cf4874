import type { FuzzReport } from './finding';

/** How much was tried, how it ended, and what was found, the most frequent kind first. */
export function summaryOf(reports: readonly FuzzReport[], tookMs: number): string {
	const ends = countBy(reports.flatMap((report) => Object.entries(report.ends)));
	const bad = reports.filter(({ findings }) => findings.length > 0);
	const operations = new Set(reports.map(({ operation }) => operation)).size;
	const perSecond = (reports.length / (tookMs / 1_000)).toFixed(1);
	const kinds = countBy(
		bad.flatMap(({ findings }) =>
			[...new Set(findings.map(kindOf))].map((kind) => [kind, 1] as const),
		),
	);
	const lines = [
		`${reports.length} runs of ${operations} operations in ${Math.round(tookMs / 1_000)} s, ${perSecond} a second`,
		`Items: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`,
		`${bad.length} runs with findings`,
		...[...kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `  ${count} × ${kind}`),
	];
	return `\n${lines.join('\n')}`;
}

/** The sentence without what differs from run to run. */
function kindOf(finding: string): string {
	return finding
		.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
		.replaceAll(/\d+/g, 'n')
		.split('\n')[0]!
		.slice(0, 140);
}

function countBy(entries: ReadonlyArray<readonly [string, number]>): Map<string, number> {
	const counts = new Map<string, number>();
	for (const [name, count] of entries) counts.set(name, (counts.get(name) ?? 0) + count);
	return counts;
}
