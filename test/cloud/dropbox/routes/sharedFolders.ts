import type { Call, Handlers } from '../call';
import { RouteFailure, tag } from '../errors';
import type { SharedFolder } from '../space';

export const sharedFolderRoutes: Handlers = {
	'sharing/list_folders': async (call: Call<{ limit: number }>) =>
		page(call, 0, call.argument.limit),
	'sharing/list_folders/continue': async (call: Call<{ cursor: string }>) => {
		const { accountId } = call.view.account;
		const from = call.state.cursors.find<number>(call.argument.cursor, accountId);
		if (from === undefined) throw new RouteFailure(tag('invalid_cursor'));
		return page(call, from, 1000);
	},
};

function page({ state, view }: Call<unknown>, from: number, limit: number) {
	const to = from + Math.min(limit, state.settings.sharedFoldersPageSize);
	const all = state.space.sharedFolders(view.account);
	return {
		entries: all.slice(from, to).map(metadata),
		...(to < all.length && { cursor: state.cursors.make(view.account.accountId, to) }),
	};
}

/** Without a path when it is not mounted, as the specification says. */
function metadata({ name, namespaceId, path, isTeamFolder }: SharedFolder) {
	return {
		name,
		shared_folder_id: namespaceId,
		access_type: tag('editor'),
		is_inside_team_folder: false,
		is_team_folder: isTeamFolder,
		...(path !== undefined && { path_lower: path.toLowerCase(), path_display: path }),
		policy: {
			acl_update_policy: tag('editors'),
			shared_link_policy: tag('anyone'),
		},
		preview_url: `https://www.dropbox.com/scl/fo/${namespaceId}`,
		time_invited: '2026-01-02T03:04:05Z',
	};
}
