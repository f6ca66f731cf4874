import type { Failure } from '../../../shared/failure';

/** Something on the way has answered a request that it does not let through, such as an OPTIONS. */
const STRANGE_REPLY = 'http/unexpected_reply';

/**
 * Whether Box, or something before it, may refuse the route itself rather than what it was asked to do, so that
 * another way is worth a try. A 404 says either; a 403 with a code of Box's is about permissions.
 */
export function isRouteRefused({ code, status }: Failure): boolean {
	if (status === 404 || status === 405) return true;
	if (code === STRANGE_REPLY) return true;
	return code === `http/${status}` && (status === 403 || status === 409 || status === 410);
}
