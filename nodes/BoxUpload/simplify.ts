import type { IDataObject } from 'n8n-workflow';

import { isObject, isString, toJson } from '../shared/json';
import { fieldsOf, linkOf, statusOf } from '../shared/output/simplify';

/** Of a Box File, with what the node adds to it. */
export function simplifiedFile(file: IDataObject): IDataObject | undefined {
	const { bytes_not_sent: notSent, etag, id, name, parent, sha1, size } = file;
	const { path_collection: folders } = file;
	if (!isString(name) || !isString(id)) return undefined;
	return {
		status: statusOf(file),
		...fieldsOf({ name, path: pathOf(folders, name), id, size, sha1, etag }),
		...fieldsOf({ folder_id: isObject(parent) ? parent.id : undefined, bytes_not_sent: notSent }),
		...linkOf(file),
	};
}

/** Of Box Files, as a commit gives them: the one file. */
export function simplifiedCommit({ entries }: IDataObject): IDataObject | undefined {
	const file: unknown = Array.isArray(entries) ? entries[0] : undefined;
	return isObject(file) ? simplifiedFile(toJson(file)) : undefined;
}

/** `/Reports/2026/a.pdf`; undefined where Box doesn't name all folders from the root, `0`, on. */
function pathOf(folders: unknown, fileName: string): string | undefined {
	const entries: unknown = isObject(folders) ? folders.entries : undefined;
	if (!Array.isArray(entries) || !entries.every(isObject) || entries[0]?.id !== '0')
		return undefined;
	const names = entries.slice(1).map(({ name }) => name);
	return names.every(isString) ? `/${[...names, fileName].join('/')}` : undefined;
}
