import { isObject, isString } from '../json';
import type { HttpReply, NoReply } from './types';

/** The vendor was not reached, and may be a little later. */
const UNREACHED_CODES = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** The connection was not trusted, so nothing was sent. */
const UNTRUSTED_CODES = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * n8n reads the credential before each request, so nothing was sent if its database doesn't respond. Messages of
 * PostgreSQL's driver (index.js of pg-pool, client.js of pg), and codes of SQLite's.
 */
const NO_DATABASE = /^(?:timeout exceeded when trying to connect|Connection terminated)|^SQLITE_/;

/** What JavaScript throws of itself. */
const SLIPS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'URIError']);
const UNREADABLE: NoReply = { kind: 'lost', reason: "n8n couldn't read the response" };

/** Why a request got no answer, from what n8n's request helper threw. */
export function noReplyOf(error: unknown, cause: unknown): NoReply {
	const code = codeOf(cause) ?? codeOf(error);
	if (code === undefined) {
		// n8n has stumbled over an answer, a token's or the call's: its words are about its own code.
		if (SLIPS.has(nameOf(cause)) || SLIPS.has(nameOf(error))) return UNREADABLE;
		// No code: n8n itself refused (not connected, token not renewable, address not allowed).
		const reason = messageOf(error);
		if (NO_DATABASE.test(reason)) return { kind: 'unsent', reason, passes: true };
		const aboutSignIn = /oauth|credential|token|reconnect/i.test(reason);
		return aboutSignIn
			? { kind: 'unauthorized', reason }
			: { kind: 'unsent', reason, passes: false };
	}
	if (UNTRUSTED_CODES.has(code)) return { kind: 'unsent', reason: code, passes: false };
	const connecting = isConnecting(cause) || isConnecting(field(cause, 'cause'));
	if (connecting || UNREACHED_CODES.has(code) || NO_DATABASE.test(code))
		return { kind: 'unsent', reason: code, passes: true };
	return { kind: 'lost', reason: code };
}

/** If a host has several addresses, Node.js tries each, and throws one error that holds the others. */
function isConnecting(error: unknown): boolean {
	const syscall = field(error, 'syscall');
	if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
	const errors = field(error, 'errors');
	return Array.isArray(errors) && errors.length > 0 && errors.every(isConnecting);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : 'Unknown reason';
}

function nameOf(error: unknown): string {
	const name = field(error, 'name');
	return isString(name) ? name : '';
}

/** Such as ECONNRESET. */
export function codeOf(error: unknown): string | undefined {
	const code = field(error, 'code');
	return typeof code === 'string' && code !== '' ? code : undefined;
}

export function field(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function lowerCaseHeaders(headers: unknown): HttpReply['headers'] {
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
		if (typeof value === 'string' || typeof value === 'number')
			plain[name.toLowerCase()] = String(value);
	}
	return plain;
}
