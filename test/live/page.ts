/** docs/assumptions.md, written from the tables of the command. */
import type { Assumption } from './assumption';
import { boxAssumptions } from './box/assumptions';
import { dropboxAssumptions } from './dropbox/assumptions';

export const assumptions: readonly Assumption[] = [...dropboxAssumptions, ...boxAssumptions];

const HEAD =
	'| ID | What | Source | Checked | If it is not so | Test |\n| --- | --- | --- | --- | --- | --- |';

export function assumptionTable(of: readonly Assumption[]): string {
	const rows = of.map(({ checked, id, otherwise, source, test, what }) => {
		const from = source === 'none' ? 'none' : `[${new URL(source).hostname}](${source})`;
		const cells = [`\`${id}\``, what, from, checked, otherwise, `[test](../${test})`];
		return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	});
	return [HEAD, ...rows].join('\n');
}
