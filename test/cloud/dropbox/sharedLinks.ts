import { randomBytes } from 'node:crypto';
import type { Tagged } from './errors';
import { pathFields } from './metadata';
import type { Place, Space, View } from './space';
import type { TreeNode } from './tree';

export interface LinkSettings {
	readonly require_password?: boolean;
	readonly link_password?: string;
	readonly expires?: string;
	readonly audience?: Tagged;
	readonly access?: Tagged;
	readonly requested_visibility?: Tagged;
	readonly allow_download?: boolean;
}

export interface SharedLink {
	readonly url: string;
	readonly accountId: string;
	readonly nodeId: string;
	readonly place: Place;
	readonly settings: LinkSettings;
}

/** One link for each file or folder of an account. */
export class SharedLinks {
	private links: SharedLink[] = [];

	create(accountId: string, place: Place, node: TreeNode, settings: LinkSettings): SharedLink {
		const key = randomBytes(12).toString('base64url');
		const rlkey = randomBytes(12).toString('hex');
		const name = encodeURIComponent(node.name);
		const kind = node.kind === 'file' ? 'fi' : 'fo';
		const url = `https://www.dropbox.com/scl/${kind}/${key}/${name}?rlkey=${rlkey}&dl=0`;
		const link = { url, accountId, nodeId: node.id, place, settings };
		this.links.push(link);
		return link;
	}

	find(accountId: string, nodeId: string): SharedLink | undefined {
		return this.all(accountId).find((link) => link.nodeId === nodeId);
	}

	all(accountId: string): SharedLink[] {
		return this.links.filter((link) => link.accountId === accountId);
	}

	/** Whoever has the address; whether it shows the file or a page for it (`dl`) makes no difference. */
	byUrl(url: string): SharedLink | undefined {
		return this.links.find((link) => withoutDl(link.url) === withoutDl(url));
	}

	/** Of all accounts. */
	everything(): readonly SharedLink[] {
		return this.links;
	}

	reset(): void {
		this.links = [];
	}
}

function withoutDl(url: string): string {
	return url.replace(/[?&]dl=[01]/, '');
}

export function opensWith({ settings }: SharedLink, password: string | undefined): boolean {
	return !settings.require_password || settings.link_password === password;
}

export function linkMetadata(
	space: Space,
	view: View,
	place: Place,
	node: TreeNode,
	link: SharedLink,
): Record<string, unknown> {
	const { path_lower: pathLower } = pathFields(space, view, place);
	const { settings } = link;
	const visibility = settings.require_password ? 'password' : 'public';
	return {
		'.tag': node.kind,
		url: link.url,
		id: node.id,
		name: node.name,
		...(settings.expires !== undefined && { expires: settings.expires }),
		...(pathLower !== undefined && { path_lower: pathLower }),
		link_permissions: {
			resolved_visibility: { '.tag': visibility },
			requested_visibility: { '.tag': visibility },
			effective_audience: settings.audience ?? { '.tag': 'public' },
			link_access_level: { '.tag': 'viewer' },
			can_revoke: true,
			visibility_policies: ['public', 'team_only', 'password'].map((policy) => ({
				policy: { '.tag': policy },
				resolved_policy: { '.tag': policy },
				allowed: policy === 'public' || view.account.team !== undefined,
				...(policy !== 'public' &&
					!view.account.team && { disallowed_reason: { '.tag': 'user_account_type' } }),
			})),
			can_set_expiry: view.account.team !== undefined,
			can_remove_expiry: settings.expires !== undefined,
			allow_download: settings.allow_download ?? true,
			can_allow_download: true,
			can_disallow_download: view.account.team !== undefined,
			allow_comments: true,
			team_restricts_comments: false,
		},
		...(view.account.team && {
			team_member_info: {
				team_info: view.account.team,
				display_name: view.account.displayName,
				member_id: view.account.teamMemberId,
			},
		}),
		...(node.kind === 'file' && {
			client_modified: node.clientModified,
			server_modified: node.serverModified,
			rev: node.rev,
			size: node.content.size,
		}),
	};
}
