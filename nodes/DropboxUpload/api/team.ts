import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { Page } from '../../shared/http/pages';
import type { Connection } from './connection';
import * as shapes from './teamShapes';

/** A member of a team, as its list has it. */
export interface TeamMember {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	/** `active`, `invited`, `suspended` or `removed`. */
	readonly status: string;
}

/** A team folder or a shared folder that the account has in its Dropbox. */
export interface Namespace {
	readonly id: string;
	readonly name: string;
	/** Undefined where the account has not added it to its Dropbox. */
	readonly path: string | undefined;
	readonly isTeamFolder: boolean;
}

/** Whom an email means; undefined when nobody of the team has it. Needs `members.read`. */
export async function memberByEmail(
	team: Connection,
	email: string,
): Promise<Outcome<{ readonly member: TeamMember | undefined }>> {
	return await team.rpc({
		name: 'team/members/get_info_v2',
		argument: { members: [{ '.tag': 'email', email }] },
		shape: shapes.memberFound,
		errorUnion: 'team.MembersGetInfoError',
	});
}

const PAGE = 200;

/** One page of a team's members, the first one without a cursor. Needs `members.read`. */
export async function membersPage(
	team: Connection,
	cursor: string | undefined,
): Promise<Outcome<Page<TeamMember>>> {
	return cursor === undefined
		? await team.rpc({
				name: 'team/members/list_v2',
				argument: { limit: PAGE, include_removed: false },
				shape: shapes.membersPage,
				errorUnion: 'team.MembersListError',
			})
		: await team.rpc({
				name: 'team/members/list/continue_v2',
				argument: { cursor },
				shape: shapes.membersPage,
				errorUnion: 'team.MembersListContinueError',
			});
}

/** One page of the shared folders and team folders of an account. Needs `sharing.read`. */
export async function namespacesPage(
	connection: Connection,
	cursor: string | undefined,
): Promise<Outcome<Page<Namespace>>> {
	const page =
		cursor === undefined
			? await connection.rpc({
					name: 'sharing/list_folders',
					argument: { limit: PAGE },
					shape: shapes.namespacesPage,
				})
			: await connection.rpc({
					name: 'sharing/list_folders/continue',
					argument: { cursor },
					shape: shapes.namespacesPage,
					errorUnion: 'sharing.ListFoldersContinueError',
				});
	return page.ok ? success(page.value) : page;
}
