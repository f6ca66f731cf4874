/**
 * Routes and types of teams and shared folders that the other tables lack, in their form. From Dropbox's
 * specification, github.com/dropbox/dropbox-api-spec (team_members.stone, sharing_folders.stone, common.stone), and
 * the types of its SDK (dropbox 10.47.0, types/dropbox_types.d.ts).
 */
const field = (name: string, type?: string, byDefault?: string) => ({
	name,
	...(type !== undefined && { type }),
	...(byDefault !== undefined && { default: byDefault }),
});

type Fields = ReadonlyArray<ReturnType<typeof field>>;

const struct = (fields: Fields, parent: string | null = null) => ({
	kind: 'struct',
	extends: parent,
	fields,
});
const union = (fields: Fields) => ({ kind: 'union', extends: null, fields });

const ofTeam = { auth: 'team', scope: 'members.read' };
const ofUser = {
	auth: 'user',
	scope: 'sharing.read',
	allow_app_folder_app: true,
	select_admin_mode: 'team_admin',
};

export const teamRoutes = {
	'team/members/list_v2': {
		arg: 'MembersListArg',
		result: 'MembersListV2Result',
		error: 'MembersListError',
		...ofTeam,
	},
	'team/members/list/continue_v2': {
		arg: 'MembersListContinueArg',
		result: 'MembersListV2Result',
		error: 'MembersListContinueError',
		...ofTeam,
	},
	'team/members/get_info_v2': {
		arg: 'MembersGetInfoV2Arg',
		result: 'MembersGetInfoV2Result',
		error: 'MembersGetInfoError',
		...ofTeam,
	},
	'sharing/list_folders': {
		arg: 'ListFoldersArgs',
		result: 'ListFoldersResult',
		error: 'Void',
		...ofUser,
	},
	'sharing/list_folders/continue': {
		arg: 'ListFoldersContinueArg',
		result: 'ListFoldersResult',
		error: 'ListFoldersContinueError',
		...ofUser,
	},
};

const EMAIL = String.raw`String(max_length=255, pattern="['#&A-Za-z0-9._%+-]+@[A-Za-z0-9-][A-Za-z0-9.-]*\\.[A-Za-z]{2,15}")`;
const LIMIT = field('limit', 'UInt32(max_value=1000, min_value=1)', '1000');

export const teamTypes = {
	'common.EmailAddress': { kind: 'alias', of: EMAIL },
	'team.MembersListArg': struct([LIMIT, field('include_removed', 'Boolean', 'false')]),
	'team.MembersListContinueArg': struct([field('cursor', 'String')]),
	'team.MembersListV2Result': struct([
		field('members', 'List(TeamMemberInfoV2)'),
		field('cursor', 'String'),
		field('has_more', 'Boolean'),
	]),
	'team.MembersListError': union([]),
	'team.MembersListContinueError': union([field('invalid_cursor')]),
	'team.MembersGetInfoV2Arg': struct([field('members', 'List(UserSelectorArg)')]),
	'team.MembersGetInfoV2Result': struct([field('members_info', 'List(MembersGetInfoItemV2)')]),
	'team.MembersGetInfoError': union([]),
	'team.MembersGetInfoItemV2': union([
		field('id_not_found', 'String'),
		field('member_info', 'TeamMemberInfoV2'),
	]),
	'team.UserSelectorArg': union([
		field('team_member_id', 'String'),
		field('external_id', 'String(max_length=64)'),
		field('email', 'common.EmailAddress'),
	]),
	'team.TeamMemberInfoV2': struct([
		field('profile', 'TeamMemberProfile'),
		field('roles', 'List(TeamMemberRole)?'),
	]),
	'team.TeamMemberRole': struct([
		field('role_id', 'String(max_length=128)'),
		field('name', 'String(max_length=32)'),
		field('description', 'String(max_length=256)'),
	]),
	'team.TeamMemberProfile': struct(
		[
			field('groups', 'List(String)'),
			field('member_folder_id', 'common.NamespaceId'),
			field('root_folder_id', 'common.NamespaceId'),
		],
		'MemberProfile',
	),
	'team.MemberProfile': struct([
		field('team_member_id', 'String'),
		field('external_id', 'String?'),
		field('account_id', 'users_common.AccountId?'),
		field('email', 'String'),
		field('email_verified', 'Boolean'),
		field('status', 'TeamMemberStatus'),
		field('name', 'users.Name'),
		field('membership_type', 'TeamMembershipType'),
		field('joined_on', 'common.DropboxTimestamp?'),
		field('suspended_on', 'common.DropboxTimestamp?'),
	]),
	'team.TeamMemberStatus': union([
		field('active'),
		field('invited'),
		field('suspended'),
		field('removed', 'RemovedStatus'),
	]),
	'team.RemovedStatus': struct([
		field('is_recoverable', 'Boolean'),
		field('is_disconnected', 'Boolean'),
	]),
	'team.TeamMembershipType': union([field('full'), field('limited')]),
	'sharing.ListFoldersArgs': struct([LIMIT]),
	'sharing.ListFoldersContinueArg': struct([field('cursor', 'String')]),
	'sharing.ListFoldersContinueError': union([field('invalid_cursor')]),
	'sharing.ListFoldersResult': struct([
		field('entries', 'List(SharedFolderMetadata)'),
		field('cursor', 'String?'),
	]),
	'sharing.SharedFolderMetadataBase': struct([
		field('access_type', 'AccessLevel'),
		field('is_inside_team_folder', 'Boolean'),
		field('is_team_folder', 'Boolean'),
		field('owner_display_names', 'List(String)?'),
		field('owner_team', 'users.Team?'),
		field('parent_shared_folder_id', 'common.SharedFolderId?'),
		field('path_lower', 'String?'),
		field('path_display', 'String?'),
		field('parent_folder_name', 'String?'),
	]),
	'sharing.SharedFolderMetadata': struct(
		[
			field('name', 'String'),
			field('policy', 'FolderPolicy'),
			field('preview_url', 'String'),
			field('shared_folder_id', 'common.SharedFolderId'),
			field('time_invited', 'common.DropboxTimestamp'),
		],
		'SharedFolderMetadataBase',
	),
};
