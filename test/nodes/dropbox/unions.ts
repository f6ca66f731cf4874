/** Dropbox's error unions, from its published type tables. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import tables from '../../tables/dropbox.json';
import { teamRoutes, teamTypes } from '../../tables/dropboxTeams';

interface Field {
	readonly name: string;
	readonly type?: string;
}

interface Definition {
	readonly kind: string;
	readonly of?: string;
	readonly extends?: string | null;
	readonly fields?: readonly Field[];
}

interface Route {
	readonly result: string;
	readonly error: string;
}

const types: Readonly<Record<string, Definition | undefined>> = {
	...tables.types,
	...teamTypes,
};
const routes: Readonly<Record<string, Route | undefined>> = {
	...tables.routes,
	...teamRoutes,
};

const NODE_DIR = join(__dirname, '..', '..', '..', 'nodes', 'DropboxUpload');

/** Unions of the statuses that every route can have: 401, 403, 422, 429. */
const COMMON_UNIONS = [
	'auth.AuthError',
	'auth.AccessError',
	'auth.RateLimitReason',
	'common.PathRootError',
];

/** Fields of results that say why one of many entries failed. */
const FAILURE_FIELDS = new Set(['failure', 'access_error']);

/** The routes that the node calls, as its sources name them. */
export function calledRoutes(): string[] {
	const texts = readdirSync(NODE_DIR, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => readFileSync(join(NODE_DIR, file), 'utf8'));
	const names = texts.flatMap((text) => [...text.matchAll(/'([a-z_]+(?:\/[a-z_0-9]+)+)'/g)]);
	return [...new Set(names.map(([, name]) => name!))].filter(isRoute);
}

/** Every union that one of those calls can fail with. */
export function failureUnions(): string[] {
	return [...new Set([...COMMON_UNIONS, ...calledRoutes().flatMap(failureUnionsOf)])];
}

export interface Tag {
	readonly name: string;
	/** The union that the tag's value is of, where it is one. */
	readonly union: string | undefined;
	/** The value, as Dropbox writes it, for a tag that no union follows. */
	readonly example: Record<string, unknown>;
}

export interface Leaf {
	/** The tags from the outside in: `path/conflict/file`. */
	readonly path: string;
	readonly value: Record<string, unknown>;
}

export function tagsOf(unionName: string): Tag[] {
	const definition = types[unionName];
	if (definition?.kind !== 'union') throw new Error(`${unionName} is no union`);
	const parent = definition.extends ? tagsOf(absolute(definition.extends, unionName)) : [];
	const own = (definition.fields ?? []).map(({ name, type }): Tag => {
		const of = type === undefined ? undefined : absolute(type, unionName);
		const kind = of === undefined ? undefined : types[of]?.kind;
		return {
			name,
			union: kind === 'union' ? of : undefined,
			example: {
				'.tag': name,
				...(kind === 'struct' ? exampleOf(of!) : of !== undefined && { [name]: 'text' }),
			},
		};
	});
	return [...parent, ...own];
}

/** Every value that a union can have, down to its deepest tag. */
export function leavesOf(unionName: string): Leaf[] {
	return tagsOf(unionName).flatMap(({ name, union, example }) =>
		union === undefined
			? [{ path: name, value: example }]
			: leavesOf(union).map((leaf) => ({
					path: `${name}/${leaf.path}`,
					value: { '.tag': name, [name]: leaf.value },
				})),
	);
}

/** The unions that a route can fail with: its 409, and those in its result. */
function failureUnionsOf(routeName: string): string[] {
	const route = routes[routeName];
	if (!route) throw new Error(`${routeName} is not in the tables`);
	const error = route.error === 'Void' ? [] : [absolute(route.error, routeName, '/')];
	return [...error, ...failuresIn(absolute(route.result, routeName, '/'), new Set())];
}

function isRoute(name: string): boolean {
	return routes[name] !== undefined;
}

function failuresIn(typeName: string, seen: Set<string>): string[] {
	const definition = types[typeName];
	if (!definition || seen.has(typeName)) return [];
	seen.add(typeName);
	const parent = definition.extends ? [{ name: '', type: definition.extends }] : [];
	return [...parent, ...(definition.fields ?? [])].flatMap(({ name, type }) => {
		if (type === undefined) return [];
		const of = absolute(type, typeName);
		const isUnion = types[of]?.kind === 'union';
		return FAILURE_FIELDS.has(name) && isUnion ? [of] : failuresIn(of, seen);
	});
}

/** `List(Entry)?` of the namespace `files` is `files.Entry`. */
function absolute(expression: string, within: string, separator = '.'): string {
	const plain = expression.replace(/^(?:List|Map)\(([^,)]*).*\)\??$/, '$1').replace(/\?$/, '');
	const name = plain.replace(/\(.*$/, '');
	const namespace = within.slice(0, within.indexOf(separator));
	return name.includes('.') ? name : `${namespace}.${name}`;
}

function exampleOf(structName: string): Record<string, unknown> {
	const fields = types[structName]?.fields ?? [];
	return Object.fromEntries(
		fields.map(({ name, type }) => [name, type === 'UInt64' ? 4096 : 'text']),
	);
}
