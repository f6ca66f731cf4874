import type { INode } from 'n8n-workflow';

import type { NodeUnderTest, RunNodeRequest, RunRequest } from './types';

const DEFAULT_NAME = 'Node';

/** Start -> Items -> the node under test. */
export function nodeWorkflow(request: RunNodeRequest): RunRequest {
	const { items = [{ json: {} }], mode, workflowId, settings, timeoutMs } = request;
	const node = nodeUnderTest(request.node);
	const { name } = node;
	const connect = (target: string) => ({
		main: [[{ node: target, type: 'main' as const, index: 0 }]],
	});
	const nodes: INode[] = [
		{ ...place(0), name: 'Start', type: 'test.start', parameters: {} },
		{
			...place(1),
			name: 'Items',
			type: 'test.items',
			parameters: { items: JSON.stringify(items) },
		},
		node,
	];
	return {
		workflow: {
			id: workflowId,
			nodes,
			connections: { Start: connect('Items'), Items: connect(name) },
			settings,
		},
		mode,
		timeoutMs,
		resultNode: name,
	};
}

export function nodeUnderTest({ credentials = {}, ...options }: NodeUnderTest): INode {
	return {
		...place(2),
		parameters: {},
		name: DEFAULT_NAME,
		...options,
		credentials: Object.fromEntries(
			Object.entries(credentials).map(([type, id]) => [type, { id, name: id }]),
		),
	};
}

function place(column: number): Pick<INode, 'id' | 'typeVersion' | 'position'> {
	return { id: `node-${column}`, typeVersion: 1, position: [column * 200, 0] };
}
