/** What a run has found, as JSON and as docs/live.md. Nothing of the account is in either. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Vendor } from '../cloud/core/contract';
import { repositoryDir } from '../support/freshBuild';
import { textTable } from '../support/page';
import type { Finding } from './assumption';
import type { UploadFinding } from './uploads';

export interface Report {
	readonly vendor: Vendor;
	/** `2026-05-12` */
	readonly date: string;
	readonly version: string;
	readonly sentBytes: number;
	/** Whether it came to its end. */
	readonly complete: boolean;
	readonly assumptions: readonly Finding[];
	readonly uploads: readonly UploadFinding[];
	/** How many things could not be removed; the run itself has listed them. */
	readonly left: number;
}

const NAMES: Readonly<Record<Vendor, string>> = { dropbox: 'Dropbox', box: 'Box' };
const VENDORS: readonly Vendor[] = ['dropbox', 'box'];
export const LIVE_DIR = join(repositoryDir, 'docs', 'live');

export function writeReport(report: Report, dir: string): string {
	mkdirSync(dir, { recursive: true });
	const file = join(dir, `${report.vendor}.json`);
	writeFileSync(file, `${JSON.stringify(report, undefined, '\t')}\n`);
	return file;
}

/** The latest of each vendor. */
export function readReports(dir = LIVE_DIR): Report[] {
	if (!existsSync(dir)) return [];
	const files = readdirSync(dir).filter((name) => name.endsWith('.json'));
	return files.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Report);
}

/** The sentence of the README, and the first of docs/live.md. */
export function statusSentence(reports: readonly Report[]): string {
	const complete = reports.filter((report) => report.complete);
	if (complete.length === 0) {
		return 'So far the nodes have been tested against strict local stand-ins for Dropbox and Box, not against the real services.';
	}
	const done = VENDORS.flatMap((vendor) => complete.filter((report) => report.vendor === vendor));
	const said = done.map((report) => {
		const broken = report.assumptions.filter(({ verdict }) => verdict === 'broken').length;
		const { date, vendor } = report;
		const what = broken === 0 ? 'and everything held' : `and ${broken} assumptions did not hold`;
		return `the real ${NAMES[vendor]} on ${date}, ${what}`;
	});
	const others = VENDORS.filter((vendor) => !done.some((report) => report.vendor === vendor));
	const rest = others.length > 0 ? `, but not against the real ${NAMES[others[0]!]}` : '';
	return `The nodes have been checked against ${said.join(', and against ')}${rest}.`;
}

export function livePage(reports: readonly Report[]): string {
	if (reports.length === 0) {
		return 'No one has run `npm run verify:live` against the real services yet.';
	}
	return reports.map(reportText).join('\n\n');
}

function reportText(report: Report): string {
	const { assumptions, complete, date, sentBytes, uploads, vendor, version } = report;
	const count = (verdict: string): number =>
		assumptions.filter((finding) => finding.verdict === verdict).length;
	const mib = Math.ceil(sentBytes / 1024 ** 2);
	const counts = `${count('held')} held, ${count('broken')} broken, ${count('not seen')} not seen`;
	const end = complete ? '' : ' The run was stopped before its end.';
	return [
		`### ${NAMES[vendor]}`,
		`On ${date}, version ${version}, ${mib} MiB sent: ${counts}.${end}`,
		textTable(
			['Upload by the node', 'Verdict', ''],
			uploads.map(({ name, said, verdict }) => [name, verdict, said]),
		),
		textTable(
			['Assumption', 'Verdict', 'Last response', 'Request ID'],
			assumptions.map(({ calls, id, said, verdict }) => {
				const last = calls.at(-1);
				const response = last ? [last.status, last.code].filter(Boolean).join(' ') : '';
				const told = said === '' ? verdict : `${verdict}: ${said}`;
				return [`\`${id}\``, told, response, last?.requestId ?? ''];
			}),
		),
	].join('\n\n');
}
