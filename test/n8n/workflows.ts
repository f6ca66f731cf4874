/** Workflows as a person would have begun them, before our node is added. */
import type { INode, INodeParameters } from 'n8n-workflow';

import type { NewWorkflow } from './api';

const SPACE_PX = 220;
const ROW_PX = 120;

export type Step = Pick<INode, 'name' | 'type' | 'typeVersion'> & {
	parameters?: INodeParameters;
} & Partial<INode>;

/** One node after the other. */
export function chain(name: string, steps: readonly Step[]): NewWorkflow {
	const nodes = steps.map((step, index) => ({
		id: String(index + 1),
		parameters: {},
		position: [index * SPACE_PX, 0] as [number, number],
		...step,
	}));
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map((node, index) => [
				nodes[index]!.name,
				{ main: [[{ node: node.name, type: 'main' as const, index: 0 }]] },
			]),
	);
	return { name, nodes, connections, settings: {} };
}

/** One node after the other, and then all of `ends` with what comes out of the last one. */
export function fanOut(name: string, steps: readonly Step[], ends: readonly Step[]): NewWorkflow {
	const { nodes, connections } = chain(name, [...steps, ...ends]);
	const last = steps.at(-1)!.name;
	const inRow = new Map(Object.entries(connections));
	for (const end of ends) inRow.delete(end.name);
	const toEnds = ends.map((end) => ({ node: end.name, type: 'main' as const, index: 0 }));
	return {
		name,
		nodes: nodes.map((node, index) => {
			const row = index - steps.length;
			return row < 0 ? node : { ...node, position: [steps.length * SPACE_PX, row * ROW_PX] };
		}),
		connections: { ...Object.fromEntries(inRow), [last]: { main: [toEnds] } },
		settings: {},
	};
}

export const formWorkflow = chain('From a form to Dropbox', [
	{
		name: 'On form submission',
		type: 'n8n-nodes-base.formTrigger',
		typeVersion: 2.2,
		webhookId: 'send-a-file',
		parameters: {
			formTitle: 'Send a file',
			formFields: {
				values: [
					{ fieldLabel: 'File', fieldType: 'file', multipleFiles: false, requiredField: true },
				],
			},
			options: {},
		},
	},
]);

const byHand: Step = {
	name: 'Run by Hand',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
};

export const emptyWorkflow = chain('From a link to Dropbox', [byHand]);

export const folderWorkflow = (selector: string, ...more: readonly Step[]) =>
	chain('From a folder to Dropbox', [byHand, readFiles(selector), ...more]);

export const readFiles = (selector: string): Step => ({
	name: 'Read Files',
	type: 'n8n-nodes-base.readWriteFile',
	typeVersion: 1,
	parameters: { fileSelector: selector, options: {} },
});
