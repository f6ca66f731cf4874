import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { problemOf } from '../shared/fields/readItems';
import type { Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import type { Page } from '../shared/http/pages';
import { endlessList } from '../shared/http/pages';
import { isObject, toJson } from '../shared/json';
import { listValue } from '../shared/output/listValue';
import type { Connection } from './api/connection';
import type { Namespace, TeamMember } from './api/team';
import { membersPage, namespacesPage } from './api/team';
import { connect, credentialOf, readOptions } from './run';

/** Pages that are read at once to find a name among the others. */
const MAX_PAGES = 5;

/** Who has not joined, or is no member any more: https://dropbox.github.io/dropbox-sdk-js/global.html#TeamTeamMemberStatus */
const NOT_ACTIVE = new Set(['invited', 'suspended', 'removed']);

/** The list of Act as Team Member and Act as Team Admin: those who may act. */
export async function searchMembers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const found = await findIn(this, { selectUser: '', selectAdmin: '' }, membersPage, {
		wanted: filter,
		cursor: paginationToken,
		shown: ({ email, id, name, status }: TeamMember) =>
			NOT_ACTIVE.has(status)
				? undefined
				: { name: name === '' ? email : `${name} (${email})`, value: id },
	});
	return listValue(this, found);
}

/** The list of Paths Begin In Folder; what the account has not added to its Dropbox can be no root. */
export async function searchNamespaces(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const found = await findIn(this, {}, namespacesPage, {
		wanted: filter,
		cursor: paginationToken,
		shown: ({ id, isTeamFolder, path }: Namespace) =>
			path === undefined
				? undefined
				: { name: isTeamFolder ? `${path} (team folder)` : path, value: id },
	});
	return listValue(this, found);
}

interface Search<E> {
	readonly wanted: string | undefined;
	readonly cursor: string | undefined;
	/** Undefined: it cannot be chosen. */
	readonly shown: (entry: E) => INodeListSearchItems | undefined;
}

async function findIn<E>(
	context: ILoadOptionsFunctions,
	instead: Readonly<Record<string, string>>,
	pageOf: (connection: Connection, cursor: string | undefined) => Promise<Outcome<Page<E>>>,
	search: Search<E>,
): Promise<Outcome<INodeListSearchResult>> {
	const options: unknown = context.getCurrentNodeParameter('options');
	try {
		const given = isObject(options) ? toJson(options) : {};
		const credential = await credentialOf(context);
		// Neither list depends on where paths begin.
		const read = readOptions({ ...given, ...instead, root: 'home' }, credential.accessType);
		// Somebody waits in front of the screen.
		return await matching(connect(context, { ...read, maxRetries: 1 }, credential), pageOf, search);
	} catch (error) {
		return failed(problemOf(error, 'Dropbox'));
	}
}

async function matching<E>(
	connection: Connection,
	pageOf: (connection: Connection, cursor: string | undefined) => Promise<Outcome<Page<E>>>,
	{ cursor, shown, wanted = '' }: Search<E>,
): Promise<Outcome<INodeListSearchResult>> {
	const part = wanted.trim().toLowerCase();
	let next = cursor;
	for (let pages = 1; ; pages++) {
		const page = await pageOf(connection, next);
		if (!page.ok) return page;
		const { entries, next: following } = page.value;
		if (following !== undefined && following === next) return failed(endlessList('Dropbox'));
		next = following;
		const results = entries
			.map(shown)
			.filter((item) => item !== undefined)
			.filter(({ name }) => name.toLowerCase().includes(part));
		if (results.length > 0 || next === undefined || pages >= MAX_PAGES) {
			return success({ results, paginationToken: next });
		}
	}
}
