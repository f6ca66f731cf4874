/** The node as the tool of an AI agent, called by n8n's own code for tools. */
import type { IDataObject } from 'n8n-workflow';

import { nodeUnderTest, nodeWorkflow } from '../engine/workflow';
import { useRig } from '../support/rig';
import { pastTheProxy, useSourceServer } from '../support/sourceServer';

const rig = useRig({ engine: { env: pastTheProxy } });
const source = useSourceServer();

const COMMIT = 'files/upload_session/finish_batch_v2';
const LOOKS = ['files/get_metadata', 'files/list_folder'];

/** What the tool answers to each of the calls. */
async function called(calls: IDataObject[], node: object): Promise<IDataObject[]> {
	const { credentialId } = await rig().connectDropbox();
	const workflow = nodeWorkflow({
		node: { type: 'test.agent', name: 'Agent', parameters: { calls: JSON.stringify(calls) } },
	});
	const tool = nodeUnderTest({
		type: 'n8n-nodes-upload-sessions.dropboxUploadTool',
		name: 'Store a file',
		parameters: {
			resource: 'file',
			operation: 'upload',
			source: 'url',
			url: source().put('/report.txt', { content: Buffer.from('what the link gives') }),
			path: "=/{{ $fromAI('name') }}",
			ifExists: 'rename',
			options: { strictConflict: true, maxRetries: 0 },
		},
		credentials: { dropboxUploadOAuth2Api: credentialId },
		...node,
	});
	const { nodes, connections, settings } = workflow.workflow;
	const { status, outputs, error } = await rig().engine.run({
		...workflow,
		workflow: {
			settings,
			nodes: [...nodes, { ...tool, id: 'tool' }],
			connections: {
				...connections,
				[tool.name]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		},
	});
	expect([status, error]).toEqual(['success', undefined]);
	return outputs[0]!.map(({ json }) => json);
}

const stored = () =>
	rig()
		.cloud.dropbox.files()
		.map(({ path }) => path)
		.sort();
const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

it('stores a file for each call, also for calls with equal arguments', async () => {
	const answers = await called([{ name: 'a.txt' }, { name: 'a.txt' }], retried);
	expect(answers.map(({ answer }) => JSON.parse(answer as string) as unknown)).toMatchObject([
		[{ path_display: '/a.txt' }],
		[{ path_display: '/a (1).txt' }],
	]);
	expect(stored()).toEqual(['/a (1).txt', '/a.txt']);
});

it('Retry On Fail stores nothing twice, and each call is a run of its own', async () => {
	const { faults } = rig().cloud;
	faults.add({ route: COMMIT, times: Infinity, action: { kind: 'replyAfter', status: 500 } });
	for (const route of LOOKS) {
		faults.add({ route, times: Infinity, action: { kind: 'reply', status: 500 } });
	}
	const answers = await called([{ name: 'a.txt' }, { name: 'a.txt' }], retried);
	expect(answers.map(({ error }) => typeof error)).toEqual(['string', 'string']);
	expect(stored()).toEqual(['/a (1).txt', '/a.txt']);
	expect(rig().calls(COMMIT)).toHaveLength(2);
});

it('Retry On Fail repeats what is not stored', async () => {
	rig().cloud.faults.add({ route: COMMIT, action: { kind: 'reply', status: 429 } });
	rig().cloud.dropbox.contention.failNext(1);
	const [{ answer } = {}] = await called([{ name: 'a.txt' }], retried);
	expect(JSON.parse(answer as string)).toMatchObject([{ path_display: '/a.txt' }]);
	expect(stored()).toEqual(['/a.txt']);
});
