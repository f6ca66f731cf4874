import type { IExecuteFunctions } from 'n8n-workflow';

import { BoxSource } from '../BoxUpload/source/readSource';
import { DropboxSource } from '../DropboxUpload/source/readSource';
import { readSource } from '../shared/fields/source';
import type { CloudSources } from '../shared/source/cloud/cloudFile';

/** The clouds that both nodes read from; the only place that knows both vendors. */
export function cloudSources(context: IExecuteFunctions): CloudSources {
	const dropbox = new DropboxSource(context);
	const box = new BoxSource(context);
	return {
		read: (itemIndex) => {
			switch (readSource(context, itemIndex)) {
				case 'dropboxFile':
					return dropbox.read(itemIndex, false);
				case 'dropboxFolder':
					return dropbox.read(itemIndex, true);
				case 'boxFile':
					return box.read(itemIndex, false);
				case 'boxFolder':
					return box.read(itemIndex, true);
				default:
					return undefined;
			}
		},
	};
}
