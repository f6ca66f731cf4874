import { failed, success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { getSharedFile } from '../api/sharing';
import { readActions, readFile } from '../fields/sharedFile';
import type { DropboxRun } from '../run';

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	return await operateOnItems({
		context,
		vendor: 'Dropbox',
		read: (itemIndex) => ({
			connection: connectionFor(itemIndex),
			file: readFile(context, itemIndex),
			actions: readActions(context, itemIndex),
		}),
		perform: async ({ connection, file, actions }) => {
			const response = await getSharedFile(connection, file, actions);
			return response.ok
				? success(toJson(response.value))
				: failed({ ...response.failure, subject: file });
		},
	});
}
