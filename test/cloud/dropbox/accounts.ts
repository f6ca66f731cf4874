import type { Tagged } from './errors';

export interface Team {
	readonly id: string;
	readonly name: string;
}

export interface Account {
	readonly accountId: string;
	readonly email: string;
	readonly displayName: string;
	readonly homeNamespaceId: string;
	/** The team space for members of a team, else the home namespace. */
	readonly rootNamespaceId: string;
	readonly team?: Team;
	readonly teamMemberId?: string;
}

export const personalAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionspersonal000000000',
	email: 'personal@example.com',
	displayName: 'Pat Personal',
	homeNamespaceId: '1000000001',
	rootNamespaceId: '1000000001',
};

const team: Team = { id: 'dbtid:AAAAuploadsessionsteam00000000000000A', name: 'Example Team' };

/** A member of a team with a team space: the home folder lies inside the root. */
export const memberAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionsmember00000000000',
	email: 'member@example.com',
	displayName: 'Mel Member',
	homeNamespaceId: '2000000002',
	rootNamespaceId: '2000000001',
	team,
	teamMemberId: 'dbmid:AAAAuploadsessionsmember00000000000A',
};

/** Another member of that team, with a home folder of their own. */
export const adminAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionsadmin000000000000',
	email: 'admin@example.com',
	displayName: 'Ada Admin',
	homeNamespaceId: '2000000003',
	rootNamespaceId: '2000000001',
	team,
	teamMemberId: 'dbmid:AAAAuploadsessionsadmin000000000000A',
};

/** A member who may not act any more. */
export const suspendedAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionssuspended00000000',
	email: 'suspended@example.com',
	displayName: 'Sue Suspended',
	homeNamespaceId: '2000000004',
	rootNamespaceId: '2000000001',
	team,
	teamMemberId: 'dbmid:AAAAuploadsessionssuspended00000000A',
};

/** Asked to join, and not there yet. */
export const invitedAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionsinvited0000000000',
	email: 'invited@example.com',
	displayName: 'Ivy Invited',
	homeNamespaceId: '2000000005',
	rootNamespaceId: '2000000001',
	team,
	teamMemberId: 'dbmid:AAAAuploadsessionsinvited0000000000A',
};

/** Has left; the list has such a member only for whoever asks for it. */
export const removedAccount: Account = {
	accountId: 'dbid:AAAAuploadsessionsremoved0000000000',
	email: 'removed@example.com',
	displayName: 'Ron Removed',
	homeNamespaceId: '2000000006',
	rootNamespaceId: '2000000001',
	team,
	teamMemberId: 'dbmid:AAAAuploadsessionsremoved0000000000A',
};

/** A folder of the team, beside the members' folders in the team space. */
export const teamFolder = { namespaceId: '2000000010', name: 'Marketing' } as const;

export const accounts: readonly Account[] = [
	personalAccount,
	memberAccount,
	adminAccount,
	suspendedAccount,
	invitedAccount,
	removedAccount,
];

export function members(): readonly Account[] {
	return accounts.filter(({ teamMemberId }) => teamMemberId !== undefined);
}

const STATUSES = new Map<Account, 'suspended' | 'invited' | 'removed'>([
	[suspendedAccount, 'suspended'],
	[invitedAccount, 'invited'],
	[removedAccount, 'removed'],
]);

/** A `TeamMemberStatus` of the specification. */
export function memberStatusOf(account: Account): 'active' | 'suspended' | 'invited' | 'removed' {
	return STATUSES.get(account) ?? 'active';
}

let generation = 0;

/** An emptied cloud has new accounts of the same names: what a client remembers of the old ones is not about them. */
export function renewAccountIds(): void {
	generation += 1;
}

/** As it is told to clients. */
export function wireAccountId(accountId: string): string {
	const digits = String(generation);
	return accountId.slice(0, accountId.length - digits.length) + digits;
}

export const teamId = team.id;

export function accountById(accountId: string): Account | undefined {
	return accounts.find((account) => account.accountId === accountId);
}

export function memberById(teamMemberId: string): Account | undefined {
	return accounts.find((account) => account.teamMemberId === teamMemberId);
}

export function rootInfo(account: Account): Tagged {
	const ids = {
		root_namespace_id: account.rootNamespaceId,
		home_namespace_id: account.homeNamespaceId,
	};
	return account.team
		? { '.tag': 'team', ...ids, home_path: `/${account.displayName}` }
		: { '.tag': 'user', ...ids };
}

export function fullAccount(account: Account): Record<string, unknown> {
	const [givenName = '', surname = ''] = account.displayName.split(' ');
	return {
		account_id: wireAccountId(account.accountId),
		name: {
			given_name: givenName,
			surname,
			familiar_name: givenName,
			display_name: account.displayName,
			abbreviated_name: givenName.slice(0, 1) + surname.slice(0, 1),
		},
		email: account.email,
		email_verified: true,
		disabled: false,
		country: 'DE',
		locale: 'en',
		referral_link: 'https://www.dropbox.com/referrals/example',
		is_paired: false,
		account_type: { '.tag': account.team ? 'business' : 'basic' },
		root_info: rootInfo(account),
		...(account.team && { team: fullTeam(account.team), team_member_id: account.teamMemberId }),
	};
}

function fullTeam(of: Team): Record<string, unknown> {
	return {
		...of,
		sharing_policies: {
			shared_folder_member_policy: { '.tag': 'team' },
			shared_folder_join_policy: { '.tag': 'from_anyone' },
			shared_link_create_policy: { '.tag': 'default_team_only' },
			group_creation_policy: { '.tag': 'admins_only' },
			shared_folder_link_restriction_policy: { '.tag': 'anyone' },
			enforce_link_password_policy: { '.tag': 'optional' },
			default_link_expiration_days_policy: { '.tag': 'none' },
			shared_link_default_permissions_policy: { '.tag': 'default' },
		},
		office_addin_policy: { '.tag': 'disabled' },
		top_level_content_policy: { '.tag': 'everyone' },
	};
}
