import type { NoReply } from '../../../shared/http/types';
import type { JwtReason } from '../failures/jwt';

/** A step of the sign-in: its value, or why there can be no token. */
export type JwtOutcome<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly noReply: NoReply };

export function reached<T>(value: T): JwtOutcome<T> {
	return { ok: true, value };
}

/** Something in the credential keeps it from signing in; Box was not asked. */
export function unusable(reason: JwtReason): {
	readonly ok: false;
	readonly noReply: NoReply;
} {
	return { ok: false, noReply: { kind: 'unauthorized', error: reason } };
}
