import { apiTable } from './openapi';
import type { Operation } from './openapi';

export const apiHost = 'api.box.com';
const uploadHosts = [
	'upload.box.com',
	'upload.app.box.com',
	'upload-las.app.box.com',
	'fupload-loop.app.box.com',
] as const;
export const boxHosts: readonly string[] = [apiHost, ...uploadHosts];

export interface Route {
	/** `PUT /files/upload_sessions/:id` */
	readonly name: string;
	readonly method: string;
	/** As the OpenAPI writes it. */
	readonly template: string;
	readonly operation: Operation;
	readonly isUpload: boolean;
	readonly pattern: RegExp;
	readonly parameterNames: readonly string[];
}

export interface RouteMatch {
	readonly route: Route;
	readonly path: Readonly<Record<string, string>>;
}

const routes: readonly Route[] = Object.entries(apiTable.paths)
	// `/files/content` before `/files/{file_id}`.
	.sort(([a], [b]) => a.split('{').length - b.split('{').length)
	.flatMap(([template, operations]) =>
		Object.entries(operations).map(([method, operation]): Route => {
			const parameterNames = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
			return {
				name: `${method.toUpperCase()} ${template.replace(/\{\w+\}/g, ':id')}`,
				method: method.toUpperCase(),
				template,
				operation,
				isUpload: operation.servers?.some((server) => server.url.includes('upload')) ?? false,
				pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`),
				parameterNames,
			};
		}),
	);

/** The path below the version, if the host serves it at all: uploads have `/api` in front. */
function apiPath(host: string, pathname: string): string | undefined {
	const prefix = host === apiHost ? '/2.0/' : '/api/2.0/';
	return pathname.startsWith(prefix) ? pathname.slice(prefix.length - 1) : undefined;
}

/** `known` tells a path that is served, but not with this method or by this host, from a strange one. */
export function matchRoute(
	method: string,
	host: string,
	pathname: string,
): { match: RouteMatch | undefined; known: boolean } {
	const below = apiPath(host, pathname);
	let known = false;
	for (const route of below === undefined ? [] : routes) {
		const found = route.pattern.exec(below ?? '');
		if (!found) continue;
		known = true;
		if (route.method !== method || route.isUpload !== (host !== apiHost)) continue;
		const path = Object.fromEntries(
			route.parameterNames.map((name, index) => [name, found[index + 1] ?? '']),
		);
		return { match: { route, path }, known };
	}
	return { match: undefined, known };
}
