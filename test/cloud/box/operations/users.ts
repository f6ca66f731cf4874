import { boxAccounts } from '../accounts';
import type { Handler } from '../call';
import { textOf } from '../call';
import { BoxFailure } from '../errors';

/** The users of the enterprise whose name or login begins with the term; for who may manage users. */
export const listUsers: Handler = ({ query, state, userId }) => {
	// https://developer.box.com/guides/api-calls/permissions-and-errors/scopes/ ("Manage users").
	if (!state.settings.mayManageUsers || userId !== boxAccounts.service.id) {
		throw new BoxFailure(
			403,
			'access_denied_insufficient_permissions',
			'Access denied - insufficient permission',
		);
	}
	const term = (textOf(query.filter_term) ?? '').toLowerCase();
	const offset = Number(query.offset ?? 0);
	const limit = Math.min(Number(query.limit ?? 100), state.settings.usersPage);
	const found = Object.values(boxAccounts).filter(({ login, name }) =>
		[login, name].some((text) => text.toLowerCase().startsWith(term)),
	);
	return {
		status: 200,
		json: {
			total_count: found.length,
			limit,
			offset,
			entries: found.slice(offset, offset + limit).map((user) => ({ type: 'user', ...user })),
		},
	};
};
