import { success } from '../../shared/failure';
import type { Outcome } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { BoxCall, Connection } from './connection';
import { checkedEndpoint } from './endpoint';
import type { SessionEndpoints, UploadSession } from './types';

/** A call to one of the endpoints that Box has named for the session. Fails for one outside of Box: nothing goes there. */
export async function callSession<T>(
	connection: Connection,
	{ session_endpoints: endpoints }: UploadSession,
	endpoint: keyof SessionEndpoints,
	call: Omit<BoxCall<T>, 'url'>,
	query: Readonly<Record<string, number>> = {},
): Promise<CallOutcome<T>> {
	const url = withQuery(checkedEndpoint(endpoints[endpoint]), query);
	if (!url.ok) return { ...url, responseLost: false, retries: 0, rateLimited: false };
	return await connection.send({ ...call, url: url.value });
}

function withQuery(
	endpoint: Outcome<string>,
	query: Readonly<Record<string, number>>,
): Outcome<string> {
	if (!endpoint.ok) return endpoint;
	const url = new URL(endpoint.value);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
	return success(url.href);
}
