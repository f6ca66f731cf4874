/** A call's argument, from the body (RPC) or the Dropbox-API-Arg header (content routes). */
import type { CloudRequest } from '../core/contract';
import { badInput, CallRefused } from './errors';
import type { DropboxSettings } from './settings';
import { decodeArgument, InvalidValue, routes } from './validate';

const rpcTypes = ['application/json', 'application/json; charset=utf-8'];
const contentTypes = ['application/octet-stream'];
const corsType = 'text/plain; charset=dropbox-cors-hack';
const maxRpcBytes = 16 * 1024 * 1024;

export function isContentRoute(route: string): boolean {
	return routes[route]?.style === 'upload' || isDownload(route);
}

export function isDownload(route: string): boolean {
	return routes[route]?.style === 'download';
}

/** Before the body is read; throws `CallRefused`. */
export function checkTransport(route: string, request: CloudRequest): void {
	const wanted = isContentRoute(route) ? 'content.dropboxapi.com' : 'api.dropboxapi.com';
	if (request.method !== 'POST') {
		throw badInput(route, `Your request's HTTP method is "${request.method}", expected "POST".`);
	}
	if (request.host !== wanted) {
		throw badInput(
			route,
			`You're attempting to call this function on ${request.host}; it can be called on ${wanted} only.`,
		);
	}
}

export function contentArgument(
	route: string,
	request: CloudRequest,
	settings: DropboxSettings,
): unknown {
	const text = headerArgument(request) ?? request.query.get('arg');
	if (text === undefined || text === null) {
		throw badInput(route, 'Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg".');
	}
	if (text.length > settings.maxArgumentHeaderBytes) throw oversized(settings);
	// https://www.dropbox.com/developers/documentation/http/documentation#formats: a download has no body, and no type.
	const hasType = request.headers['content-type'] !== undefined;
	if (!isDownload(route) || hasType) requireType(route, request, contentTypes);
	const source = 'HTTP header "Dropbox-API-Arg"';
	// Node hands out header bytes as Latin-1; Dropbox takes ASCII with \u escapes and nothing else.
	if (/[^\x20-\x7e]/.test(text)) throw badInput(route, `${source}: could not decode input as JSON`);
	return decode(route, source, text);
}

export async function rpcArgument(route: string, request: CloudRequest): Promise<unknown> {
	const body = await readText(request);
	const takesNothing = routes[route]?.arg === 'Void';
	const hasType = request.headers['content-type'] !== undefined;
	if (takesNothing && body === '' && !hasType) return decode(route, 'request body', 'null');
	requireType(route, request, rpcTypes);
	return decode(route, 'request body', body);
}

/** As far as it can be read; for the conditions of faults. */
export function headerArgument(request: CloudRequest): string | undefined {
	const value = request.headers['dropbox-api-arg'];
	return Array.isArray(value) ? value[0] : value;
}

function decode(route: string, source: string, text: string): unknown {
	try {
		return decodeArgument(route, JSON.parse(text));
	} catch (error) {
		const reason = error instanceof InvalidValue ? error.message : 'could not decode input as JSON';
		throw badInput(route, `${source}: ${reason}`);
	}
}

function requireType(route: string, request: CloudRequest, allowed: readonly string[]): void {
	const type = request.headers['content-type'];
	const all = [...allowed, corsType];
	if (type !== undefined && all.includes(type.toLowerCase())) return;
	const expecting = all.map((name) => `"${name}"`).join(', ');
	throw badInput(
		route,
		type === undefined
			? `Missing HTTP header "Content-Type".  Expecting one of ${expecting}.`
			: `Bad HTTP "Content-Type" header: "${type}".  Expecting one of ${expecting}.`,
	);
}

/** The front end answers, not the API: a page, no JSON. */
function oversized({ oversizedHeaderStatus: status }: DropboxSettings): CallRefused {
	const title =
		status === 431
			? '431 Request Header Fields Too Large'
			: '400 Request Header Or Cookie Too Large';
	return new CallRefused({
		status,
		headers: { 'content-type': 'text/html' },
		text: `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
	});
}

async function readText(request: CloudRequest): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request.body) {
		bytes += chunk.length;
		if (bytes > maxRpcBytes) {
			throw new CallRefused({ status: 413, text: 'Request Entity Too Large' });
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
