import { memberStatusOf, members, wireAccountId, type Account } from '../accounts';
import type { Call, Handlers } from '../call';
import { RouteFailure, tag } from '../errors';

interface Selector {
	readonly '.tag': string;
	readonly [name: string]: string;
}

/** Cursors of a team belong to nobody in particular. */
const TEAM = 'team';

export const teamRoutes: Handlers = {
	'team/members/list_v2': async (call: Call<{ limit: number }>) =>
		page(call, 0, call.argument.limit),
	'team/members/list/continue_v2': async (call: Call<{ cursor: string }>) => {
		const from = call.state.cursors.find<number>(call.argument.cursor, TEAM);
		if (from === undefined) throw new RouteFailure(tag('invalid_cursor'));
		return page(call, from, 1000);
	},
	'team/members/get_info_v2': async ({ argument }: Call<{ members: readonly Selector[] }>) => ({
		members_info: argument.members.map((selector) => {
			const wanted = selector[selector['.tag']] ?? '';
			const found = members().find(
				({ email, teamMemberId }) =>
					email.toLowerCase() === wanted.toLowerCase() || teamMemberId === wanted,
			);
			return found
				? { '.tag': 'member_info', ...memberInfo(found) }
				: { '.tag': 'id_not_found', id_not_found: wanted };
		}),
	}),
};

function page({ state }: Call<unknown>, from: number, limit: number) {
	const to = from + Math.min(limit, state.settings.membersPageSize);
	// `include_removed` is false, and the node never asks otherwise.
	const all = members().filter((member) => memberStatusOf(member) !== 'removed');
	return {
		members: all.slice(from, to).map(memberInfo),
		cursor: state.cursors.make(TEAM, to),
		has_more: to < all.length,
	};
}

function statusOf(account: Account) {
	const status = memberStatusOf(account);
	return status === 'removed'
		? { '.tag': status, is_recoverable: true, is_disconnected: false }
		: tag(status);
}

function memberInfo(account: Account) {
	const [givenName = '', surname = ''] = account.displayName.split(' ');
	return {
		profile: {
			team_member_id: account.teamMemberId,
			account_id: wireAccountId(account.accountId),
			email: account.email,
			email_verified: true,
			status: statusOf(account),
			name: {
				given_name: givenName,
				surname,
				familiar_name: givenName,
				display_name: account.displayName,
				abbreviated_name: givenName.slice(0, 1) + surname.slice(0, 1),
			},
			membership_type: tag('full'),
			groups: [],
			member_folder_id: account.homeNamespaceId,
			root_folder_id: account.rootNamespaceId,
		},
		roles: [],
	};
}
