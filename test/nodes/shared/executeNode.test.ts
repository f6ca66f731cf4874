/** What becomes of the items when an operation throws, which none of ours should. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { executeNode } from '../../../nodes/shared/operation/executeNode';
import type { Operation } from '../../../nodes/shared/operation/operation';

const thrown = new Error('an operation of ours has stumbled');
const operation: Operation<null> = {
	resource: 'file',
	value: 'upload',
	name: 'Upload',
	action: 'Upload file',
	description: 'Uploads nothing',
	properties: [],
	execute: async () => await Promise.reject(thrown),
};

/** As much of n8n's context as that takes. */
function contextWith(goesOn: boolean, chosen: string): IExecuteFunctions {
	const context = {
		getNode: () => ({ name: 'Upload', type: 'boxUpload', parameters: {} }),
		getInputData: () => [{ json: {} }, { json: {} }],
		getNodeParameter: (name: string) => (name === 'operation' ? chosen : 'file'),
		continueOnFail: () => goesOn,
		addExecutionHints: () => {},
	};
	return context as unknown as IExecuteFunctions;
}

const run = async (goesOn: boolean, chosen = 'upload') =>
	await executeNode(contextWith(goesOn, chosen), 'Box', [operation], () => null);

test('it ends the run, unless the run is to continue', async () => {
	await expect(run(false)).rejects.toBe(thrown);
});

test.each([
	['an operation that throws', 'upload', { path: 'internal', stored: 'unknown' }],
	['an operation that is not there', 'gone', { path: 'input/operation', stored: 'no' }],
])('%s: with Continue, each item says so', async (_, chosen, error) => {
	const [items] = await run(true, chosen);
	expect(items).toMatchObject([
		{ json: { error }, pairedItem: { item: 0 } },
		{ json: { error }, pairedItem: { item: 1 } },
	]);
});
