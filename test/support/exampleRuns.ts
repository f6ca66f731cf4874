/** Examples run by n8n's engine with n8n's own nodes, on real files in a folder of each test's own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { IDataObject, INodeExecutionData, INodeTypeDescription, IPinData } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import type { RunResult } from '../engine/types';
import { BASE_NODES_TIMEOUT_MS, baseNodesDir } from './baseNodes';
import type { Setup } from './exampleWorkflow';
import { readExample, setUp, withForwardSlashes } from './exampleWorkflow';
import type { Rig } from './rig';
import { startRig } from './rig';
import { giveRigBack, takeRig } from './sharedRigs';
import { SourceServer } from './sourceServer';

export const TRIGGER = 'Run by Hand';

export interface ExampleRun {
	/** Node name -> what a person has changed in it. */
	readonly parameters?: Setup['parameters'];
	readonly startNode?: string;
	/** What a node gives instead of running, such as a form that nobody fills in here. */
	readonly pinData?: IPinData;
}

export class ExampleRuns {
	credentials: Setup['credentials'] = {};

	/** Where the example's files lie; n8n may read it. */
	folder = '';

	private described: Promise<INodeTypeDescription[]> | undefined;

	constructor(
		readonly rig: Rig,
		readonly source: SourceServer,
		private readonly baseDir: string,
	) {}

	static async start(): Promise<ExampleRuns> {
		const baseDir = await baseNodesDir();
		const rig = await takeRig({ engine: { basePackageDirs: [baseDir] } }, startRig);
		return new ExampleRuns(rig, await SourceServer.start(), baseDir);
	}

	async reset(): Promise<void> {
		await this.rig.reset();
		this.credentials = {
			dropboxUploadOAuth2Api: (await this.rig.connectDropbox()).credentialId,
			boxUploadOAuth2Api: (await this.rig.connectBox()).credentialId,
			dropboxUploadSourceOAuth2Api: (await this.rig.connectSource('dropbox')).credentialId,
			boxUploadSourceOAuth2Api: (await this.rig.connectSource('box')).credentialId,
		};
		this.folder = mkdtempSync(join(this.rig.engine.homeDir, '.n8n-files', 'example-'));
	}

	async stop(): Promise<void> {
		await giveRigBack(this.rig);
		await this.source.stop();
	}

	make(files: Record<string, Buffer | string>): void {
		for (const [name, content] of Object.entries(files)) {
			const path = join(this.folder, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, content);
		}
	}

	readFrom(pattern: string): { fileSelector: string } {
		return { fileSelector: withForwardSlashes(join(this.folder, pattern)) };
	}

	/** Imports, sets up and runs an example. */
	async run(
		file: string,
		{ parameters = {}, startNode = TRIGGER, pinData }: ExampleRun = {},
	): Promise<RunResult> {
		const { credentials } = this;
		const workflow = setUp(readExample(file), { credentials, parameters });
		return await this.rig.engine.run({ workflow, startNode, mode: 'manual', pinData });
	}

	/** Ours and n8n's own. */
	nodeDescriptions(): Promise<INodeTypeDescription[]> {
		this.described ??= this.rig.engine.nodeDescriptions().then((ours) => {
			const file = join(this.baseDir, 'dist', 'types', 'nodes.json');
			const base = JSON.parse(readFileSync(file, 'utf8')) as INodeTypeDescription[];
			return [
				...ours,
				...ours.map(asTool),
				...base.map((node) => ({ ...node, name: `n8n-nodes-base.${node.name}` })),
			];
		});
		return this.described;
	}
}

/** What n8n makes of a node for the list of an agent's tools: packages/cli/src/tool-generation/ai-tools.ts. */
function asTool(node: INodeTypeDescription): INodeTypeDescription {
	return {
		...node,
		name: `${node.name}Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
		properties: [
			{
				displayName: 'Tool Description',
				name: 'descriptionType',
				type: 'options',
				options: [
					{ name: 'Set Automatically', value: 'auto' },
					{ name: 'Set Manually', value: 'manual' },
				],
				default: 'auto',
			},
			{
				displayName: 'Description',
				name: 'toolDescription',
				type: 'string',
				default: node.description,
				required: true,
				displayOptions: { show: { descriptionType: ['manual'] } },
			},
			...node.properties,
		],
	};
}

/** Started once for a test file; a new folder and new accounts for each test. */
export function useExampleRuns(): () => ExampleRuns {
	let runs: ExampleRuns | undefined;
	beforeAll(async () => {
		runs = await ExampleRuns.start();
	}, BASE_NODES_TIMEOUT_MS + 60_000);
	beforeEach(async () => await runs?.reset());
	afterEach(() => {
		if (runs?.folder) rmSync(runs.folder, { recursive: true, force: true });
	});
	afterAll(async () => await runs?.stop());
	return () => {
		if (!runs) throw new Error('The examples run inside tests only');
		return runs;
	};
}

/** What came out of a node, all its runs together. */
export function itemsOf(result: RunResult, node: string, output = 0): INodeExecutionData[] {
	return (result.runData[node] ?? []).flatMap(({ data }) => data?.main?.[output] ?? []);
}

export const jsonOf = (result: RunResult, node: string): IDataObject[] =>
	itemsOf(result, node).map(({ json }) => json);

export function expectSuccess(result: RunResult): void {
	expect(result.error).toBeUndefined();
	expect(result.status).toBe('success');
}

/** For a person: a sentence, what to do, and nothing of the machine's inside. */
export function expectReadable({ problem, details }: IDataObject): void {
	for (const text of [problem, details]) {
		expect(text).toEqual(expect.stringMatching(/^\S.*[\p{L}.]/u));
		expect(text).not.toMatch(/undefined|\[object|\n\s+at /);
	}
}
