import type { Page } from '../../shared/http/pages';
import { isObject, isString } from '../../shared/json';
import type { Shape } from './shapes';
import type { Namespace, TeamMember } from './team';

function memberIn(value: unknown): TeamMember | undefined {
	const profile = isObject(value) ? value.profile : undefined;
	if (!isObject(profile) || !isString(profile.team_member_id)) return undefined;
	const { email, name, status, team_member_id: id } = profile;
	return {
		id,
		email: isString(email) ? email : '',
		name: isObject(name) && isString(name.display_name) ? name.display_name : '',
		status: isObject(status) && isString(status['.tag']) ? status['.tag'] : '',
	};
}

/** The one member that was asked for. */
export const memberFound: Shape<{ readonly member: TeamMember | undefined }> = (value) => {
	const infos: unknown = isObject(value) ? value.members_info : undefined;
	const info: unknown = Array.isArray(infos) ? infos[0] : undefined;
	if (!isObject(info)) return undefined;
	if (info['.tag'] === 'id_not_found') return { member: undefined };
	const member = memberIn(info);
	return member && { member };
};

export const membersPage: Shape<Page<TeamMember>> = (value) => {
	if (!isObject(value) || !Array.isArray(value.members)) return undefined;
	const entries = value.members.map(memberIn);
	return {
		entries: entries.filter((entry) => entry !== undefined),
		next: value.has_more === true && isString(value.cursor) ? value.cursor : undefined,
	};
};

function namespaceIn(value: unknown): Namespace | undefined {
	if (!isObject(value) || !isString(value.shared_folder_id)) return undefined;
	const { name, path_display: shown, path_lower: path } = value;
	return {
		id: value.shared_folder_id,
		name: isString(name) ? name : value.shared_folder_id,
		path: isString(path) ? (isString(shown) ? shown : path) : undefined,
		isTeamFolder: value.is_team_folder === true,
	};
}

export const namespacesPage: Shape<Page<Namespace>> = (value) => {
	if (!isObject(value) || !Array.isArray(value.entries)) return undefined;
	const entries = value.entries.map(namespaceIn);
	return {
		entries: entries.filter((entry) => entry !== undefined),
		next: isString(value.cursor) && value.cursor !== '' ? value.cursor : undefined,
	};
};
