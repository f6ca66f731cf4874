/** The OAuth pages of both vendors, with their own error bodies. */
import { boxAccounts, boxEnterpriseId } from './box/accounts';
import type { CloudReply } from './core/contract';
import type { OAuthProfile } from './core/oauth';
import type { IssuedTokens, TokenRules } from './core/tokens';
import { personalAccount, wireAccountId } from './dropbox';

export const dropboxTokenRules: TokenRules = {
	accessTokenPrefix: 'sl.u.',
	defaultAccountId: personalAccount.accountId,
	accessTokenLifetimeSec: 14_400,
	refreshTokensWorkOnce: false,
};

export const boxTokenRules: TokenRules = {
	accessTokenPrefix: '',
	defaultAccountId: boxAccounts.user.id,
	accessTokenLifetimeSec: 3600,
	refreshTokensWorkOnce: true,
};

export const dropboxOAuth: OAuthProfile = {
	authorize: { host: 'www.dropbox.com', path: '/oauth2/authorize' },
	token: { host: 'api.dropboxapi.com', path: '/oauth2/token' },
	errors: {
		badClient: refused('invalid_client', 'Invalid client_id or client_secret'),
		badCode: refused('invalid_grant', "code doesn't exist or has expired"),
		badRedirect: refused('invalid_grant', 'redirect_uri mismatch'),
		badRefreshToken: refused('invalid_grant', 'refresh token is invalid or revoked'),
		badGrantType: refused('unsupported_grant_type', 'grant_type is not supported'),
		badSubject: refused('invalid_grant', 'subject is not allowed'),
		notApproved: refused('unauthorized_client', 'The app is not approved'),
		badRequest: refused(
			'invalid_request',
			'The request parameters do not match any of the supported authorization flows. Please refer to the API documentation for the correct parameters.',
		),
	},
	showsCode: true,
	refreshable: (query) => query.get('token_access_type') === 'offline',
	tokenReply: (issued) => ({
		...commonReply(issued),
		token_type: 'bearer',
		...(issued.grant.scopes && { scope: [...issued.grant.scopes].join(' ') }),
		uid: '1000000001',
		account_id: wireAccountId(issued.grant.accountId),
	}),
};

export const boxOAuth: OAuthProfile = {
	authorize: { host: 'account.box.com', path: '/api/oauth2/authorize' },
	token: { host: 'api.box.com', path: '/oauth2/token' },
	errors: {
		badClient: refused('invalid_client', 'The client credentials are invalid'),
		badCode: refused('invalid_grant', "Auth code doesn't exist or is invalid for the client"),
		badRedirect: refused('invalid_grant', 'The redirect_uri does not match'),
		badRefreshToken: refused('invalid_grant', 'Refresh token has expired'),
		badGrantType: refused('unsupported_grant_type', 'Invalid grant_type parameter'),
		// https://github.com/box/box-python-sdk-gen/issues/220
		badSubject: refused('invalid_grant', 'Grant credentials are invalid'),
		// https://github.com/box/boxcli/issues/154
		notApproved: refused(
			'unauthorized_client',
			'This app is not authorized by the enterprise admin',
		),
		badRequest: refused('invalid_request', 'Invalid request body'),
	},
	refreshable: () => true,
	subjectOf(form) {
		const id = form.get('box_subject_id');
		switch (form.get('box_subject_type')) {
			case 'enterprise':
				return id === boxEnterpriseId ? boxAccounts.service.id : undefined;
			case 'user':
				return Object.values(boxAccounts).find((account) => account.id === id)?.id;
			default:
				return undefined;
		}
	},
	tokenReply: (issued) => ({
		...commonReply(issued),
		token_type: 'bearer',
		restricted_to: [],
	}),
};

function commonReply(issued: IssuedTokens): Record<string, unknown> {
	return {
		access_token: issued.accessToken,
		expires_in: issued.expiresInSec,
		...(issued.refreshToken !== undefined && { refresh_token: issued.refreshToken }),
	};
}

function refused(error: string, description: string): CloudReply {
	return { status: 400, json: { error, error_description: description } };
}
