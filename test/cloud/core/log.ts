import type { IncomingHttpHeaders } from 'node:http';
import { tokenDigest } from './tokens';

const secretNames =
	/^(access_token|refresh_token|client_secret|code|token|password|link_password|assertion)$/;

/** The headers as they may be kept: no secret in clear, but the same secret always looks the same. */
export function redactHeaders(headers: Readonly<IncomingHttpHeaders>): IncomingHttpHeaders {
	const kept = { ...headers };
	for (const name of ['authorization', 'proxy-authorization'] as const) {
		const value = kept[name];
		if (value !== undefined) kept[name] = tokenDigest(value.replace(/^[A-Za-z]+ +/, ''));
	}
	if (kept.cookie !== undefined) kept.cookie = tokenDigest(kept.cookie);
	if (kept.boxapi !== undefined) kept.boxapi = tokenDigest(String(kept.boxapi));
	return kept;
}

export function redactArgument(argument: unknown): unknown {
	if (argument === undefined) return undefined;
	const text = JSON.stringify(argument, (name, value: unknown) =>
		secretNames.test(name) && typeof value === 'string' ? tokenDigest(value) : value,
	);
	return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
