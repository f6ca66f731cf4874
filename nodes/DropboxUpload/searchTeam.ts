import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { success } from '../shared/failure';
import type { Page } from '../shared/http/pages';
import { nextFound } from '../shared/http/pages';
import { listInEditor } from '../shared/operation/listInEditor';
import type { Connection } from './api/connection';
import type { Namespace, TeamMember } from './api/team';
import { membersPage, namespacesPage } from './api/team';
import { connectInEditor } from './run';

/** Who has not joined, or is no member any more: https://dropbox.github.io/dropbox-sdk-js/global.html#TeamTeamMemberStatus */
const NOT_ACTIVE = new Set(['invited', 'suspended', 'removed']);

/** The list of Act as Team Member and Act as Team Admin: those who may act. */
export async function searchMembers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, membersPage, {
		instead: { selectUser: '', selectAdmin: '' },
		wanted: filter,
		cursor: paginationToken,
		shown: ({ email, id, name, status }: TeamMember) =>
			NOT_ACTIVE.has(status)
				? undefined
				: { name: name === '' ? email : `${name} (${email})`, value: id },
	});
}

/** The list of Paths Begin In Folder; what the account has not added to its Dropbox can be no root. */
export async function searchNamespaces(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, namespacesPage, {
		instead: {},
		wanted: filter,
		cursor: paginationToken,
		shown: ({ id, isTeamFolder, path }: Namespace) =>
			path === undefined
				? undefined
				: { name: isTeamFolder ? `${path} (team folder)` : path, value: id },
	});
}

interface Search<E> {
	readonly wanted: string | undefined;
	readonly cursor: string | undefined;
	/** Options that this list does not depend on. */
	readonly instead: Readonly<Record<string, string>>;
	/** Undefined: it cannot be chosen. */
	readonly shown: (entry: E) => INodeListSearchItems | undefined;
}

async function search<E>(
	context: ILoadOptionsFunctions,
	pageOf: (connection: Connection, cursor: string | undefined) => Promise<Outcome<Page<E>>>,
	{ cursor, instead, shown, wanted = '' }: Search<E>,
): Promise<INodeListSearchResult> {
	const part = wanted.trim().toLowerCase();
	return await listInEditor(context, 'Dropbox', async (options) => {
		// Neither list depends on where paths begin.
		const connection = await connectInEditor(context, { ...options, ...instead, root: 'home' });
		const page = await nextFound(
			'Dropbox',
			cursor,
			async (next) => await pageOf(connection, next),
			(entries) =>
				entries
					.map(shown)
					.filter((item) => item !== undefined)
					.filter(({ name }) => name.toLowerCase().includes(part)),
		);
		if (!page.ok) return page;
		return success({ results: page.value.found, paginationToken: page.value.next });
	});
}
