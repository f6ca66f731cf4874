/** What docs/scaling.md says of a run. */
import { circumstances, grouped, table, writeSection } from '../../support/page';
import type { HandOutReport } from './handOut';
import type { KillReport } from './killed';

const MIB = 1024 ** 2;
const COMMAND = 'npm run test:queue';

export function writeHandOut(section: 'filesystem' | 'database', report: HandOutReport): void {
	const { shares, stored, commitCalls, contentionRetries, overlappingCommits, renewals, doubles } =
		report;
	const total = (of: 'executions' | 'files' | 'bytes') =>
		shares.reduce((sum, share) => sum + share[of], 0);
	const cells = (of: 'executions' | 'files' | 'bytes', unit = 1) =>
		[...shares.map((share) => share[of]), total(of)].map((value) =>
			grouped(Math.round(value / unit)),
		);
	const head = ['', ...shares.map((_, index) => `Worker ${index + 1}`), 'Together'];
	const empty = shares.map(() => '');
	const rows = [
		['Executions that upload', ...cells('executions')],
		['Files stored', ...cells('files')],
		['MiB', ...cells('bytes', MIB)],
		['Commit calls', ...empty, grouped(commitCalls)],
		[
			'Commits that another one was in the way of, and that were repeated',
			...empty,
			grouped(contentionRetries),
		],
		['Commit calls of both workers at the same time', ...empty, grouped(overlappingCommits)],
		['Renewals of the sign-in, which expires once on the way', ...empty, grouped(renewals)],
		['Files in Dropbox', ...empty, grouped(stored.length)],
		['Files stored twice', ...empty, grouped(doubles)],
	];
	write(section, report.durationMs, table(head, rows));
}

export function writeKill(report: KillReport, durationMs: number): void {
	const { status, reason, noticedAfterMs, sentBeforeBytes, sentAfterBytes, stored } = report;
	const mib = (bytes: number) => grouped(Math.round(bytes / MIB));
	const rows = [
		['MiB sent before the worker was killed', mib(sentBeforeBytes)],
		[
			`Seconds until n8n called the execution "${status}"`,
			grouped(Math.round(noticedAfterMs / 1_000)),
		],
		['Executions that n8n began by itself', grouped(report.executionsByThemselves)],
		['MiB sent by the other worker when it was started again', mib(sentAfterBytes)],
		['Files in Dropbox', grouped(stored.length)],
	];
	const says = reason === undefined ? '' : `\n\nn8n says: "${reason}"`;
	write('killed', durationMs, table(['', 'A file of 1,024 MiB'], rows) + says);
}

function write(section: string, durationMs: number, text: string): void {
	writeSection('scaling.md', section, `${circumstances(COMMAND, durationMs)}\n\n${text}`);
}
