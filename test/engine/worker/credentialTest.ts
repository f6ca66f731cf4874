import { ErrorReporter, ExecuteContext, RoutingNode } from 'n8n-core';
import { Container } from '@n8n/di';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialsDecrypted,
	ICredentialTestRequest,
	INode,
	INodeType,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import type { CredentialTestResult } from '../types';
import { singleNodeTypes } from './credentials';

const NO_OP_TYPE = 'n8n-nodes-base.noOp';

interface TestError extends Error {
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

/** n8n tests a credential by running its request as the only parameter of a No Operation node. */
export async function runCredentialTest(
	additionalData: IWorkflowExecuteAdditionalData,
	credential: ICredentialsDecrypted,
	test: ICredentialTestRequest,
): Promise<CredentialTestResult> {
	const { id, name, type } = credential;
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: NO_OP_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id, name } },
	};
	const nodeType: INodeType = {
		description: {
			displayName: 'No Operation, do nothing',
			name: NO_OP_TYPE,
			group: ['organization'],
			version: 1,
			description: 'No Operation',
			defaults: { name: 'No Operation, do nothing' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					routing: { request: test.request },
					default: '',
				},
			],
		},
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: singleNodeTypes(nodeType),
	});
	const executeData = { node, data: {}, source: null };
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		executeData,
		[],
	);
	try {
		const response = await new RoutingNode(context, nodeType, credential).runNode();
		const body = response?.[0]?.[0]?.json;
		for (const rule of test.rules ?? []) {
			if (rule.type !== 'responseSuccessBody') continue;
			if (body?.[rule.properties.key] === rule.properties.value) {
				return { status: 'Error', message: rule.properties.message };
			}
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		Container.get(ErrorReporter).error(error);
		return { status: 'Error', message: failureMessage(error as TestError, test) };
	}
}

function failureMessage(
	{ message, cause }: TestError,
	{ rules = [] }: ICredentialTestRequest,
): string {
	if (!cause?.response) return cause?.code ?? message;
	const { status, statusText } = cause.response;
	for (const rule of rules) {
		if (rule.type === 'responseCode' && rule.properties.value === status) {
			return rule.properties.message;
		}
	}
	return statusText || `Received HTTP status code: ${status}`;
}
