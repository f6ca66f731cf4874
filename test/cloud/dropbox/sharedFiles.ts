import type { DropboxState } from './call';
import type { Tagged } from './errors';
import { pathFields } from './metadata';
import type { Place, View } from './space';
import type { FileNode } from './tree';

/** What `sharing/get_file_metadata` and its batch answer; a test writes into it. */
export interface SharingSettings {
	/** Refuses every call, e.g. `email_unverified`. */
	userError?: string;
	/** By the file as the caller names it: `no_permission`, `inside_public_folder` ... */
	accessErrors: Record<string, string>;
	/** By action: why it is not allowed. What is not named is allowed. */
	deniedActions: Record<string, Tagged>;
	/** Fields in place of the usual ones; undefined leaves a field out. */
	override?: (file: { id: string; name: string }) => Record<string, unknown>;
}

export function defaultSharing(): SharingSettings {
	return { accessErrors: {}, deniedActions: {} };
}

/** Every field that the file and its account can have. */
export function sharedFileMetadata(
	state: DropboxState,
	view: View,
	place: Place,
	file: FileNode,
	actions: readonly Tagged[],
): Record<string, unknown> {
	const { account } = view;
	const link = state.sharedLinks.find(account.accountId, file.id);
	const linkBase = {
		access_level: { '.tag': 'viewer' },
		audience_options: [{ '.tag': 'public' }, { '.tag': 'members' }],
		current_audience: { '.tag': 'public' },
		link_permissions: ['change_audience', 'set_expiry', 'set_password'].map(linkPermission),
		password_protected: link?.settings.require_password === true,
		...(link?.settings.expires !== undefined && { expiry: link.settings.expires }),
	};
	const sharedFolder = account.team !== undefined && place.tree.namespaceId !== view.rootId;
	return withoutUndefined({
		access_type: { '.tag': 'owner' },
		id: file.id,
		name: file.name,
		owner_display_names: [account.displayName],
		owner_team: account.team,
		parent_shared_folder_id: sharedFolder ? place.tree.namespaceId : undefined,
		...pathFields(state.space, view, place),
		permissions: actions.map((action) => filePermission(action, state.sharing)),
		policy: {
			member_policy: account.team && { '.tag': 'anyone' },
			resolved_member_policy: account.team && { '.tag': 'team' },
			acl_update_policy: { '.tag': 'owner' },
			shared_link_policy: { '.tag': 'anyone' },
			viewer_info_policy: { '.tag': 'enabled' },
		},
		preview_url: `https://www.dropbox.com/scl/fi/${file.id.slice(3)}/${encodeURIComponent(file.name)}`,
		time_invited: file.serverModified,
		expected_link_metadata: link ? undefined : linkBase,
		link_metadata: link && { ...linkBase, url: link.url },
		...state.sharing.override?.({ id: file.id, name: file.name }),
	});
}

function filePermission(action: Tagged, { deniedActions }: SharingSettings): object {
	const reason = deniedActions[action['.tag']];
	return reason ? { action, allow: false, reason } : { action, allow: true };
}

function linkPermission(action: string): object {
	return { action: { '.tag': action }, allow: true };
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
	return JSON.parse(JSON.stringify(fields)) as Record<string, unknown>;
}
