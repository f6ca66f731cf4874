/** What docs/scaling.md says of a run. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { circumstances, grouped, table, writeSection } from '../../support/page';
import { installedN8n } from '../installed';
import type { HandOutReport } from './handOut';
import type { KillReport } from './killed';

const MIB = 1024 ** 2;
const COMMAND = 'npm run test:queue';

export async function writeHandOut(
	section: 'filesystem' | 'database',
	report: HandOutReport,
): Promise<void> {
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
	await write(section, report.durationMs, table(head, rows));
}

export async function writeKill(report: KillReport, durationMs: number): Promise<void> {
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
	await write('killed', durationMs, table(['', 'A file of 1,024 MiB'], rows) + says);
}

async function write(section: string, durationMs: number, text: string): Promise<void> {
	const facts = [circumstances(COMMAND, durationMs), `- ${await versions()}`].join('\n');
	writeSection('scaling.md', section, `${facts}\n\n${text}`);
}

/** The test itself may run on an older Node.js than n8n does. */
async function versions(): Promise<string> {
	const { n8nDir, nodePath } = await installedN8n();
	const manifest = readFileSync(join(n8nDir, 'node_modules', 'n8n', 'package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const node = execFileSync(nodePath, ['--version'], { encoding: 'utf8' });
	return `n8n ${version} on Node ${node.trim()}, all processes and the local Dropbox on this machine`;
}
