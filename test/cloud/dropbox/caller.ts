/** Who calls, for whom, and with which root: the token and Dropbox's four headers about it. */
import type { CloudReply, CloudRequest } from '../core/contract';
import type { Grant, TokenStore } from '../core/tokens';
import {
	accountById,
	adminAccount,
	memberById,
	memberStatusOf,
	rootInfo,
	teamId,
	type Account,
} from './accounts';
import { badInput, CallRefused, errorReply, nested, tag, type Tagged } from './errors';
import type { DropboxSettings } from './settings';
import { appFolderNamespaceId, type Space, type View } from './space';
import { decodeType, InvalidValue, routes } from './validate';

export interface CallerParts {
	readonly tokens: TokenStore;
	readonly space: Space;
	readonly settings: DropboxSettings;
}

type Headers = CloudRequest['headers'];

/** Throws `CallRefused`. */
export function identify(parts: CallerParts, route: string, headers: Headers): View {
	const grant = grantOf(parts.tokens, route, headers);
	const { scope, allow_app_folder_app: allowsAppFolder } = routes[route] ?? {};
	const { appScopes, isAppDisabled, isAppFolderApp } = parts.settings;
	// Assumed.
	if (isAppDisabled) throw badInput(route, 'This app is currently disabled.');
	// Of the app, whatever the token has: https://github.com/activepieces/activepieces/issues/3936 (without the ID).
	if (scope !== undefined && appScopes?.includes(scope) === false) {
		throw badInput(
			route,
			`Your app (ID: 1234567) is not permitted to access this endpoint because it does not have the required scope '${scope}'. ` +
				'The owner of the app can enable the scope for the app using the Permissions tab on the App Console.',
		);
	}
	if (scope !== undefined && grant.scopes?.has(scope) === false) {
		const error = { '.tag': 'missing_scope', required_scope: scope };
		throw new CallRefused(errorReply(401, error));
	}
	// https://github.com/dropbox/dropbox-sdk-java/issues/34
	if (isAppFolderApp && !allowsAppFolder) {
		throw badInput(
			route,
			'Your API app is an "App Folder" app.  It is not allowed to access this API function.',
		);
	}
	if (routes[route]?.auth === 'team') return ofTeam(grant, route);
	const account = accountOf(grant, route, headers);
	return { account, rootId: pathRootOf(parts, route, headers, account) };
}

/** A team's routes are for the team's own token. What Dropbox tells a user's token is assumed. */
function ofTeam(grant: Grant, route: string): View {
	if (grant.kind === 'team') return { account: adminAccount, rootId: adminAccount.rootNamespaceId };
	throw badInput(
		route,
		'Your app is only permitted to access single-user APIs; this API function requires "team" access.',
	);
}

function grantOf(tokens: TokenStore, route: string, headers: Headers): Grant {
	const who = tokens.authenticate(headers);
	if (who.ok) return who.grant;
	switch (who.reason) {
		case 'missing':
			throw badInput(
				route,
				'Must provide HTTP header "Authorization" or URL parameter "authorization".',
			);
		case 'malformed':
			throw badInput(route, 'Invalid authorization value in HTTP header "Authorization".');
		case 'expired':
			throw unauthorized('expired_access_token');
		case 'unknown':
			// What does not even look like one: https://github.com/dropbox/dropbox-sdk-python/issues/100.
			if (!/^Bearer sl\./i.test(headers.authorization ?? '')) {
				throw badInput(route, 'The given OAuth 2 access token is malformed.');
			}
			throw unauthorized('invalid_access_token');
	}
}

function unauthorized(name: string): CallRefused {
	return new CallRefused(errorReply(401, tag(name)));
}

/** A team's token acts for a member it names; a user's token may name nobody. */
function accountOf(grant: Grant, route: string, headers: Headers): Account {
	const selectUser = header(headers, 'dropbox-api-select-user');
	const selectAdmin = header(headers, 'dropbox-api-select-admin');
	if (selectUser !== undefined && selectAdmin !== undefined) {
		throw badInput(
			route,
			'Only one of the HTTP headers "Dropbox-API-Select-User" and "Dropbox-API-Select-Admin" may be provided.',
		);
	}
	const selected = selectUser ?? selectAdmin;
	if (grant.kind !== 'team') {
		if (selected !== undefined) throw refusedSelection(selectUser !== undefined);
		const account = accountById(grant.accountId);
		if (!account) throw unauthorized('invalid_access_token');
		return account;
	}
	if (selected === undefined) {
		throw badInput(
			route,
			'This API function operates on a single Dropbox account, but the OAuth 2 access token you ' +
				'provided is for an entire Dropbox Business team.  Since your API app key has team member ' +
				"file access permissions, you can operate on a team member's Dropbox by providing the " +
				'"Dropbox-API-Select-User" HTTP header or "select_user" URL parameter to specify the exact ' +
				'user <https://www.dropbox.com/developers/documentation/http/teams>.',
		);
	}
	if (selectAdmin !== undefined && routes[route]?.select_admin_mode === undefined) {
		throw badInput(route, 'This API function does not support "Dropbox-API-Select-Admin".');
	}
	const member = memberById(selected);
	if (member?.team?.id !== teamId) throw refusedSelection(selectUser !== undefined);
	switch (memberStatusOf(member)) {
		case 'active':
			return member;
		case 'suspended':
			throw unauthorized('user_suspended');
		// Assumed: neither is in the team.
		case 'invited':
		case 'removed':
			throw refusedSelection(selectUser !== undefined);
	}
}

function refusedSelection(isUser: boolean): CallRefused {
	return unauthorized(isUser ? 'invalid_select_user' : 'invalid_select_admin');
}

interface PathRoot extends Tagged {
	readonly root?: string;
	readonly namespace_id?: string;
}

function pathRootOf(
	{ settings, space }: CallerParts,
	route: string,
	headers: Headers,
	account: Account,
): string {
	const home = settings.isAppFolderApp ? appFolderNamespaceId : account.homeNamespaceId;
	const text = header(headers, 'dropbox-api-path-root');
	if (text === undefined) return home;
	let pathRoot: PathRoot;
	try {
		pathRoot = decodeType('common.PathRoot', JSON.parse(text)) as PathRoot;
	} catch (error) {
		const reason = error instanceof InvalidValue ? error.message : 'could not decode input as JSON';
		throw badInput(route, `HTTP header "Dropbox-API-Path-Root": ${reason}`);
	}
	if (pathRoot['.tag'] === 'home') return home;
	if (settings.isAppFolderApp) throw badPathRoot(tag('no_permission'));
	if (pathRoot.root !== undefined) {
		if (pathRoot.root === account.rootNamespaceId) return pathRoot.root;
		throw badPathRoot(nested('invalid_root', rootInfo(account)));
	}
	const id = pathRoot.namespace_id ?? '';
	if (!space.visibleTo(account).has(id)) throw badPathRoot(tag('no_permission'));
	return id;
}

function badPathRoot(error: Tagged): CallRefused {
	const reply: CloudReply = errorReply(422, error);
	return new CallRefused(reply);
}

function header(headers: Headers, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value.join(', ') : value;
}
