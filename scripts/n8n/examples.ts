/** The examples in a real n8n, each with something there for it to work on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LoopbackCloud } from '../../test/cloud';
import type { N8nApi } from '../../test/n8n/api';
import { filesToCommit } from '../../test/nodes/dropbox/uploads';
import {
	exampleFiles,
	listOf,
	readExample,
	setUp,
	withForwardSlashes,
} from '../../test/support/exampleWorkflow';
import type { SourceFile, Sources } from '../demo/sourceFiles';
import type { Prepared } from '../demo/workflows';
import { nightJobOf, selector, sharingOf, transfersOf } from '../demo/workflows';

interface Context {
	readonly cloud: LoopbackCloud;
	readonly sources: Sources;
}

type Changed = Pick<Prepared, 'example' | 'parameters'> & {
	/** In place of the example's. */
	readonly name?: string;
};

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

/** The largest file that there is for Dropbox, in the workflow that a newcomer sees first. */
function oneFileOf({ dropboxLarge, root }: Sources): Changed {
	return {
		example: 'dropbox-one-file.json',
		name: 'Start here: one big file now',
		parameters: {
			'Read File': selector(dropboxLarge.localPath),
			'Read Me': { content: welcome(dropboxLarge, withForwardSlashes(root)) },
		},
	};
}

const MB = 1_000_000;

function welcome({ name, sizeBytes }: SourceFile, folder: string): string {
	return `## Welcome: one big file now

Choose **Execute workflow** below. **${name}**, ${Math.round(sizeBytes / MB)} MB, goes to a Dropbox on this machine, in parts.

- **Stored File** then says where the file is. Run it again: the file hasn't changed, so nothing is sent.
- Open **Upload File** to see the settings: *Folder*, *If File Exists* and *Skip Unchanged*.
- [All other workflows](/home/workflows) are set up in the same way.

The sample files are in \`${folder}\`. Put your own file there and enter its path in **Read File**.`;
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
		const { name, parameters } = prepared.find(({ example }) => example === file) ?? {};
		const workflow = setUp(readExample(file), { credentials, parameters });
		ids.set(file, await api.createWorkflow({ ...workflow, name: name ?? workflow.name }));
	}
	return ids;
}
