/**
 * Box's JWT grant, as strict as its guide: https://developer.box.com/guides/authentication/jwt/without-sdk/ (claims,
 * algorithms, at most 60 seconds, a `jti` of 16 to 128 characters that works once).
 */
import { createPublicKey, randomBytes, verify } from 'node:crypto';

import type { Clock } from '../core/clock';
import type { CloudReply } from '../core/contract';
import type { OAuthClient } from '../core/oauth';
import { boxAccounts, boxEnterpriseId } from './accounts';

const AUDIENCE = 'https://api.box.com/oauth2/token';
const LONGEST_SECONDS = 60;
const DIGESTS: Readonly<Record<string, string>> = {
	RS256: 'sha256',
	RS384: 'sha384',
	RS512: 'sha512',
};

interface PublicKey {
	readonly clientId: string;
	readonly pem: string;
}

/** Whom a valid assertion gets a token for, or Box's refusal. */
export type JwtAnswer =
	| { readonly ok: true; readonly accountId: string }
	| { readonly ok: false; readonly reply: CloudReply };

export class JwtApps {
	/** By key ID. */
	private readonly keys = new Map<string, PublicKey>();
	private readonly usedIds = new Set<string>();
	/** Every assertion that has arrived, for tests that look where none may be. */
	readonly assertions: string[] = [];
	/** How far Box's clock is ahead of everybody else's. */
	clockAheadMs = 0;
	/** Whether the app may have tokens for users ("Generate user access tokens"). */
	mayActAsUsers = true;

	constructor(private readonly clock: Clock) {}

	/** As "Add a Public Key" in the Developer Console; gives the ID of the key. */
	addKey(clientId: string, pem: string): string {
		const keyId = randomBytes(4).toString('hex');
		this.keys.set(keyId, { clientId, pem });
		return keyId;
	}

	removeKey(keyId: string): void {
		this.keys.delete(keyId);
	}

	reset(): void {
		this.clockAheadMs = 0;
		this.mayActAsUsers = true;
	}

	/** Box's own time, in its `Date` headers too. */
	get date(): string {
		return new Date(this.nowMs).toUTCString();
	}

	answer(form: URLSearchParams, client: OAuthClient): JwtAnswer {
		const assertion = form.get('assertion') ?? '';
		this.assertions.push(assertion);
		const [header, claims] = assertion.split('.').map(decoded);
		const signed = this.signatureProblem(assertion, header, client);
		if (signed !== undefined) return refused('invalid_grant', signed);
		const problem = this.claimProblem(claims ?? {}, client);
		if (problem !== undefined) return refused('invalid_grant', problem);
		return this.subject(claims ?? {});
	}

	private get nowMs(): number {
		return this.clock.now() + this.clockAheadMs;
	}

	private signatureProblem(
		assertion: string,
		header: Decoded | undefined,
		client: OAuthClient,
	): string | undefined {
		const [head = '', body = '', signature = ''] = assertion.split('.');
		// https://github.com/box/box-windows-sdk-v2/issues/880
		const digest = DIGESTS[textOf(header?.alg)];
		if (digest === undefined) return 'Algorithm not allowed';
		const key = this.keys.get(textOf(header?.kid));
		// https://github.com/rapltech/box-sdk/issues/37
		if (key?.clientId !== client.clientId) return '"kid" invalid, unable to lookup correct key';
		const isSigned = verify(
			digest,
			Buffer.from(`${head}.${body}`),
			createPublicKey(key.pem),
			Buffer.from(signature, 'base64url'),
		);
		// Assumed; a public text has not been found.
		return isSigned ? undefined : 'OAuth JWT signature verification failed';
	}

	private claimProblem(claims: Decoded, client: OAuthClient): string | undefined {
		if (claims.iss !== client.clientId) return "Please check the 'iss' claim.";
		if (claims.aud !== AUDIENCE) return "Please check the 'aud' claim.";
		const { exp, iat, jti } = claims;
		const now = this.nowMs / 1_000;
		if (typeof exp !== 'number' || !Number.isInteger(exp)) return "Please check the 'exp' claim.";
		// https://github.com/box/box-windows-sdk-v2/issues/265
		if (exp <= now) {
			return "Current date/time MUST be before the expiration date/time listed in the 'exp' claim";
		}
		// https://github.com/cburnette/boxr/issues/69
		if (exp > now + LONGEST_SECONDS) {
			return "Please check the 'exp' claim. The 'exp' value exceeds the maximum value of 60 seconds beyond the issue time.";
		}
		if (iat !== undefined && (typeof iat !== 'number' || iat > now + 1)) {
			return "Please check the 'iat' claim.";
		}
		// https://github.com/box/box-node-sdk/issues/138
		if (typeof jti !== 'string' || jti.length < 16 || jti.length > 128 || this.usedIds.has(jti)) {
			return "Please check the 'jti' claim.";
		}
		this.usedIds.add(jti);
		return undefined;
	}

	private subject({ box_sub_type: type, sub }: Decoded): JwtAnswer {
		if (type === 'enterprise' && sub === boxEnterpriseId) {
			return { ok: true, accountId: boxAccounts.service.id };
		}
		const user = Object.values(boxAccounts).find(({ id }) => id === sub);
		if (type !== 'user' || user === undefined) {
			// https://support.box.com/hc/en-us/articles/360043691734
			return refused(
				'invalid_grant',
				"Please check the 'sub' claim. The 'sub' specified is invalid.",
			);
		}
		// https://support.box.com/hc/en-us/articles/360044192553
		return this.mayActAsUsers && user !== boxAccounts.service
			? { ok: true, accountId: user.id }
			: refused(
					'invalid_request',
					'Cannot obtain user token based on the enterprise configuration for your app',
				);
	}
}

type Decoded = Readonly<Record<string, unknown>>;

function decoded(part: string): Decoded {
	try {
		return JSON.parse(Buffer.from(part, 'base64url').toString()) as Decoded;
	} catch {
		return {};
	}
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function refused(error: string, description: string): JwtAnswer {
	return {
		ok: false,
		reply: { status: 400, json: { error, error_description: description } },
	};
}
