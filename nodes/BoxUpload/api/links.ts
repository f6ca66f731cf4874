import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { LinkRequest } from '../../shared/fields/sharedLink';
import { isObject, isString, toJson } from '../../shared/json';
import type { Connection } from './connection';
import { API_URL } from './connection';
import { idSegment } from './endpoint';

/** The link to a file; the one that it has, when it has one. */
export async function sharedLinkTo(
	connection: Connection,
	{ id, shared_link: present }: IDataObject,
	{ audience, expires, password }: LinkRequest,
): Promise<Outcome<IDataObject>> {
	if (isLink(present)) return success(present);
	const url = `${API_URL}/files/${idSegment(isString(id) ? id : '')}?fields=shared_link`;
	if (present === undefined) {
		// What was found in a folder comes without it.
		const there = await connection.send({ method: 'GET', url, shape: fileWithLink });
		if (!there.ok) return there;
		if (isLink(there.value.shared_link)) return success(there.value.shared_link);
	}
	const linkRequest = {
		...(audience !== undefined && { access: audience }),
		...(expires !== undefined && { unshared_at: expires }),
		...(password !== undefined && { password }),
	};
	const made = await connection.send({
		method: 'PUT',
		url,
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ shared_link: linkRequest }),
		...(password !== undefined && { secrets: [password] }),
		shape: (value) => {
			const file = fileWithLink(value);
			return isLink(file?.shared_link) ? file.shared_link : undefined;
		},
	});
	return made.ok ? success(made.value) : made;
}

function fileWithLink(value: unknown): IDataObject | undefined {
	return isObject(value) && 'shared_link' in value ? toJson(value) : undefined;
}

function isLink(value: unknown): value is IDataObject {
	return isObject(value) && isString(value.url);
}
