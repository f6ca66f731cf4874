import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { problemOf } from '../shared/fields/readItems';
import type { Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import { isObject, toJson } from '../shared/json';
import { listValue } from '../shared/output/listValue';
import { explained } from './api/asUser';
import { findUsers } from './api/users';
import { connect, credentialOf, readOptions } from './run';

/** The list of Act as User: the users of the enterprise, or those whose name or login begins with the filter. */
export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return listValue(this, await usersIn(this, filter?.trim() ?? '', Number(paginationToken ?? 0)));
}

async function usersIn(
	context: ILoadOptionsFunctions,
	term: string,
	offset: number,
): Promise<Outcome<INodeListSearchResult>> {
	const options: unknown = context.getCurrentNodeParameter('options');
	try {
		const authentication = context.getCurrentNodeParameter('authentication');
		const given = isObject(options) ? toJson(options) : {};
		// Somebody waits in front of the screen.
		const read = { ...readOptions({ ...given, asUser: '' }), maxRetries: 1 };
		const credential = await credentialOf(context, authentication);
		const page = await findUsers(connect(context, read, credential), term, offset);
		if (!page.ok) return failed(explained(page.failure));
		const { entries, total } = page.value;
		const next = offset + entries.length;
		return success({
			results: entries.map(({ id, login, name }) => ({ name: `${name} (${login})`, value: id })),
			paginationToken: entries.length > 0 && next < total ? String(next) : undefined,
		});
	} catch (error) {
		return failed(problemOf(error, 'Box'));
	}
}
