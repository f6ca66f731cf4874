import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, INodeParameters, IWorkflowSettings } from 'n8n-workflow';

const EXAMPLES_DIR = join(__dirname, '..', '..', 'examples');

/** A workflow as n8n exports it. */
export interface ExportedWorkflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: IWorkflowSettings;
	pinData: Record<string, never>;
	active: boolean;
	tags: string[];
}

/** What a person does after importing: chooses credentials and changes what the notes name. */
export interface Setup {
	/** Credential type -> id in the engine. A node gets the one that its type asks for. */
	readonly credentials: Readonly<Record<string, string>>;
	/** Node name -> parameters that replace those of the example. */
	readonly parameters?: Readonly<Record<string, INodeParameters>>;
}

export function exampleFiles(): string[] {
	return readdirSync(EXAMPLES_DIR).filter((file) => file.endsWith('.json'));
}

export function readExample(file: string): ExportedWorkflow {
	return JSON.parse(readFileSync(join(EXAMPLES_DIR, file), 'utf8')) as ExportedWorkflow;
}

const CREDENTIAL_OF_NODE: Readonly<Record<string, string>> = {
	'n8n-nodes-upload-sessions.dropboxUpload': 'dropboxUploadOAuth2Api',
	'n8n-nodes-upload-sessions.dropboxUploadTool': 'dropboxUploadOAuth2Api',
	'n8n-nodes-upload-sessions.boxUpload': 'boxUploadOAuth2Api',
	'n8n-nodes-upload-sessions.boxUploadTool': 'boxUploadOAuth2Api',
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
};

export function setUp(workflow: ExportedWorkflow, setup: Setup): ExportedWorkflow {
	const { credentials, parameters = {} } = setup;
	const unknown = Object.keys(parameters).filter(
		(name) => !workflow.nodes.some((node) => node.name === name),
	);
	if (unknown.length > 0) throw new Error(`No such node in ${workflow.name}: ${unknown.join()}`);

	const nodes = workflow.nodes.map((node) => {
		const changed = { ...node, parameters: { ...node.parameters, ...parameters[node.name] } };
		const type = CREDENTIAL_OF_NODE[node.type];
		const id = type && credentials[type];
		return type && id ? { ...changed, credentials: { [type]: { id, name: id } } } : changed;
	});
	return { ...workflow, nodes };
}

/** What Edit Fields holds when a person has typed a list into it. */
export function listOf(name: string, list: readonly unknown[]): INodeParameters {
	const value = `={{ ${JSON.stringify(list)} }}`;
	return { assignments: { assignments: [{ id: '1', name, type: 'array', value }] } };
}

/** A path as n8n's file nodes want it on every system. */
export function withForwardSlashes(path: string): string {
	return path.replaceAll('\\', '/');
}
