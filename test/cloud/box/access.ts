import type { CloudReply } from '../core/contract';
import type { Grant } from '../core/tokens';
import { accountById } from './accounts';
import { BoxFailure } from './errors';
import type { Route } from './routes';

/** Box answers 401 without a body; what is wrong stands in the header alone. */
export function unauthorized(isMissing: boolean): CloudReply {
	const reason = isMissing
		? ''
		: ', error="invalid_token", error_description="The access token provided is invalid."';
	return { status: 401, headers: { 'www-authenticate': `Bearer realm="Service"${reason}` } };
}

/** Whose files a request is about. Only a token of the app itself may act as another user. */
export function actingUser(grant: Grant, asUser: string | string[] | undefined): string {
	if (asUser === undefined) return grant.accountId;
	if (grant.kind !== 'service') {
		throw new BoxFailure(
			403,
			'access_denied_insufficient_permissions',
			'Access denied - insufficient permission',
		);
	}
	const id = String(asUser);
	if (!accountById(id)) {
		throw new BoxFailure(404, 'not_found', 'On-Behalf-Of User not found', {
			invalid_user_id: { id },
		});
	}
	return id;
}

const writing = ['root_readwrite'];
const reading = ['root_readwrite', 'root_readonly'];
const uploading = ['root_readwrite', 'base_upload', 'item_upload'];

/**
 * The refusal of a token that lacks the scope, without a body: https://github.com/box/box-python-sdk/issues/243. An
 * empty list is what an app gets that asked for none: all that it is configured with.
 */
export function scopeRefusal(
	scopes: ReadonlySet<string> | undefined,
	route: Route,
): CloudReply | undefined {
	if (!scopes || scopes.size === 0) return undefined;
	const needed = route.isUpload ? uploading : route.method === 'GET' ? reading : writing;
	if (needed.some((scope) => scopes.has(scope))) return undefined;
	return {
		status: 403,
		headers: {
			'www-authenticate':
				'Bearer realm="Service", error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token."',
		},
	};
}
