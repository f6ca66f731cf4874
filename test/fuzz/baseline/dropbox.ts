/** Operations of Dropbox Upload that work. */
import type { IDataObject } from 'n8n-workflow';

import type { Random } from '../../faults/campaign/random';
import type { Rig } from '../../support/rig';
import type { Baseline, MakeBaseline, PlannedFile } from './baseline';
import { nothingToPrepare, plannedFiles } from './baseline';
import type { DirectCall } from './direct';
import { dropboxContent, dropboxRpc } from './direct';

const OUT = '/out';
const SHARED = '/shared';

const pathOf = (folder: string, { fileName }: PlannedFile): string => `${folder}/${fileName}`;

function upload(random: Random, count: number, seed: number): Baseline {
	const ifExists = random.pick(['fail', 'fail', 'overwrite', 'rename', 'skip']);
	const isLinked = random.chance(0.25);
	const hasTaken = random.chance(0.3);
	const files = plannedFiles(random, count, seed);
	const common: Record<string, unknown> = {
		source: 'binary',
		binaryPropertyName: 'data',
		folder: {
			__rl: true,
			mode: random.pick(['path', 'list']),
			value: random.pick([OUT, '', '/a/b']),
		},
		ifExists,
		'options.maxRetries': 1,
		...(random.chance(0.3) && { skipUnchanged: true }),
		...(isLinked && { 'options.sharedLink': true }),
		...(random.chance(0.2) && { 'options.clientModified': '2026-05-04T15:40:00Z' }),
	};
	const isNamed = random.chance(0.3);
	const items = files.map((file) => ({
		values: isNamed ? { fileName: `typed-${file.fileName}` } : {},
		file,
		carriesFile: true,
		isTaken: hasTaken && random.chance(0.5),
	}));
	return { ...only('file', 'upload'), common, items, stores: true, prepare: nothingToPrepare };
}

function append(random: Random, count: number, seed: number): Baseline {
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: { offset: 0 },
		file,
		carriesFile: true,
	}));
	return {
		...only('uploadSession', 'append'),
		common: { binaryPropertyName: 'data', 'options.maxRetries': 1 },
		items,
		stores: false,
		prepare: sessions(items.map(() => '')),
	};
}

function start(random: Random, count: number, seed: number): Baseline {
	const carriesFile = random.chance(0.5);
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: {},
		file,
		carriesFile,
	}));
	return {
		...only('uploadSession', 'start'),
		common: { binaryPropertyName: carriesFile ? 'data' : '', 'options.maxRetries': 1 },
		items,
		stores: false,
		prepare: nothingToPrepare,
	};
}

/** With the bytes in the session already, or with the last of them in the item. */
function finish(random: Random, count: number, seed: number): Baseline {
	const carriesFile = random.chance(0.4);
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: { offset: carriesFile ? 0 : file.content.length, path: pathOf(OUT, file) },
		file,
		carriesFile,
	}));
	return {
		...only('uploadSession', 'finish'),
		common: { binaryPropertyName: carriesFile ? 'data' : '', 'options.maxRetries': 1 },
		items,
		stores: true,
		prepare: sessions(items.map(({ file }) => (carriesFile ? '' : file.content))),
	};
}

function finishBatch(random: Random, count: number, seed: number): Baseline {
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: { offset: file.content.length, path: pathOf(OUT, file) },
		file,
		carriesFile: false,
	}));
	return {
		...only('uploadBatch', 'finishBatch'),
		common: {
			'options.maxRetries': 1,
			...(random.chance(0.3) && { 'options.commitMethod': 'job' }),
		},
		items,
		stores: true,
		prepare: sessions(
			items.map(({ file }) => file.content),
			true,
		),
	};
}

/** One job for each item; its file is stored by then. */
function checkJob(random: Random, count: number, seed: number): Baseline {
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: {},
		file,
		carriesFile: false,
	}));
	return {
		...only('uploadBatch', 'checkJob'),
		hasSeveral: true,
		common: { 'options.maxRetries': 1 },
		items,
		stores: false,
		prepare: async (rig, accessToken) => {
			const call = { rig, accessToken };
			const jobs: IDataObject[] = [];
			for (const { file } of items) {
				const sessionId = await session(call, file.content, true);
				const cursor = { session_id: sessionId, offset: file.content.length };
				const argument = { entries: [{ cursor, commit: { path: pathOf(OUT, file) } }] };
				const route = 'files/upload_session/finish_batch';
				const { async_job_id: asyncJobId } = await dropboxRpc<IDataObject>(call, route, argument);
				jobs.push({ asyncJobId });
			}
			return jobs;
		},
	};
}

function sharedFile(operation: string): MakeBaseline {
	return (random, count, seed) => {
		const items = plannedFiles(random, count, seed).map((file) => ({
			values: { file: pathOf(SHARED, file) },
			file,
			carriesFile: false,
		}));
		return {
			...only('sharedFile', operation),
			common: { 'options.maxRetries': 1 },
			items,
			stores: false,
			prepare: (rig: Rig) => {
				for (const { file } of items) rig.cloud.dropbox.putFile(pathOf(SHARED, file), file.content);
				return nothingToPrepare();
			},
		};
	};
}

function only(
	resource: string,
	operation: string,
): Pick<Baseline, 'vendor' | 'resource' | 'operation'> {
	return { vendor: 'Dropbox', resource, operation };
}

function sessions(contents: readonly string[], isClosed = false): Baseline['prepare'] {
	return async (rig, accessToken) => {
		const ids: IDataObject[] = [];
		for (const content of contents) {
			ids.push({ sessionId: await session({ rig, accessToken }, content, isClosed) });
		}
		return ids;
	};
}

async function session(call: DirectCall, content: string, close: boolean): Promise<string> {
	const route = 'files/upload_session/start';
	const reply = await dropboxContent<{ session_id: string }>(call, route, { close }, content);
	return reply.session_id;
}

export const dropboxBaselines: Readonly<Record<string, MakeBaseline>> = {
	'file upload': upload,
	'uploadSession append': append,
	'uploadSession start': start,
	'uploadSession finish': finish,
	'uploadBatch finishBatch': finishBatch,
	'uploadBatch checkJob': checkJob,
	'sharedFile get': sharedFile('get'),
	'sharedFile getMany': sharedFile('getMany'),
	'sharedFile getLink': sharedFile('getLink'),
};
