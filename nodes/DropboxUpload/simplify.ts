import type { IDataObject } from 'n8n-workflow';

import { isObject, isString } from '../shared/json';
import { fieldsOf, linkOf, statusOf } from '../shared/output/simplify';

/** Of files.FileMetadata, with what the node adds to it. */
export function simplifiedFile(file: IDataObject): IDataObject | undefined {
	const { content_hash, id, name, path_display, path_lower, rev, size } = file;
	if (!isString(name) || !isString(id)) return undefined;
	return {
		status: statusOf(file),
		...fieldsOf({ name, path: path_display ?? path_lower, id, size, content_hash, rev }),
		...linkOf(file),
	};
}

/** Of sharing.SharedFileMetadata. */
export function simplifiedSharing(file: IDataObject): IDataObject | undefined {
	const { access_type, id, name, owner_display_names, path_display, path_lower } = file;
	const { parent_shared_folder_id, policy, preview_url } = file;
	if (!isString(name) || !isString(id)) return undefined;
	const { shared_link_policy = undefined } = isObject(policy) ? policy : {};
	return fieldsOf({
		name,
		path: path_display ?? path_lower,
		id,
		link: preview_url,
		access: tagOf(access_type),
		owners: owner_display_names,
		shared_folder_id: parent_shared_folder_id,
		link_policy: tagOf(shared_link_policy),
		...permissionsOf(file.permissions),
	});
}

/** Of sharing.SharedLinkMetadata. */
export function simplifiedLink(file: IDataObject): IDataObject | undefined {
	const { expires, id, name, path_lower, rev, size, url } = file;
	if (!isString(url)) return undefined;
	return fieldsOf({ link: url, name, path: path_lower, id, size, rev, expires });
}

/** The actions that were asked about, by their names, and why one isn't allowed. */
function permissionsOf(permissions: unknown): Record<string, unknown> {
	if (!Array.isArray(permissions) || permissions.length === 0) return {};
	const entries = permissions.filter(isObject);
	const denied = entries.filter(({ allow }) => allow !== true);
	return {
		allowed: entries.filter(({ allow }) => allow === true).map(({ action }) => tagOf(action)),
		denied: denied.map(({ action, reason }) =>
			fieldsOf({ action: tagOf(action), reason: tagOf(reason) }),
		),
	};
}

function tagOf(union: unknown): string | undefined {
	if (isString(union)) return union;
	return isObject(union) && isString(union['.tag']) ? union['.tag'] : undefined;
}
