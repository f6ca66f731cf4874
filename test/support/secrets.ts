import type { LoopbackCloud } from '../cloud';
import type { IssuedTokens, TokenStore } from '../cloud/core/tokens';

/** Remembers every token and client secret, to look for them where none may be. */
export class Secrets {
	private readonly known = new Set<string>();
	private readonly tokens = new Set<string>();
	/** What JWT apps have signed in with. */
	private assertions: readonly string[] = [];

	/** Holds all tokens that the cloud gives out from now on. */
	watch(cloud: LoopbackCloud): void {
		for (const { clients } of [cloud.dropboxOAuth, cloud.boxOAuth]) {
			for (const { clientId, clientSecret } of clients) this.addClient(clientId, clientSecret);
		}
		for (const tokens of [cloud.dropboxTokens, cloud.boxTokens]) this.watchStore(tokens);
		this.assertions = cloud.boxJwt.assertions;
	}

	/** From now on only what is given out later counts, and the apps' own secrets. */
	forgetTokens(): void {
		this.tokens.clear();
	}

	/** Also counts. */
	remember(issued: IssuedTokens): IssuedTokens {
		for (const token of [issued.accessToken, issued.refreshToken]) {
			if (token === undefined) continue;
			if (!isTokenRun(token)) throw new Error('A token is shorter than those that are looked for');
			this.tokens.add(token);
		}
		return issued;
	}

	/** A passphrase, a line of a key. */
	addText(text: string): void {
		this.known.add(text);
	}

	addClient(clientId: string, clientSecret: string): void {
		this.known.add(clientSecret);
		this.known.add(Buffer.from(`${clientId}:${clientSecret}`).toString('base64'));
	}

	/** Throws when `where` holds one of them; the error itself holds only its beginning. */
	assertNoneIn(what: string, where: unknown): void {
		const text = typeof where === 'string' ? where : (JSON.stringify(where) ?? '');
		const isIn = (searched: string) => (secret: string) => searched.includes(secret);
		const secret =
			[...this.known, ...this.assertions.flatMap(piecesOf)].find(isIn(text)) ??
			[...this.tokens].find(isIn((text.match(TOKEN_RUNS) ?? []).join(' ')));
		if (secret === undefined) return;
		const at = text.indexOf(secret);
		const before = text.slice(Math.max(0, at - 80), at);
		throw new Error(`${what} holds a secret: …${before}${secret.slice(0, 6)}…`);
	}

	private watchStore(tokens: TokenStore): void {
		const issue = tokens.issue.bind(tokens);
		const exchange = tokens.exchange.bind(tokens);
		tokens.issue = (options) => this.remember(issue(options));
		tokens.exchange = (refreshToken, clientId) => {
			const issued = exchange(refreshToken, clientId);
			return issued && this.remember(issued);
		};
	}
}

/** Where a token can be at all (its characters: RFC 6750, 2.1): a test file makes thousands, and searches megabytes. */
const TOKEN_RUNS = /[\w.~+/=-]{48,}/g;

const isTokenRun = (token: string): boolean => token.match(TOKEN_RUNS)?.[0] === token;

const PIECE_CHARACTERS = 40;

/** How claims and signature begin: half an assertion is told too. */
function piecesOf(assertion: string): string[] {
	const [, ...pieces] = assertion.split('.');
	return pieces.map((piece) => piece.slice(0, PIECE_CHARACTERS)).filter((piece) => piece !== '');
}
