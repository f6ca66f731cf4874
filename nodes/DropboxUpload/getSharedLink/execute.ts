import { failed } from '../../shared/failure';
import { readLinkSettings } from '../../shared/fields/sharedLink';
import { collectionOf } from '../../shared/fields/parameters';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { sharedLinkTo } from '../api/sharing';
import { linkAudiences } from '../fields/linkAudiences';
import { readFile } from '../fields/sharedFile';
import type { DropboxRun } from '../run';

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	return await operateOnItems({
		context,
		vendor: 'Dropbox',
		read: (itemIndex) => ({
			connection: connectionFor(itemIndex),
			file: readFile(context, itemIndex),
			linkRequest: readLinkSettings(collectionOf(context, itemIndex), linkAudiences),
		}),
		perform: async ({ connection, file, linkRequest }) => {
			const link = await sharedLinkTo(connection, file, linkRequest);
			return link.ok ? link : failed({ ...link.failure, subject: file });
		},
	});
}
