/** Operations of Box Upload that work. */
import { createHash } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import type { Random } from '../../faults/campaign/random';
import type { Baseline, MakeBaseline, PlannedFile, PlannedItem } from './baseline';
import { nothingToPrepare, plannedFiles } from './baseline';
import type { DirectCall } from './direct';
import { boxUpload } from './direct';

/** Larger than any planned file, so that each is one part. */
export const BOX_SETTINGS = { minimumSessionBytes: 1, partSizeBytes: 1_024 };

function upload(random: Random, count: number, seed: number): Baseline {
	const isLinked = random.chance(0.25);
	const hasTaken = random.chance(0.3);
	const folder = random.pick([
		{ mode: 'list', value: '0' },
		{ mode: 'id', value: '0' },
		{ mode: 'path', value: '/out' },
		{ mode: 'path', value: '/a/b' },
	]);
	const isNamed = random.chance(0.3);
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: isNamed ? { fileName: `typed-${file.fileName}` } : {},
		file,
		carriesFile: true,
		isTaken: hasTaken && random.chance(0.5),
	}));
	return {
		...only('file', 'upload'),
		common: {
			source: 'binary',
			binaryPropertyName: 'data',
			parentFolderId: { __rl: true, ...folder },
			ifExists: random.pick(['fail', 'fail', 'rename', 'skip', 'version']),
			'options.maxRetries': 1,
			...(random.chance(0.3) && { skipUnchanged: true }),
			...(isLinked && { 'options.sharedLink': true }),
			...(random.chance(0.2) && { 'attributes.contentModifiedAt': '2026-05-04T15:40:00Z' }),
		},
		items,
		stores: true,
		prepare: nothingToPrepare,
	};
}

function create(random: Random, count: number, seed: number): Baseline {
	const items = plannedFiles(random, count, seed).map((file) => ({
		values: { fileName: file.fileName },
		file,
		carriesFile: true,
	}));
	return {
		...only('uploadSession', 'create'),
		common: {
			parentFolderId: { __rl: true, mode: 'id', value: '0' },
			binaryPropertyName: 'data',
			'options.maxRetries': 1,
		},
		items,
		stores: false,
		prepare: nothingToPrepare,
	};
}

function onSession(operation: string, withParts: boolean): MakeBaseline {
	return (random, count, seed) => {
		const items = filesFor(random, count, seed, false);
		return {
			...only('uploadSession', operation),
			common: { 'options.maxRetries': 1 },
			items,
			stores: false,
			prepare: sessions(items, withParts),
		};
	};
}

function onFile(operation: string): MakeBaseline {
	return (random, count, seed) => {
		const items = filesFor(random, count, seed, true);
		return {
			...only('uploadSession', operation),
			common: { binaryPropertyName: 'data', 'options.maxRetries': 1 },
			items,
			stores: false,
			prepare: sessions(items, false),
		};
	};
}

function uploadPart(random: Random, count: number, seed: number): Baseline {
	const items = filesFor(random, count, seed, true);
	return {
		...only('uploadSession', 'uploadPart'),
		common: { binaryPropertyName: 'data', offset: 0, 'options.maxRetries': 1 },
		items,
		stores: false,
		prepare: sessions(items, false),
	};
}

function commit(random: Random, count: number, seed: number): Baseline {
	const items = filesFor(random, count, seed, true);
	return {
		...only('uploadSession', 'commit'),
		common: { binaryPropertyName: 'data', 'options.maxRetries': 1 },
		items,
		stores: true,
		prepare: sessions(items, true),
	};
}

function filesFor(
	random: Random,
	count: number,
	seed: number,
	carriesFile: boolean,
): PlannedItem[] {
	return plannedFiles(random, count, seed).map((file) => ({ values: {}, file, carriesFile }));
}

function only(
	resource: string,
	operation: string,
): Pick<Baseline, 'vendor' | 'resource' | 'operation'> {
	return { vendor: 'Box', resource, operation };
}

function sessions(items: readonly PlannedItem[], withParts: boolean): Baseline['prepare'] {
	return async (rig, accessToken) => {
		const ids: IDataObject[] = [];
		for (const { file } of items) {
			ids.push({ sessionId: await session({ rig, accessToken }, file, withParts) });
		}
		return ids;
	};
}

async function session(
	call: DirectCall,
	{ fileName, content }: PlannedFile,
	withPart: boolean,
): Promise<string> {
	const body = { file_size: content.length, folder_id: '0', file_name: fileName };
	const { id } = await boxUpload<{ id: string }>(
		call,
		'POST',
		'/upload_sessions',
		{ 'content-type': 'application/json' },
		Buffer.from(JSON.stringify(body)),
	);
	if (!withPart) return id;
	const digest = createHash('sha1').update(content).digest('base64');
	const headers = {
		'content-type': 'application/octet-stream',
		'content-range': `bytes 0-${content.length - 1}/${content.length}`,
		digest: `sha=${digest}`,
	};
	await boxUpload(call, 'PUT', `/upload_sessions/${id}`, headers, Buffer.from(content));
	return id;
}

export const boxBaselines: Readonly<Record<string, MakeBaseline>> = {
	'file upload': upload,
	'uploadSession create': create,
	'uploadSession abort': onSession('abort', false),
	'uploadSession get': onSession('get', true),
	'uploadSession listParts': onSession('listParts', true),
	'uploadSession plan': onFile('plan'),
	'uploadSession uploadPart': uploadPart,
	'uploadSession commit': commit,
};
