import type { IDataObject } from 'n8n-workflow';

import type { Counters } from '../../test/cloud';
import type { Compared } from './comparison';
import { bold, count, green, plural, print, printable, red, seconds, size, table } from './text';

const LARGE_FROM_BYTES = 20_000_000;

/** A row for each folder, and one for each large file. */
export function printStored(compared: readonly Compared[]): void {
	const groups = new Map<string, Compared[]>();
	for (const file of compared) {
		const { vendor, path, sizeBytes } = file;
		const folder = path.slice(0, path.lastIndexOf('/'));
		const key = `${vendor} ${sizeBytes >= LARGE_FROM_BYTES ? path : `${folder}/`}`;
		groups.set(key, [...(groups.get(key) ?? []), file]);
	}
	const rows = [...groups].map(([key, files]) => rowOf(key, files));
	print(`\n${bold('Stored')}`);
	print(table(['Where', 'Files', 'Size', 'Same hash'], rows, [1, 2, 3]));
}

function rowOf(name: string, files: readonly Compared[]): string[] {
	const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const same = files.filter(({ difference }) => difference === undefined).length;
	const verdict = `${count(same)}/${count(files.length)}`;
	return [
		name,
		count(files.length),
		size(bytes),
		same === files.length ? green(verdict) : red(verdict),
	];
}

export function printSharing(files: readonly IDataObject[]): void {
	const rows = files.map((item) => {
		const text = (field: string) => printable(item[field]);
		const actions = text('you_may').split(', ');
		return [text('file'), text('owner'), text('your_role'), plural(actions.length, 'action')];
	});
	print(`\n${bold('Sharing')}`);
	print(table(['File', 'Owner', 'Your role', 'You may'], rows));
}

export interface CarriedOut {
	readonly example: string;
	readonly files: number;
	readonly bytes: number;
	readonly durationMs: number;
	readonly requests: number;
	/** Of n8n's engine, while it ran this one. */
	readonly peakMemoryBytes: number;
}

export function printWorkflows(workflows: readonly CarriedOut[]): void {
	const heading = ['Example', 'Files', 'Size', 'Requests', 'Time', 'Peak memory'];
	const rows = workflows.map((workflow) => [
		workflow.example,
		count(workflow.files),
		size(workflow.bytes),
		count(workflow.requests),
		seconds(workflow.durationMs),
		size(workflow.peakMemoryBytes),
	]);
	print(`\n${bold('Workflows')}`);
	print(table(heading, rows, [1, 2, 3, 4, 5]));
}

export function printCounters(counters: Counters): void {
	const routes = Object.entries(counters.requestsByRoute).map(([route, requests]) => [
		route,
		count(requests),
	]);
	print(`\n${bold('Requests')}`);
	print(table(['Route', 'Requests'], [...routes, ['all', bold(count(counters.requests))]], [1]));
	print(`\n${bold('In all')}`);
	const rows = [
		['Bytes received', size(counters.bytesReceived)],
		['Connections', count(counters.connections)],
		['Most requests at once', count(counters.peakInFlight)],
		['Commits that overlapped', count(counters.overlappingCommits)],
	];
	print(table(['By Dropbox and Box', ''], rows, [1]));
}

const MAX_NAMED = 10;

/** Everything that is not as it should be, as sentences; none when all is well. */
export function problemsOf(compared: readonly Compared[], counters: Counters): string[] {
	const different = compared.filter(({ difference }) => difference !== undefined);
	const named = different
		.slice(0, MAX_NAMED)
		.map(({ vendor, path, difference }) => `${vendor} ${path} ${difference}.`);
	const unnamed = different.length - named.length;
	return [
		...named,
		...(unnamed > 0 ? [`And ${plural(unnamed, 'more file')}.`] : []),
		...(counters.overlappingCommits > 0
			? [`Commits overlapped ${plural(counters.overlappingCommits, 'time')}.`]
			: []),
	];
}
