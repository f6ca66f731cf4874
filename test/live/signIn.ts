/** How the command gets an access token. None of it is written anywhere. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { request, type Dispatcher } from 'undici';

import type { Vendor } from '../cloud/core/contract';

export interface SignInOptions {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Through the browser instead of a code to paste. */
	readonly browser: boolean;
	readonly say: (line: string) => void;
	readonly ask: (question: string) => Promise<string>;
	readonly dispatcher?: Dispatcher;
	/** Of the local address; both vendors compare it to the letter. */
	readonly port?: number;
}

/** A text for the user. */
export class NoSignIn extends Error {}

const PORT = 53_682;
const TOKEN_URL: Readonly<Record<Vendor, string>> = {
	dropbox: 'https://api.dropboxapi.com/oauth2/token',
	box: 'https://api.box.com/oauth2/token',
};
const AUTHORIZE_URL: Readonly<Record<Vendor, string>> = {
	dropbox: 'https://www.dropbox.com/oauth2/authorize',
	box: 'https://account.box.com/api/oauth2/authorize',
};

export const SIGN_IN_HELP = `Sign-in, through environment variables:
  DROPBOX_ACCESS_TOKEN            a token that you have
  DROPBOX_APP_KEY                 shows an address, and asks for the code that Dropbox shows there
  DROPBOX_APP_KEY with --browser  the same through your browser, back to http://localhost:${PORT}/
  BOX_ACCESS_TOKEN                a token that you have, such as a developer token
  BOX_CLIENT_ID, BOX_CLIENT_SECRET and BOX_ENTERPRISE_ID or BOX_USER_ID
                                  a server app (client credentials)
  BOX_CLIENT_ID, BOX_CLIENT_SECRET with --browser
                                  through your browser, back to http://localhost:${PORT}/
`;

export async function signIn(vendor: Vendor, options: SignInOptions): Promise<string> {
	return vendor === 'dropbox' ? await toDropbox(options) : await toBox(options);
}

async function toDropbox(options: SignInOptions): Promise<string> {
	const { ask, browser, env, say } = options;
	if (env.DROPBOX_ACCESS_TOKEN) return env.DROPBOX_ACCESS_TOKEN;
	const clientId = env.DROPBOX_APP_KEY;
	if (!clientId) throw new NoSignIn(`No sign-in for Dropbox is given.\n\n${SIGN_IN_HELP}`);
	// https://developers.dropbox.com/oauth-guide: PKCE needs no secret, and without a redirect Dropbox shows a code.
	const verifier = randomBytes(32).toString('base64url');
	const query = {
		client_id: clientId,
		response_type: 'code',
		code_challenge_method: 'S256',
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
	};
	const pkce = { client_id: clientId, code_verifier: verifier };
	if (browser) return await throughBrowser('dropbox', query, pkce, options);
	say(`Open this address, allow the app, and copy the code:\n${addressOf('dropbox', query)}`);
	const code = (await ask('Code: ')).trim();
	return await token('dropbox', { grant_type: 'authorization_code', code, ...pkce }, options);
}

async function toBox(options: SignInOptions): Promise<string> {
	const { browser, env } = options;
	if (env.BOX_ACCESS_TOKEN) return env.BOX_ACCESS_TOKEN;
	const { BOX_CLIENT_ID: id, BOX_CLIENT_SECRET: secret } = env;
	const subject = env.BOX_USER_ID
		? { box_subject_type: 'user', box_subject_id: env.BOX_USER_ID }
		: { box_subject_type: 'enterprise', box_subject_id: env.BOX_ENTERPRISE_ID ?? '' };
	if (!id || !secret || (!browser && subject.box_subject_id === '')) {
		throw new NoSignIn(`No sign-in for Box is given.\n\n${SIGN_IN_HELP}`);
	}
	const client = { client_id: id, client_secret: secret };
	if (!browser) {
		const form = { grant_type: 'client_credentials', ...client, ...subject };
		return await token('box', form, options);
	}
	return await throughBrowser('box', { client_id: id, response_type: 'code' }, client, options);
}

/** Waits at a fixed local address for the browser to come back. */
async function throughBrowser(
	vendor: Vendor,
	query: Record<string, string>,
	client: Record<string, string>,
	options: SignInOptions,
): Promise<string> {
	const { port = PORT, say } = options;
	const redirect = `http://localhost:${port}/`;
	const state = randomBytes(16).toString('hex');
	const code = codeFrom(port, state);
	const address = addressOf(vendor, { ...query, redirect_uri: redirect, state });
	say(`Add ${redirect} to the redirect addresses of your app, then open:\n${address}`);
	const form = { grant_type: 'authorization_code', code: await code, redirect_uri: redirect };
	return await token(vendor, { ...form, ...client }, options);
}

async function codeFrom(port: number, state: string): Promise<string> {
	return await new Promise<string>((resolve, reject) => {
		const server = createServer((incoming, response) => {
			const { searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
			const code = searchParams.get('code');
			const isOurs = searchParams.get('state') === state;
			response.end(isOurs ? 'You can close this page.' : 'Not the sign-in that was begun.');
			// Whatever else knocks is no answer.
			if (!isOurs) return;
			server.close();
			if (code === null) reject(new NoSignIn('The sign-in was refused.'));
			else resolve(code);
		});
		server.once('error', reject);
		server.listen(port, '127.0.0.1');
	});
}

function addressOf(vendor: Vendor, query: Record<string, string>): string {
	return `${AUTHORIZE_URL[vendor]}?${new URLSearchParams(query).toString()}`;
}

async function token(
	vendor: Vendor,
	form: Record<string, string>,
	{ dispatcher }: SignInOptions,
): Promise<string> {
	const reply = await request(TOKEN_URL[vendor], {
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: new URLSearchParams(form).toString(),
		...(dispatcher && { dispatcher }),
	});
	const text = await reply.body.text();
	const given = /"access_token"\s*:\s*"([^"]+)"/.exec(text)?.[1];
	if (reply.statusCode === 200 && given !== undefined) return given;
	const error = /"error"\s*:\s*"(\w{1,40})"/.exec(text)?.[1] ?? 'no reason';
	throw new NoSignIn(`The sign-in failed: HTTP ${reply.statusCode}, ${error}.`);
}
