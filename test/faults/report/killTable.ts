/** What came of killing n8n. */
import type { KillReport } from '../kill/kill';
import { NOTES } from '../kill/scenario';
import { VENDORS } from '../vendors';
import { table } from '../../support/page';

export function killTable(reports: readonly KillReport[]): string {
	const rows = NOTES.flatMap((notes) =>
		VENDORS.map(({ name }) => {
			const own = reports.filter(
				({ scenario }) => scenario.notes === notes && scenario.vendor.name === name,
			);
			const sent = own.map(({ sentBytes, scenario }) => sentBytes / scenario.sizeBytes);
			return [
				LABELS[notes],
				name,
				String(own.length),
				String(own.reduce((sum, { kills }) => sum + kills, 0)),
				sent.length === 0 ? '–' : `${Math.min(...sent).toFixed(2)}–${Math.max(...sent).toFixed(2)}`,
				String(own.reduce((sum, { violations }) => sum + violations.length, 0)),
			];
		}),
	);
	const seeds = reports.map(({ scenario }) => scenario.seed);
	return [
		`- Seeds: ${Math.min(...seeds)} to ${Math.max(...seeds)}, each with both vendors`,
		'',
		table(
			['Resume Folder', '', 'Uploads', 'Kills', 'Sent, in sizes of the file', 'Violations'],
			rows,
		),
	].join('\n');
}

const LABELS: Readonly<Record<(typeof NOTES)[number], string>> = {
	kept: 'there',
	damaged: 'there, its notes damaged',
	'of another file': "there, with another upload's notes",
	old: 'there, its notes from long before',
	'session gone': 'there, but the vendor has forgotten the session',
	none: 'none',
};
