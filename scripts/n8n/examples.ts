/** The examples in a real n8n, each with something there for it to work on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LoopbackCloud } from '../../test/cloud';
import type { N8nApi } from '../../test/n8n/api';
import { filesToCommit } from '../../test/nodes/dropbox/uploads';
import { exampleFiles, listOf, readExample, setUp } from '../../test/support/exampleWorkflow';
import type { Sources } from '../demo/sourceFiles';
import type { Prepared } from '../demo/workflows';
import { nightJobOf, selector, sharingOf, transfersOf } from '../demo/workflows';

interface Context {
	readonly cloud: LoopbackCloud;
	readonly sources: Sources;
}

type Changed = Pick<Prepared, 'example' | 'parameters'>;

export async function prepareExamples({ cloud, sources }: Context): Promise<Changed[]> {
	const shared = ['/Shared/contract.txt', '/Shared/price list.txt'];
	for (const path of shared) cloud.dropbox.putFile(path, `The content of ${path}`);
	return [
		...transfersOf(sources),
		oneFileOf(sources),
		nightJobOf(sources),
		sharingOf(shared),
		await newVersionOf({ cloud, sources }),
		backupOf(sources),
		await finishElsewhere(cloud),
	];
}

/** The largest file that there is for Dropbox. */
function oneFileOf({ dropboxLarge }: Sources): Changed {
	return {
		example: 'dropbox-one-file.json',
		parameters: { 'Read File': selector(dropboxLarge.localPath) },
	};
}

/** An older version in Box, and a newer one on the disk. */
async function newVersionOf({ cloud, sources }: Context): Promise<Changed> {
	const example = 'box-new-version.json';
	const folder = join(sources.root, 'new-version');
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'price list.txt'), 'The prices of this year');
	const { id } = cloud.box.putFile({ name: 'price list.txt', content: 'The prices of last year' });
	const upload = readExample(example).nodes.find(({ name }) => name === 'Upload New Version')!;
	return {
		example,
		parameters: {
			'Read File': selector(folder, '*'),
			'Upload New Version': { ...upload.parameters, fileId: id },
		},
	};
}

/** A file that no run has sent before. */
function backupOf({ dropboxLarge }: Sources): Changed {
	return {
		example: 'box-database-backup.json',
		parameters: { 'Read Backup': selector(dropboxLarge.localPath) },
	};
}

/** Upload sessions as another program leaves them: closed, but not saved. */
async function finishElsewhere(cloud: LoopbackCloud): Promise<Changed> {
	const paths = ['/From elsewhere/report.txt', '/From elsewhere/2026/notes.txt'];
	const sessions = (await filesToCommit({ cloud }, paths)).map(({ json }) => json);
	return {
		example: 'dropbox-finish-elsewhere.json',
		parameters: { Sessions: listOf('sessions', sessions) },
	};
}

/** The ids of the workflows, by the example's file. */
export async function importExamples(
	api: N8nApi,
	credentials: Readonly<Record<string, string>>,
	prepared: readonly Changed[],
): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	for (const file of exampleFiles()) {
		const { parameters } = prepared.find(({ example }) => example === file) ?? {};
		ids.set(file, await api.createWorkflow(setUp(readExample(file), { credentials, parameters })));
	}
	return ids;
}
