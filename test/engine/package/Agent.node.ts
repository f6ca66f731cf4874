import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

interface Tool {
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
		properties: [{ displayName: 'Calls', name: 'calls', type: 'json', default: '[]' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const calls = JSON.parse(this.getNodeParameter('calls', 0) as string) as IDataObject[];
		const connected = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
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
