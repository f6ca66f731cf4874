import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { failed, success } from '../shared/failure';
import { listInEditor } from '../shared/operation/listInEditor';
import { explained } from './api/asUser';
import { findUsers } from './api/users';
import { connectInEditor } from './run';

/** The list of Act as User: the users of the enterprise, or those whose name or login begins with the filter. */
export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken = '0',
): Promise<INodeListSearchResult> {
	const offset = Number(paginationToken);
	return await listInEditor(this, 'Box', async (options) => {
		const connection = await connectInEditor(this, { ...options, asUser: '' });
		const page = await findUsers(connection, filter.trim(), offset);
		if (!page.ok) return failed(explained(page.failure));
		const { entries, total } = page.value;
		const next = offset + entries.length;
		return success({
			results: entries.map(({ id, login, name }) => ({ name: `${name} (${login})`, value: id })),
			paginationToken: entries.length > 0 && next < total ? String(next) : undefined,
		});
	});
}
