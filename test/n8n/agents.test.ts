/**
 * The nodes as tools in a real n8n: of an AI Agent whose model says what is written down, and of any program that
 * speaks the Model Context Protocol, through the MCP Server Trigger.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';
import { FormData, request } from 'undici';

import { contentHash } from '../cloud/dropbox';
import { byPath } from '../support/destination';
import { readExample, setUp, withForwardSlashes } from '../support/exampleWorkflow';
import { useSourceServer } from '../support/sourceServer';
import { until } from '../support/until';
import { McpClient } from './agents/mcpClient';
import type { Move, Step as ModelStep, Turn } from './agents/scriptedModel';
import { API_KEY, ScriptedModel } from './agents/scriptedModel';
import type { AgentParts } from './agents/workflows';
import { AGENT, agentWorkflow, mcpWorkflow, subAgentWorkflow } from './agents/workflows';
import type { Execution, NewWorkflow } from './api';
import { connectAccounts } from './stage';
import { useStage } from './useStage';
import type { Step } from './workflows';
import { readFiles } from './workflows';

const COMMIT = 'files/upload_session/finish_batch_v2';
const DROPBOX_LOOKS = ['files/get_metadata', 'files/list_folder'];
const BOX_UPLOAD = 'POST /files/content';
const BOX_CHECK = 'OPTIONS /files/content';
const CONTENT = 'what the link gives';

const manual: Step = {
	name: 'Run by Hand',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
};

let credentials: Record<string, string>;
let model: ScriptedModel;
let openAiApi: string;

const stage = useStage(async ({ api, cloud }) => {
	await api.setUpOwner();
	await api.installPackage('n8n-nodes-upload-sessions');
	credentials = await connectAccounts(api, cloud, { sharedLinks: true });
	model = await ScriptedModel.start();
	const ofModel = { apiKey: API_KEY, url: model.url };
	openAiApi = await api.createCredential('Scripted model', 'openAiApi', ofModel);
});

afterAll(async () => await model?.stop());

const source = useSourceServer();

beforeEach(async () => {
	await stage().cloud.idle();
	stage().cloud.reset();
});

/** A field that the model fills in; what a person gets who clicks "Let the model define this parameter". */
const fromModel = (name: string, description: string, usual?: string): string =>
	`={{ $fromAI('${name}', '${description}', 'string'${usual === undefined ? '' : `, '${usual}'`}) }}`;

const dropbox = (name: string, parameters: INodeParameters, more: Partial<Step> = {}): Step => ({
	name,
	type: 'n8n-nodes-upload-sessions.dropboxUploadTool',
	typeVersion: 1,
	parameters: { resource: 'file', operation: 'upload', ...parameters },
	credentials: {
		dropboxUploadOAuth2Api: { id: credentials.dropboxUploadOAuth2Api!, name: 'Dropbox account' },
	},
	...more,
});

const box = (name: string, parameters: INodeParameters, more: Partial<Step> = {}): Step => ({
	name,
	type: 'n8n-nodes-upload-sessions.boxUploadTool',
	typeVersion: 1,
	parameters: { resource: 'file', operation: 'upload', ...parameters },
	credentials: { boxUploadOAuth2Api: { id: credentials.boxUploadOAuth2Api!, name: 'Box account' } },
	...more,
});

const LINK = fromModel('Link', 'Where the document is: a web address');
const NAME = fromModel('File_Name', 'What to call the document, with its extension');
const IF_EXISTS = fromModel('If_File_Exists', 'What to do if the name is taken', 'fail');

/** Files a document from a link, always below one folder. */
const fileLink = {
	dropbox: (options: INodeParameters = {}, more: Partial<Step> = {}) =>
		dropbox(
			'File Link in Dropbox',
			{
				source: 'url',
				url: LINK,
				folder: byPath('/Inbox'),
				fileName: NAME,
				ifExists: IF_EXISTS,
				options: { maxRetries: 0, ...options },
			},
			more,
		),
	box: (options: INodeParameters = {}, more: Partial<Step> = {}) =>
		box(
			'File Link in Box',
			{
				source: 'url',
				url: LINK,
				parentFolderId: byPath('/Inbox'),
				fileName: NAME,
				ifExists: IF_EXISTS,
				options: { maxRetries: 0, ...options },
			},
			more,
		),
};

const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const link = () => source().put('/report.txt', { content: Buffer.from(CONTENT) });

const storedAt = {
	dropbox: () =>
		stage()
			.cloud.dropbox.files()
			.map(({ path }) => path)
			.sort(),
	box: () =>
		stage()
			.cloud.box.files()
			.map(({ path }) => path)
			.sort(),
};

const callsOf = (route: string) => stage().cloud.log.filter((line) => line.route === route);

/** Runs the workflow by hand while the model takes these steps, and no other. */
async function run(
	makeWorkflow: (parts: AgentParts) => NewWorkflow,
	parts: Omit<AgentParts, 'name' | 'openAiApi' | 'before'> & Partial<AgentParts>,
	steps: readonly ModelStep[],
): Promise<string> {
	const { api } = stage();
	model.play(...steps);
	const workflow = makeWorkflow({ name: 'Agent', openAiApi, before: [manual], ...parts });
	const id = await api.createWorkflow(workflow);
	const execution = await api.finished(await api.execute(id, manual.name));
	expect([execution.data.resultData.error, execution.status]).toEqual([undefined, 'success']);
	expect([model.problems, model.stepsLeft]).toEqual([[], 0]);
	return answerOf(execution);
}

interface Server {
	readonly client: McpClient;
	stop(): Promise<void>;
}

/** A client of a workflow with an MCP Server Trigger. */
async function serve(path: string, workflow: NewWorkflow): Promise<Server> {
	const { api, n8n } = stage();
	const workflowId = await api.createWorkflow(workflow);
	await api.activate(workflowId);
	let client: McpClient | undefined;
	// A published workflow listens a moment later.
	await until(async () => {
		client = await McpClient.connect(`${n8n.url}/mcp/${path}`).catch(() => undefined);
		return client !== undefined;
	}, 20_000);
	return {
		client: client!,
		stop: async () => {
			await client!.close();
			await api.deactivate(workflowId);
		},
	};
}

function answerOf(execution: Execution): string {
	const [{ data } = {}] = execution.data.resultData.runData[AGENT]!.slice(-1);
	return data?.main?.[0]?.[0]?.json.output as string;
}

type Call = [tool: string, given?: Record<string, string>];

const call = (...calls: readonly Call[]): Move => ({
	call: calls.map(([tool, given = {}]) => ({ tool, arguments: given })),
});

const last = ({ results }: Turn): string => results[results.length - 1] ?? '';

/** What the model reads in an answer of a tool. */
function valueIn(result: string, name: string): string {
	const found = new RegExp(`"${name}":"([^"]+)"`).exec(result)?.[1];
	if (found === undefined) throw new Error(`No ${name} in ${result}`);
	return found;
}

describe('an AI Agent', () => {
	test('files a link and a file that an expression names, and answers with path, link and sharing', async () => {
		const dir = join(stage().n8n.homeDir, '.n8n-files', 'scans');
		mkdirSync(dir, { recursive: true });
		writeFileSync(join(dir, 'scan.txt'), 'what was scanned');
		const scan = "={{ $('Read Files').item.binary.data }}";
		const withLink = { options: { sharedLink: true } };
		const tools = [
			fileLink.dropbox({ sharedLink: true }),
			fileLink.box({ sharedLink: true }),
			dropbox('File Scan in Dropbox', {
				binaryPropertyName: scan,
				folder: byPath('/Scans'),
				...withLink,
			}),
			box('File Scan in Box', {
				binaryPropertyName: scan,
				parentFolderId: byPath('/Scans'),
				...withLink,
			}),
			dropbox('Who Can See It', {
				resource: 'sharedFile',
				operation: 'get',
				file: fromModel('File', 'Path of the file in Dropbox'),
			}),
		];
		const before = [manual, readFiles(`${withForwardSlashes(dir)}/*`)];
		const answer = await run(agentWorkflow, { tools, before }, [
			() => {
				const given = { Link: link(), File_Name: 'report.txt' };
				return call(['File_Link_in_Dropbox', given], ['File_Link_in_Box', given]);
			},
			() => call(['File_Scan_in_Dropbox'], ['File_Scan_in_Box']),
			({ results }) => call(['Who_Can_See_It', { File: valueIn(results[0]!, 'path') }]),
			({ results }) => {
				const [inDropbox, inBox, scanInDropbox, scanInBox, sharing] = results as string[];
				return {
					say: [
						`Dropbox: ${valueIn(inDropbox!, 'path')}, ${valueIn(inDropbox!, 'link')}`,
						`Box: ${valueIn(inBox!, 'path')}, ${valueIn(inBox!, 'link')}`,
						`Scans: ${valueIn(scanInDropbox!, 'path')}, ${valueIn(scanInBox!, 'path')}`,
						`Owner: ${/"owners":\["([^"]+)"\]/.exec(sharing!)?.[1]}`,
					].join('\n'),
				};
			},
		]);

		expect(answer).toMatch(/^Dropbox: \/Inbox\/report\.txt, https:\/\/www\.dropbox\.com\/\S+$/m);
		expect(answer).toMatch(/^Box: \/Inbox\/report\.txt, https:\/\/\S*box\.com\/\S+$/m);
		expect(answer).toMatch(/^Scans: \/Scans\/scan\.txt, \/Scans\/scan\.txt$/m);
		expect(answer).toMatch(/^Owner: Pat Personal$/m);
		expect(storedAt.dropbox()).toEqual(['/Inbox/report.txt', '/Scans/scan.txt']);
		expect(storedAt.box()).toEqual(['/Inbox/report.txt', '/Scans/scan.txt']);
		const stored = stage().cloud.dropbox.file('/Inbox/report.txt');
		expect(stored?.contentHash).toBe(contentHash(Buffer.from(CONTENT)));

		const [{ tools: offered }] = model.turns as [Turn];
		const described = [...offered].sort((one, other) => (one.name < other.name ? -1 : 1));
		const forLink = {
			properties: {
				Link: { type: 'string', description: 'Where the document is: a web address' },
				File_Name: { type: 'string', description: 'What to call the document, with its extension' },
				If_File_Exists: { type: 'string', default: 'fail' },
			},
			required: ['Link', 'File_Name'],
		};
		const forSharing = { properties: { File: { type: 'string' } }, required: ['File'] };
		expect(
			described.map(({ name, description, parameters }) => [name, description, parameters]),
		).toMatchObject([
			['File_Link_in_Box', 'Upload file in Box Upload', forLink],
			['File_Link_in_Dropbox', 'Upload files in Dropbox Upload', forLink],
			['File_Scan_in_Box', 'Upload file in Box Upload', { properties: {} }],
			['File_Scan_in_Dropbox', 'Upload files in Dropbox Upload', { properties: {} }],
			['Who_Can_See_It', 'Get sharing metadata of file in Dropbox Upload', forSharing],
		]);
	});

	test.each(['dropbox', 'box'] as const)(
		'of %s learns from an error what to change, and does it right',
		async (vendor) => {
			const tool = { dropbox: 'File_Link_in_Dropbox', box: 'File_Link_in_Box' }[vendor];
			const told: string[] = [];
			const retell = (turn: Turn) => void told.push(last(turn));
			await run(agentWorkflow, { tools: [fileLink[vendor]()] }, [
				() => call([tool, { Link: link(), File_Name: 'a.txt', If_File_Exists: 'replace' }]),
				(turn) => {
					retell(turn);
					const [choice] = /Use one of: (\w+)/.exec(last(turn))!.slice(1);
					return call([tool, { Link: link(), File_Name: '\u0000.txt', If_File_Exists: choice! }]);
				},
				(turn) => {
					retell(turn);
					return call([tool, { File_Name: 'a.txt' }]);
				},
				(turn) => {
					retell(turn);
					return call([tool, { Link: `${link()}.gone`, File_Name: 'a.txt' }]);
				},
				(turn) => {
					retell(turn);
					return call([tool, { Link: link(), File_Name: 'a.txt' }]);
				},
				() => ({ say: 'Done' }),
			]);
			expect(told).toEqual([
				expect.stringMatching(/'If File Exists' isn't one of its choices.* Use one of: fail, /),
				expect.stringContaining('U+0000'),
				expect.stringMatching(/'URL' returned no value.* it must provide a value/),
				expect.stringContaining('no file at the URL'),
			]);
			expect(storedAt[vendor]()).toEqual(['/Inbox/a.txt']);
		},
	);

	test('cannot leave the folder that its tool is set to', async () => {
		const names = ['/Elsewhere/a.txt', '../a.txt', 'ns:1/a.txt', '..', '/../../a.txt', 'b.txt'];
		await run(agentWorkflow, { tools: [fileLink.dropbox(), fileLink.box()] }, [
			() =>
				call(
					...names.flatMap((File_Name): Call[] => {
						const given = { Link: link(), File_Name };
						return [
							['File_Link_in_Dropbox', given],
							['File_Link_in_Box', given],
						];
					}),
				),
			() => ({ say: 'Done' }),
		]);
		// A name with a slash is refused, so that no folder is the model's choice.
		expect(storedAt.dropbox()).toEqual(['/Inbox/b.txt']);
		expect(storedAt.box()).toEqual(['/Inbox/b.txt']);
	});
});

const TWO_CALLS: ModelStep = () => {
	const given = { Link: link(), File_Name: 'a.txt', If_File_Exists: 'rename' };
	return call(['File_Link_in_Dropbox', given], ['File_Link_in_Box', given]);
};

const filing = () => [
	fileLink.dropbox({ strictConflict: true }, retried),
	fileLink.box({}, retried),
];

function expectStoredOnce(told: readonly string[]): void {
	expect(told).toEqual([
		expect.stringContaining('The file may be stored.'),
		expect.stringContaining('The file may be stored.'),
	]);
	expect([storedAt.dropbox(), storedAt.box()]).toEqual([['/Inbox/a.txt'], ['/Inbox/a.txt']]);
	expect([callsOf(COMMIT).length, callsOf(BOX_UPLOAD).length]).toEqual([1, 1]);
}

/** Three tries of each tool, the first of which stores the file and does not hear of it. */
describe('Retry On Fail stores nothing twice', () => {
	let told: readonly string[] = [];
	const listen: ModelStep = ({ results }) => {
		told = results;
		return { say: 'It is not certain' };
	};

	beforeEach(() => {
		told = [];
		loseCommits();
		loseUpload();
	});

	test('for an AI Agent', async () => {
		await run(agentWorkflow, { tools: filing() }, [TWO_CALLS, listen]);
		expectStoredOnce(told);
	});

	test('for the agent of an agent', async () => {
		await run(subAgentWorkflow, { tools: filing() }, [
			() => call(['Clerk', { task: 'File the report' }]),
			TWO_CALLS,
			listen,
			() => ({ say: 'The clerk is not certain' }),
		]);
		expectStoredOnce(told);
	});
});

/** Dropbox stores what is committed, and nobody hears of it. */
function loseCommits(): void {
	const { faults } = stage().cloud;
	faults.add({ route: COMMIT, times: Infinity, action: { kind: 'loseReply' } });
	for (const route of DROPBOX_LOOKS) {
		faults.add({ route, times: Infinity, action: { kind: 'reply', status: 500 } });
	}
}

function loseUpload(): void {
	const { faults } = stage().cloud;
	faults.add({ route: BOX_UPLOAD, action: { kind: 'loseReply' } });
	// The first asks for a free name, the second for what became of the file.
	faults.add({ route: BOX_CHECK, skip: 1, action: { kind: 'reply', status: 500 } });
}

describe('a call that the model makes a second time', () => {
	const ways: ReadonlyArray<[vendor: 'dropbox' | 'box', ifExists: string, skipUnchanged: boolean]> =
		[
			['dropbox', 'skip', false],
			['dropbox', 'overwrite', false],
			['dropbox', 'fail', false],
			['dropbox', 'rename', true],
			['box', 'skip', false],
			['box', 'rename', true],
			['box', 'version', true],
		];
	const folderOf = (way: number) => `/Way ${way}`;

	test('is harmless with If File Exists or Skip Unchanged', async () => {
		const tools = ways.map(([vendor, ifExists, skipUnchanged], way) => {
			const { parameters, ...tool } = fileLink[vendor]();
			const folder = { folder: byPath(folderOf(way)), parentFolderId: byPath(folderOf(way)) };
			const fixed = { ...parameters, ...folder, ifExists, skipUnchanged };
			return { ...tool, name: `File ${way}`, parameters: fixed };
		});
		const given = { Link: link(), File_Name: 'a.txt' };
		const callAll = () => call(...tools.map((_, way): Call => [`File_${way}`, given]));
		let told: readonly string[] = [];
		await run(agentWorkflow, { tools }, [
			callAll,
			callAll,
			({ results }) => {
				told = results;
				return { say: 'Filed' };
			},
		]);
		expect(told).toHaveLength(2 * ways.length);
		for (const answer of told) {
			expect(answer).not.toContain('"error"');
			expect(valueIn(answer, 'name')).toBe('a.txt');
		}
		expect([...storedAt.dropbox(), ...storedAt.box()].sort()).toEqual(
			ways.map((_, way) => `${folderOf(way)}/a.txt`),
		);
	});
});

test('the example files what comes with a chat message, and what the message links to', async () => {
	const { api, n8n } = stage();
	const TRIGGER = 'When Chat Message Received';
	const example = setUp(readExample('dropbox-agent.json'), {
		credentials: { ...credentials, openAiApi },
		parameters: {
			// As somebody sets it who lets others write: without it only the editor's own chat does.
			[TRIGGER]: { public: true, mode: 'webhook', options: { allowFileUploads: true } },
		},
	});
	const nodes = example.nodes.map((node) =>
		node.name === TRIGGER ? { ...node, webhookId: 'chat-with-agent' } : node,
	);
	const workflowId = await api.createWorkflow({ ...example, nodes });
	await api.activate(workflowId);
	model.play(
		({ text }) => {
			expect(text).toContain('contract.txt');
			const attachment = /Attachment[^a-z0-9]+(data\d)/.exec(text)![1]!;
			return call(
				['File_an_Attachment', { Attachment: attachment, File_Name: 'contract.txt' }],
				['File_a_Link', { Link: link(), File_Name: 'report.txt' }],
			);
		},
		({ results }) => call(['Who_Can_See_a_File', { Path: valueIn(results[0]!, 'path') }]),
		({ results }) => {
			const told = results
				.slice(0, 2)
				.map((result) => [valueIn(result, 'path'), valueIn(result, 'link')]);
			return { say: told.flat().join(', ') };
		},
	);
	let answer = '';
	// A published workflow listens a moment later.
	await until(async () => {
		const form = new FormData();
		form.set('action', 'sendMessage');
		form.set('sessionId', '1');
		form.set('chatInput', `File the contract, and ${link()}`);
		form.set('files', new Blob(['what was agreed']), 'contract.txt');
		const url = `${n8n.url}/webhook/chat-with-agent/chat`;
		const { statusCode, body } = await request(url, { method: 'POST', body: form });
		answer = await body.text();
		return statusCode !== 404;
	}, 20_000);
	expect([model.problems, model.stepsLeft]).toEqual([[], 0]);
	expect(answer).toMatch(
		/\/Filed by agent\/contract\.txt, https:\S+, \/Filed by agent\/report\.txt, https:/,
	);
	expect(storedAt.dropbox()).toEqual([
		'/Filed by agent/contract.txt',
		'/Filed by agent/report.txt',
	]);
	await api.deactivate(workflowId);
});

describe('the MCP Server Trigger', () => {
	let server: Server;
	let client: McpClient;

	beforeAll(async () => {
		const tools = [
			fileLink.dropbox({ strictConflict: true, sharedLink: true }, retried),
			fileLink.box({ sharedLink: true }, retried),
			dropbox('Who Can See It', {
				resource: 'sharedFile',
				operation: 'get',
				file: fromModel('File', 'Path of the file in Dropbox'),
			}),
		];
		server = await serve('filing', mcpWorkflow('Filing by MCP', 'filing', tools));
		({ client } = server);
	});

	afterAll(async () => await server?.stop());

	test('lists the nodes as tools', async () => {
		const tools = await client.tools();
		const named = tools.map(({ name, description }) => [name, description]).sort();
		expect(named).toEqual([
			['File_Link_in_Box', 'Upload file in Box Upload'],
			['File_Link_in_Dropbox', 'Upload files in Dropbox Upload'],
			['Who_Can_See_It', 'Get sharing metadata of file in Dropbox Upload'],
		]);
		for (const { name, inputSchema } of tools) {
			const wanted = name === 'Who_Can_See_It' ? ['File'] : ['Link', 'File_Name'];
			expect(inputSchema.required).toEqual(wanted);
			for (const field of Object.values(inputSchema.properties)) {
				expect(field).toMatchObject({ type: 'string', description: expect.any(String) as string });
			}
		}
	});

	test('files a document from a link, and answers with its path, link and sharing', async () => {
		const given = { Link: link(), File_Name: 'report.txt' };
		const inDropbox = await client.callTool('File_Link_in_Dropbox', given);
		const inBox = await client.callTool('File_Link_in_Box', given);
		expect([inDropbox.isError, inBox.isError]).toEqual([false, false]);
		const path = valueIn(inDropbox.text, 'path');
		expect([path, valueIn(inBox.text, 'path')]).toEqual(['/Inbox/report.txt', '/Inbox/report.txt']);
		// What a model reads costs tokens.
		expect(Math.max(inDropbox.text.length, inBox.text.length)).toBeLessThan(500);
		expect(valueIn(inDropbox.text, 'link')).toMatch(/^https:\/\/www\.dropbox\.com\//);
		expect(valueIn(inBox.text, 'link')).toMatch(/^https:\/\/\S*box\.com\//);
		const sharing = await client.callTool('Who_Can_See_It', { File: path });
		expect(sharing.text).toContain('Pat Personal');
		expect(storedAt.dropbox()).toEqual(['/Inbox/report.txt']);
		expect(storedAt.box()).toEqual(['/Inbox/report.txt']);
	});

	test.each([
		['a choice that there is not', { If_File_Exists: 'replace' }, /Use one of: fail, /],
		['a field that is missing', { Link: undefined }, /Required[^]*at Link/],
		['a name that is refused', { File_Name: 'a\u0000.txt' }, /U\+0000/],
	])('tells a program what to change: %s', async (_, given, told) => {
		for (const tool of ['File_Link_in_Dropbox', 'File_Link_in_Box']) {
			const right = { Link: link(), File_Name: 'a.txt' };
			const { isError, text } = await client.callTool(tool, { ...right, ...given });
			expect([isError, text]).toEqual([true, expect.stringMatching(told)]);
		}
		expect([...storedAt.dropbox(), ...storedAt.box()]).toEqual([]);
	});

	test('Retry On Fail stores nothing twice in Dropbox, and each call once', async () => {
		loseCommits();
		const given = { Link: link(), File_Name: 'a.txt', If_File_Exists: 'rename' };
		for (const path of ['/Inbox/a.txt', '/Inbox/a (1).txt']) {
			const { isError, text } = await client.callTool('File_Link_in_Dropbox', given);
			expect([isError, text]).toEqual([true, expect.stringContaining('The file may be stored')]);
			expect(storedAt.dropbox()).toContain(path);
		}
		expect(storedAt.dropbox()).toHaveLength(2);
		expect(callsOf(COMMIT)).toHaveLength(2);
	});

	test('Retry On Fail stores nothing twice in Box', async () => {
		loseUpload();
		const given = { Link: link(), File_Name: 'a.txt', If_File_Exists: 'rename' };
		const { isError, text } = await client.callTool('File_Link_in_Box', given);
		expect([isError, text]).toEqual([true, expect.stringContaining('The file may be stored')]);
		expect(storedAt.box()).toEqual(['/Inbox/a.txt']);
		expect(callsOf(BOX_UPLOAD)).toHaveLength(1);
	});

	test('a second call for the same document is harmless with Skip', async () => {
		const given = { Link: link(), File_Name: 'a.txt', If_File_Exists: 'skip' };
		for (const tool of ['File_Link_in_Dropbox', 'File_Link_in_Box']) {
			const answers = [await client.callTool(tool, given), await client.callTool(tool, given)];
			expect(answers.map(({ isError }) => isError)).toEqual([false, false]);
		}
		expect([storedAt.dropbox(), storedAt.box()]).toEqual([['/Inbox/a.txt'], ['/Inbox/a.txt']]);
	});
});
