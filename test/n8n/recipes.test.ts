/** What `npm run n8n` shows: each recipe runs as it is set up there, in a real n8n. */
import { join } from 'node:path';

import { FormData, request } from 'undici';

import { makeAllFiles } from '../../scripts/demo/sourceFiles';
import { importExamples, prepareExamples } from '../../scripts/n8n/examples';
import { until } from '../support/until';
import type { Execution } from './api';
import { connectAccounts } from './stage';
import { useStage } from './useStage';

const DEADLINE_MS = 150_000;

let examples: ReadonlyMap<string, string>;

const stage = useStage(async ({ api, cloud, n8n }) => {
	await api.setUpOwner();
	await api.installPackage('n8n-nodes-upload-sessions');
	const credentials = await connectAccounts(api, cloud);
	const sources = await makeAllFiles(join(n8n.homeDir, '.n8n-files'), () => undefined);
	examples = await importExamples(api, credentials, await prepareExamples({ cloud, sources }));
});

const itemsOf = (execution: Execution, node: string) =>
	(execution.data.resultData.runData[node] ?? []).flatMap(({ data }) =>
		(data?.main ?? []).flatMap((items) => items ?? []),
	);

function expectFine(execution: Execution): void {
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'What Went Wrong')).toEqual([]);
}

test.each([
	['dropbox-one-file.json', 'Stored File', 1],
	['dropbox-upload-files.json', 'Stored Files', 301],
	['box-upload-files.json', 'Stored Files', 63],
	['box-new-version.json', 'Stored Version', 1],
	['box-database-backup.json', 'Stored Backup', 1],
	['dropbox-finish-elsewhere.json', 'Stored Files', 2],
	['dropbox-share-metadata.json', 'Readable List', 2],
])('%s', async (file, node, items) => {
	const { api } = stage();
	const executionId = await api.execute(examples.get(file)!, 'Run by Hand');
	const execution = await api.finished(executionId, DEADLINE_MS);
	expectFine(execution);
	expect(itemsOf(execution, node)).toHaveLength(items);
});

test('dropbox-from-form.json, filled in as a browser does', async () => {
	const { api, cloud, n8n } = stage();
	const workflowId = examples.get('dropbox-from-form.json')!;
	await api.activate(workflowId);
	const send = async () => {
		const form = new FormData();
		form.set('field-0', new Blob(['what I have to send']), 'für morgen.txt');
		const url = `${n8n.url}/form/send-a-file`;
		const { statusCode, body } = await request(url, { method: 'POST', body: form });
		await body.dump();
		return statusCode === 200;
	};
	// A published workflow listens a moment later.
	await until(send, 20_000);
	const stored = () => cloud.dropbox.files().filter(({ path }) => path.startsWith('/From a form/'));
	await until(async () => stored().length > 0, 20_000);
	expect(stored()).toMatchObject([{ path: '/From a form/für morgen.txt', size: 19 }]);
	const [execution] = await api.executions(workflowId);
	expectFine(await api.finished(execution!.id));
	await api.deactivate(workflowId);
});
