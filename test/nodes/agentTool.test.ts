/** The nodes as tools of an AI agent, on each road on which n8n runs tools. */
import type { IDataObject } from 'n8n-workflow';

import { nodeUnderTest, nodeWorkflow } from '../engine/workflow';
import { useRig } from '../support/rig';
import { useSourceServer } from '../support/sourceServer';
import { CHECK, DIRECT } from './boxUpload/uploads';

const rig = useRig();
const source = useSourceServer();

const COMMIT = 'files/upload_session/finish_batch_v2';
const LOOKS = ['files/get_metadata', 'files/list_folder'];

interface Road {
	readonly name: string;
	readonly byEngine?: boolean;
	readonly withoutExecutionId?: boolean;
}

const roads: readonly Road[] = [
	{ name: 'an agent has n8n execute the tool', byEngine: true },
	{ name: 'a sub-agent calls the tool' },
	{ name: 'the MCP Server Trigger calls the tool', withoutExecutionId: true },
];

const tools = {
	dropbox: async () => ({
		type: 'n8n-nodes-upload-sessions.dropboxUploadTool',
		parameters: { fileName: "={{ $fromAI('name') }}" },
		credentials: { dropboxUploadOAuth2Api: (await rig().connectDropbox()).credentialId },
	}),
	box: async () => ({
		type: 'n8n-nodes-upload-sessions.boxUploadTool',
		parameters: { fileName: "={{ $fromAI('name') }}" },
		credentials: { boxUploadOAuth2Api: (await rig().connectBox()).credentialId },
	}),
};

/** What the model is told of each of its calls. */
async function called(
	{ byEngine = false, withoutExecutionId = false }: Road,
	vendor: keyof typeof tools,
	calls: IDataObject[],
	node: object = {},
): Promise<IDataObject[]> {
	const workflow = nodeWorkflow({
		node: {
			type: 'test.agent',
			name: 'Agent',
			parameters: { calls: JSON.stringify(calls), byEngine },
		},
	});
	const { parameters, ...vendorTool } = await tools[vendor]();
	const tool = nodeUnderTest({
		name: 'Store a file',
		parameters: {
			resource: 'file',
			operation: 'upload',
			source: 'url',
			url: source().put('/report.txt', { content: Buffer.from('what the link gives') }),
			ifExists: "={{ $fromAI('ifExists', '', 'string', 'rename') }}",
			options: { maxRetries: 0, ...(vendor === 'dropbox' && { strictConflict: true }) },
			...parameters,
		},
		...vendorTool,
		...node,
	});
	const { nodes, connections, settings } = workflow.workflow;
	const { status, outputs, error } = await rig().engine.run({
		...workflow,
		withoutExecutionId,
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

const storedAt = {
	dropbox: () =>
		rig()
			.cloud.dropbox.files()
			.map(({ path }) => path)
			.sort(),
	box: () =>
		rig()
			.cloud.box.files()
			.map(({ path }) => path)
			.sort(),
};
const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const twoOfThem = [{ name: 'a.txt' }, { name: 'a.txt' }];

describe.each(roads)('where $name', (road) => {
	it.each(['dropbox', 'box'] as const)(
		'%s stores a file for each call, also for calls with equal arguments',
		async (vendor) => {
			const answers = await called(road, vendor, twoOfThem, retried);
			const names = answers.map(
				({ answer }) => (JSON.parse(answer as string) as IDataObject[])[0]?.name,
			);
			expect(names).toEqual(['a.txt', 'a (1).txt']);
			expect(storedAt[vendor]()).toEqual(['/a (1).txt', '/a.txt']);
		},
	);

	it('Retry On Fail stores nothing twice in Dropbox, and each call is a run of its own', async () => {
		const { faults } = rig().cloud;
		faults.add({ route: COMMIT, times: Infinity, action: { kind: 'replyAfter', status: 500 } });
		for (const route of LOOKS) {
			faults.add({ route, times: Infinity, action: { kind: 'reply', status: 500 } });
		}
		const answers = await called(road, 'dropbox', twoOfThem, retried);
		expect(answers.map(({ error }) => typeof error)).toEqual(['string', 'string']);
		expect(storedAt.dropbox()).toEqual(['/a (1).txt', '/a.txt']);
		expect(rig().calls(COMMIT)).toHaveLength(2);
	});

	it('Retry On Fail stores nothing twice in Box', async () => {
		const { faults } = rig().cloud;
		faults.add({ route: DIRECT, action: { kind: 'loseReply' } });
		// The first asks for a free name, the second for what became of the file.
		faults.add({ route: CHECK, skip: 1, action: { kind: 'reply', status: 500 } });
		const [{ error } = {}] = await called(road, 'box', [{ name: 'a.txt' }], retried);
		expect(error).toContain('The file may be stored.');
		expect(storedAt.box()).toEqual(['/a.txt']);
		expect(rig().calls(DIRECT)).toHaveLength(1);
	});

	it('Retry On Fail repeats what is not stored', async () => {
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'reply', status: 429 } });
		rig().cloud.dropbox.contention.failNext(1);
		const [{ answer } = {}] = await called(road, 'dropbox', [{ name: 'a.txt' }], retried);
		expect(JSON.parse(answer as string)).toMatchObject([{ name: 'a.txt' }]);
		expect(storedAt.dropbox()).toEqual(['/a.txt']);
	});

	it.each<[vendor: keyof typeof tools, problem: string, arguments_: IDataObject, told: string[]]>([
		[
			'dropbox',
			'a choice that there is not',
			{ name: 'a.txt', ifExists: 'replace' },
			["'If File Exists'", 'fail, overwrite, rename, skip, update'],
		],
		[
			'box',
			'a choice that there is not',
			{ name: 'a.txt', ifExists: 'replace' },
			["'If File Exists'", 'fail, rename, skip, version'],
		],
		['dropbox', 'a name that is refused', { name: 'a\u0000.txt' }, ['a\u0000.txt', 'U+0000']],
		['box', 'a name that is refused', { name: '../a.txt' }, ['../a.txt']],
	])('a model of %s is told of %s, and what to change', async (vendor, _, given, told) => {
		const [{ error } = {}] = await called(road, vendor, [given]);
		for (const text of told) expect(error).toContain(text);
		expect(storedAt[vendor]()).toEqual([]);
	});

	it('names a system error as we do, with what to do', async () => {
		rig().cloud.faults.add({ route: COMMIT, times: Infinity, action: { kind: 'loseReply' } });
		for (const route of LOOKS) {
			rig().cloud.faults.add({ route, times: Infinity, action: { kind: 'resetBefore' } });
		}
		const [{ error } = {}] = await called(road, 'dropbox', [{ name: 'a.txt' }]);
		expect(error).toContain('The file may be stored.');
	});
});
