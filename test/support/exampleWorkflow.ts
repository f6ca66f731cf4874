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

/** Where an upload gets its file from another account. */
function sourceCredentialOf(source: unknown): string | undefined {
	const vendor = /^(dropbox|box)F/.exec(String(source))?.[1];
	return vendor && `${vendor}UploadSourceOAuth2Api`;
}

export function setUp(workflow: ExportedWorkflow, setup: Setup): ExportedWorkflow {
	const { credentials, parameters = {} } = setup;
	const unknown = Object.keys(parameters).filter(
		(name) => !workflow.nodes.some((node) => node.name === name),
	);
	if (unknown.length > 0) throw new Error(`No such node in ${workflow.name}: ${unknown.join()}`);

	const nodes = workflow.nodes.map((node) => {
		const changed = { ...node, parameters: { ...node.parameters, ...parameters[node.name] } };
		const types = [CREDENTIAL_OF_NODE[node.type], sourceCredentialOf(node.parameters.source)];
		const chosen = types.flatMap((type) => {
			const id = type && credentials[type];
			return type && id ? [[type, { id, name: id }] as const] : [];
		});
		return chosen.length > 0 ? { ...changed, credentials: Object.fromEntries(chosen) } : changed;
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
