import { LoadOptionsContext } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type { INode, INodeListSearchResult, IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import type { ListSearchRequest } from '../types';
import type { Packages } from './packages';

/** As n8n's server does it: a workflow of that one node, and no run. */
export async function searchList(
	packages: Packages,
	additionalData: IWorkflowExecuteAdditionalData,
	{ node, method, filter, paginationToken }: ListSearchRequest<INode>,
): Promise<INodeListSearchResult> {
	const nodeType = packages.getByNameAndVersion(node.type, node.typeVersion);
	const search = nodeType.methods?.listSearch?.[method];
	if (!search) throw new Error(`${node.type} has no list search ${method}`);
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: packages,
	});
	const context = new LoadOptionsContext(workflow, node, additionalData, '');
	return await search.call(context, filter, paginationToken);
}
