/** Workflows of an agent and its tools, and of a server for the agents of others. */
import type { IConnections, INode, NodeConnectionType } from 'n8n-workflow';

import type { NewWorkflow } from '../api';
import type { Step } from '../workflows';
import { chain } from '../workflows';

export const AGENT = 'Filing Agent';

const MODEL: Step = {
	name: 'Model',
	type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
	typeVersion: 1.3,
	// As a person leaves it, but that nothing is asked for twice.
	parameters: { model: { __rl: true, mode: 'id', value: 'scripted' }, options: { maxRetries: 0 } },
};

export interface AgentParts {
	readonly name: string;
	/** Id of the credential of the model. */
	readonly openAiApi: string;
	readonly tools: readonly Step[];
	/** What comes before the agent, the trigger first. */
	readonly before: readonly Step[];
	readonly prompt?: string;
	readonly settings?: NewWorkflow['settings'];
}

export function agentWorkflow(parts: AgentParts): NewWorkflow {
	const { name, openAiApi, tools, before, prompt = 'File what was sent', settings } = parts;
	const agent: Step = {
		name: AGENT,
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 3.1,
		parameters: { promptType: 'define', text: prompt, options: {} },
	};
	const main = chain(name, [...before, agent]);
	return {
		...attach(main, [
			{ step: withModel(openAiApi), to: AGENT, type: 'ai_languageModel' },
			...tools.map((step): Attached => ({ step, to: AGENT, type: 'ai_tool' })),
		]),
		// As the editor makes it; an agent goes on before its tools are done otherwise.
		settings: { executionOrder: 'v1', ...settings },
	};
}

/** An agent whose only tool is another agent, which has the tools. */
export function subAgentWorkflow(parts: AgentParts): NewWorkflow {
	const CLERK = 'Clerk';
	const clerk: Step = {
		name: CLERK,
		type: '@n8n/n8n-nodes-langchain.agentTool',
		typeVersion: 3,
		parameters: {
			toolDescription: 'Files documents',
			text: "={{ $fromAI('task', 'What to file') }}",
			options: {},
		},
	};
	const model = { ...withModel(parts.openAiApi), name: 'Model of Clerk' };
	return attach(agentWorkflow({ ...parts, tools: [clerk] }), [
		{ step: model, to: CLERK, type: 'ai_languageModel' },
		...parts.tools.map((step): Attached => ({ step, to: CLERK, type: 'ai_tool' })),
	]);
}

/** Tools for any program that speaks the Model Context Protocol. */
export function mcpWorkflow(name: string, path: string, tools: readonly Step[]): NewWorkflow {
	const TRIGGER = 'MCP Server Trigger';
	const trigger: Step = {
		name: TRIGGER,
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: 2.1,
		webhookId: path,
		parameters: { path },
	};
	return attach(
		chain(name, [trigger]),
		tools.map((step): Attached => ({ step, to: TRIGGER, type: 'ai_tool' })),
	);
}

interface Attached {
	readonly step: Step;
	readonly to: string;
	readonly type: NodeConnectionType;
}

function attach(workflow: NewWorkflow, attached: readonly Attached[]): NewWorkflow {
	const nodes: INode[] = attached.map(({ step }, index) => ({
		id: `attached-${workflow.nodes.length}-${index}`,
		parameters: {},
		position: [index * 200, 250],
		...step,
	}));
	const connections: IConnections = Object.fromEntries(
		attached.map(({ step, to, type }) => [step.name, { [type]: [[{ node: to, type, index: 0 }]] }]),
	);
	return {
		...workflow,
		nodes: [...workflow.nodes, ...nodes],
		connections: { ...workflow.connections, ...connections },
	};
}

function withModel(openAiApi: string): Step {
	return { ...MODEL, credentials: { openAiApi: { id: openAiApi, name: 'Scripted model' } } };
}
