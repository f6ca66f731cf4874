import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	EngineRequest,
	EngineResponse,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

interface Tool {
	readonly metadata?: { readonly sourceNodeName?: string };
	invoke(toolArguments: IDataObject): Promise<unknown>;
}

/** Calls the tools that are connected to it, one after the other, as the model of an agent has them called. */
export class Agent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent',
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: 'Calls its tool with the given arguments',
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool }],
		outputs: [NodeConnectionTypes.Main],
		properties: [
			{ displayName: 'Calls', name: 'calls', type: 'json', default: '[]' },
			{
				displayName: 'By Engine',
				name: 'byEngine',
				type: 'boolean',
				default: false,
				description:
					'Whether n8n executes the tools as nodes, as for the AI Agent since version 3, instead of being called as functions, as by earlier ones and the MCP Server Trigger',
			},
		],
	};

	async execute(
		this: IExecuteFunctions,
		response?: EngineResponse,
	): Promise<INodeExecutionData[][] | EngineRequest> {
		const calls = JSON.parse(this.getNodeParameter('calls', 0) as string) as IDataObject[];
		const answers = response?.actionResponses ?? [];
		if (answers.length > 0) return [answers.map(({ data }) => ({ json: seenByModel(data) }))];
		const connected = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
		if (this.getNodeParameter('byEngine', 0) === true) return requestOf(connected, calls);
		const items: INodeExecutionData[] = [];
		for (const tool of connected) {
			for (const toolArguments of calls) items.push({ json: await answerOf(tool, toolArguments) });
		}
		return [items];
	}
}

async function answerOf(tool: Tool, toolArguments: IDataObject): Promise<IDataObject> {
	try {
		return { answer: String(await tool.invoke(toolArguments)) };
	} catch (error) {
		return { error: (error as Error).message };
	}
}

function requestOf(tools: readonly Tool[], calls: readonly IDataObject[]): EngineRequest {
	const actions = tools.flatMap(({ metadata }) =>
		calls.map((input, call) => ({
			actionType: 'ExecutionNodeAction' as const,
			nodeName: metadata?.sourceNodeName ?? '',
			input,
			type: NodeConnectionTypes.AiTool,
			id: `call_${call}`,
			metadata: {},
		})),
	);
	return { actions, metadata: {} };
}

/** As n8n's AI Agent tells its model: the items, of which a failed call has one with the message alone. */
function seenByModel({ data }: EngineResponse['actionResponses'][number]['data']): IDataObject {
	const items = (data?.ai_tool?.[0] ?? []).map(({ json }) => json);
	const error = items[0]?.error;
	return typeof error === 'string' ? { error } : { answer: JSON.stringify(items) };
}
