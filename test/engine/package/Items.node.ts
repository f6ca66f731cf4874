import { createReadStream } from 'node:fs';
import { basename } from 'node:path';

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IBinaryData,
	IBinaryKeyData,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { generateStream } from '../generate';
import type { FileSpec, ItemSpec } from '../types';

function content(file: FileSpec) {
	if (file.path !== undefined) return createReadStream(file.path);
	if (file.generated) return generateStream(file.generated);
	if (file.base64 !== undefined) return Buffer.from(file.base64, 'base64');
	throw new Error('A file needs path, generated or base64');
}

/** What a node that writes entries by hand makes of it. */
function asLeftBehind(entry: IBinaryData, { entry: own = {}, lacks = [] }: FileSpec): IBinaryData {
	const left = { ...entry, ...own } as IBinaryData & Record<string, unknown>;
	for (const field of lacks) delete left[field];
	return left;
}

/** Emits items; the bytes enter n8n's binary store by the way every node uses. */
export class Items implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Items',
		name: 'items',
		group: ['input'],
		version: 1,
		description: 'Emits the given items and files',
		defaults: { name: 'Items' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Items', name: 'items', type: 'json', default: '[]' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const specs = JSON.parse(this.getNodeParameter('items', 0) as string) as ItemSpec[];
		const items: INodeExecutionData[] = [];
		for (const { json = {}, binary } of specs) {
			const item: INodeExecutionData = { json, pairedItem: { item: 0 } };
			if (binary) {
				const stored: IBinaryKeyData = {};
				for (const [property, file] of Object.entries(binary)) {
					const fileName = file.fileName ?? basename(file.path ?? 'file.bin');
					const entry = await this.helpers.prepareBinaryData(
						content(file),
						fileName,
						file.mimeType,
					);
					stored[property] = asLeftBehind(entry, file);
				}
				item.binary = stored;
			}
			items.push(item);
		}
		return [items];
	}
}
