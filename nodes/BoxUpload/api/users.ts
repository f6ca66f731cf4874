import type { Outcome } from '../../shared/failure';
import { isCount, isObject, isString } from '../../shared/json';
import type { Connection } from './connection';
import { API_URL } from './connection';
import type { Shape } from './shapes';

/** A user of the enterprise. */
interface BoxUser {
	readonly id: string;
	readonly name: string;
	readonly login: string;
}

export interface UsersPage {
	readonly entries: readonly BoxUser[];
	readonly total: number;
}

const USERS_PAGE = 100;

/**
 * Users whose name or login begins with the term; of an app that may manage users. `offset`: of the first one.
 * https://developer.box.com/reference/get-users/
 */
export async function findUsers(
	connection: Connection,
	term: string,
	offset = 0,
): Promise<Outcome<UsersPage>> {
	const url = new URL(`${API_URL}/users`);
	if (term !== '') url.searchParams.set('filter_term', term);
	url.searchParams.set('user_type', 'all');
	url.searchParams.set('fields', 'name,login');
	url.searchParams.set('limit', String(USERS_PAGE));
	url.searchParams.set('offset', String(offset));
	return await connection.send({ method: 'GET', url: url.href, shape: usersPage });
}

const usersPage: Shape<UsersPage> = (value) => {
	if (!isObject(value) || !Array.isArray(value.entries)) return undefined;
	const entries = value.entries.map(userIn).filter((user) => user !== undefined);
	return { entries, total: isCount(value.total_count) ? value.total_count : entries.length };
};

function userIn(value: unknown): BoxUser | undefined {
	if (!isObject(value) || !isString(value.id)) return undefined;
	const { id, login, name } = value;
	return { id, login: isString(login) ? login : '', name: isString(name) ? name : '' };
}
