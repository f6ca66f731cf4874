import type { Failure } from '../../../shared/failure';
import { accountUnions } from './accountUnions';
import { UNKNOWN_FUNCTION } from './badRequest';

/** No route has one of these for what it was asked to do; Dropbox puts that into a 409. */
const OF_ROUTE = new Set<number | undefined>([404, 405, 410]);

/** A 409 that says nothing about the file, the session or the account. */
const UNSAID = new Set(['other', 'unknown', 'http/409']);

/**
 * Whether Dropbox, or something before it, refuses the route itself rather than what it was asked to do: another
 * route may do the same then.
 */
export function isRouteRefused({ code, status }: Failure): boolean {
	if (code === UNKNOWN_FUNCTION || OF_ROUTE.has(status)) return true;
	if (status === 409) return UNSAID.has(code);
	// A reason of AccessError is about the account.
	const [tag = ''] = code.split('/');
	return status === 403 && !Object.hasOwn(accountUnions['auth.AccessError'] ?? {}, tag);
}
