/**
 * Dropbox's published type tables, enforced: arguments as strictly as Dropbox does, and our own
 * answers too, so that the cloud cannot drift away from the real API unnoticed.
 */
import tables from '../../tables/dropbox.json';
import { teamRoutes, teamTypes } from '../../tables/dropboxTeams';

interface Field {
	readonly name: string;
	readonly type?: string;
	readonly default?: string;
}

interface Definition {
	readonly kind: string;
	readonly of?: string;
	readonly extends?: string | null;
	readonly fields?: readonly Field[];
	readonly subtypes?: Readonly<Record<string, string>>;
}

export interface RouteDefinition {
	readonly arg: string;
	readonly result: string;
	readonly error: string;
	readonly host?: string;
	readonly style?: string;
	readonly scope?: string;
	readonly auth?: string;
	readonly allow_app_folder_app?: boolean;
	readonly select_admin_mode?: string;
}

export const routes: Readonly<Record<string, RouteDefinition>> = {
	...tables.routes,
	...teamRoutes,
};
const definitions: Readonly<Record<string, Definition>> = { ...tables.types, ...teamTypes };

export class InvalidValue extends Error {}

/** A type's parser: checks a value and returns it with its defaults filled in. */
type Decode = (value: unknown, at: string) => unknown;

interface Rules {
	readonly isReply: boolean;
	readonly cache: Map<string, Decode>;
}

const requestRules: Rules = { isReply: false, cache: new Map() };
const replyRules: Rules = { isReply: true, cache: new Map() };

/** Throws `InvalidValue` with the text that Dropbox would send. */
export function decodeArgument(route: string, value: unknown): unknown {
	return typeNamed(definitionOf(route).arg, namespaceOf(route, '/'), requestRules)(value, '');
}

export function checkResult(route: string, value: unknown): void {
	typeNamed(definitionOf(route).result, namespaceOf(route, '/'), replyRules)(value, '');
}

export function checkError(route: string, value: unknown): void {
	typeNamed(definitionOf(route).error, namespaceOf(route, '/'), replyRules)(value, '');
}

/** For what comes in headers: `common.PathRoot` and alike. */
export function decodeType(name: string, value: unknown): unknown {
	return typeNamed(name, namespaceOf(name, '.'), requestRules)(value, '');
}

function definitionOf(route: string): RouteDefinition {
	const definition = routes[route];
	if (!definition) throw new Error(`no such route: ${route}`);
	return definition;
}

function namespaceOf(name: string, separator: string): string {
	return name.slice(0, name.indexOf(separator));
}

function typeNamed(expression: string, namespace: string, rules: Rules): Decode {
	const key = `${namespace} ${expression}`;
	let decode = rules.cache.get(key);
	if (!decode) {
		// Types are recursive: what is being built is found by name when it is needed.
		rules.cache.set(key, (value, at) => (rules.cache.get(key) as Decode)(value, at));
		decode = build(expression, namespace, rules);
		rules.cache.set(key, decode);
	}
	return decode;
}

function build(expression: string, namespace: string, rules: Rules): Decode {
	if (expression.endsWith('?')) {
		const decode = typeNamed(expression.slice(0, -1), namespace, rules);
		return (value, at) => (value === null || value === undefined ? undefined : decode(value, at));
	}
	const [, name = '', inside = ''] = /^([\w.]+)(?:\((.*)\))?$/s.exec(expression) ?? [];
	switch (name) {
		case 'Void':
			return (value, at) => (value === null ? null : fail(at, `expected null, got ${kind(value)}`));
		case 'Boolean':
			return (value, at) => (typeof value === 'boolean' ? value : wrong(at, 'boolean', value));
		case 'String':
			return stringType(options(inside));
		case 'UInt32':
			return integerType(options(inside), 2 ** 32 - 1);
		case 'UInt64':
			return integerType(options(inside), Number.MAX_SAFE_INTEGER);
		case 'Float64':
			return (value, at) => (typeof value === 'number' ? value : wrong(at, 'float', value));
		case 'Timestamp':
			return timestamp;
		case 'List':
			return listType(inside, namespace, rules);
	}
	const fullName = name.includes('.') ? name : `${namespace}.${name}`;
	const definition = definitions[fullName];
	if (!definition) throw new Error(`no such type: ${fullName}`);
	const home = namespaceOf(fullName, '.');
	if (definition.kind === 'alias') return typeNamed(definition.of ?? '', home, rules);
	if (definition.kind === 'union') return unionType(fullName, rules);
	return structType(fullName, rules);
}

function stringType(limits: Options): Decode {
	const pattern = limits.pattern === undefined ? undefined : new RegExp(`^(?:${limits.pattern})$`);
	const { min_length: minimum = 0, max_length: maximum = Infinity } = limits;
	return (value, at) => {
		if (typeof value !== 'string') return wrong(at, 'string', value);
		if (value.length < minimum) {
			return fail(at, `'${value}' must be at least ${minimum} characters, got ${value.length}`);
		}
		if (value.length > maximum) {
			return fail(at, `'${value}' must be at most ${maximum} characters, got ${value.length}`);
		}
		if (pattern && !pattern.test(value)) {
			return fail(at, `'${value}' did not match pattern '${limits.pattern}'`);
		}
		return value;
	};
}

function integerType(limits: Options, largest: number): Decode {
	const { min_value: minimum = 0, max_value: maximum = largest } = limits;
	return (value, at) => {
		if (!Number.isInteger(value)) return wrong(at, 'integer', value);
		const number = value as number;
		if (number >= minimum && number <= maximum) return number;
		return fail(at, `${number} is not within range [${minimum}, ${maximum}]`);
	};
}

function timestamp(value: unknown, at: string): unknown {
	if (typeof value !== 'string') return wrong(at, 'timestamp', value);
	const isTime =
		/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && !Number.isNaN(Date.parse(value));
	return isTime
		? value
		: fail(at, `time data '${value}' does not match format '%Y-%m-%dT%H:%M:%SZ'`);
}

function listType(inside: string, namespace: string, rules: Rules): Decode {
	const [item = '', ...limits] = splitOutside(inside);
	const { min_items: minimum = 0, max_items: maximum = Infinity } = options(limits.join(', '));
	const decode = typeNamed(item, namespace, rules);
	return (value, at) => {
		if (!Array.isArray(value)) return wrong(at, 'list', value);
		if (value.length < minimum) {
			return fail(at, `list must have at least ${minimum} items, got ${value.length}`);
		}
		if (value.length > maximum) {
			return fail(at, `list must have at most ${maximum} items, got ${value.length}`);
		}
		return value.map((entry, index) => decode(entry, `${at}[${index}]`));
	};
}

interface KnownField extends Field {
	readonly decode: Decode | undefined;
	readonly optional: boolean;
}

function fieldsOf(fullName: string, rules: Rules): Map<string, KnownField> {
	const definition = definitions[fullName];
	const home = namespaceOf(fullName, '.');
	const fields = new Map<string, KnownField>();
	if (definition?.extends) {
		const parent = definition.extends;
		const parentName = parent.includes('.') ? parent : `${home}.${parent}`;
		for (const [name, field] of fieldsOf(parentName, rules)) fields.set(name, field);
	}
	for (const field of definition?.fields ?? []) {
		const decode = field.type === undefined ? undefined : typeNamed(field.type, home, rules);
		const optional = field.default !== undefined || isNullable(field.type, home);
		fields.set(field.name, { ...field, decode, optional });
	}
	return fields;
}

function isNullable(type: string | undefined, home: string): boolean {
	if (type === undefined || type.endsWith('?')) return true;
	const target = definitions[type.includes('.') ? type : `${home}.${type}`];
	return target?.kind === 'alias' && isNullable(target.of, home);
}

function structType(fullName: string, rules: Rules): Decode {
	const { subtypes } = definitions[fullName] ?? {};
	if (subtypes) {
		const home = namespaceOf(fullName, '.');
		const decoders = new Map(
			Object.entries(subtypes).map(([tag, name]) => [tag, typeNamed(name, home, rules)]),
		);
		return (value, at) => {
			if (!isObject(value)) return wrong(at, 'object', value);
			const { '.tag': tag, ...rest } = value;
			const decode = decoders.get(tag as string) ?? fail(at, `unknown subtype ${kind(tag)}`);
			return { '.tag': tag, ...(decode(rest, at) as object) };
		};
	}
	const fields = fieldsOf(fullName, rules);
	return (value, at) => {
		if (!isObject(value)) return wrong(at, 'object', value);
		for (const name of Object.keys(value)) {
			if (!fields.has(name)) fail(at, `unknown field '${name}'`);
		}
		const decoded: Record<string, unknown> = {};
		for (const { name, decode, optional, default: byDefault } of fields.values()) {
			const given = value[name];
			if (given === undefined && !optional) fail(at, `missing required field '${name}'`);
			const result =
				given === undefined ? defaultValue(byDefault, rules) : decode?.(given, join(at, name));
			if (result !== undefined) decoded[name] = result;
		}
		return decoded;
	};
}

function defaultValue(text: string | undefined, rules: Rules): unknown {
	if (text === undefined || rules.isReply) return undefined;
	return /^[a-z]+$/.test(text) && text !== 'true' && text !== 'false'
		? { '.tag': text }
		: (JSON.parse(text) as unknown);
}

function unionType(fullName: string, rules: Rules): Decode {
	const home = namespaceOf(fullName, '.');
	const fields = fieldsOf(fullName, rules);
	return (value, at) => {
		// A tag without a value may be sent as a bare string; Dropbox never answers so.
		const given = typeof value === 'string' && !rules.isReply ? { '.tag': value } : value;
		if (!isObject(given)) return wrong(at, 'object', value);
		const { '.tag': tag, ...rest } = given;
		if (typeof tag !== 'string') return fail(at, "missing '.tag' key");
		const field = fields.get(tag);
		if (!field) {
			if (tag === 'other' && !rules.isReply)
				fail(at, `unexpected use of the catch-all tag '${tag}'`);
			return fail(at, `unknown tag '${tag}'`);
		}
		if (field.decode === undefined) return { '.tag': tag, ...noMore(rest, at) };
		// A struct's fields stand beside the tag, anything else under the tag's own name.
		if (isPlainStruct(field.type ?? '', home)) {
			return { '.tag': tag, ...(field.decode(rest, join(at, tag)) as object) };
		}
		const { [tag]: inner, ...more } = rest;
		if (inner === undefined && !field.optional) fail(at, `missing '${tag}' key`);
		const decoded = field.decode(inner, join(at, tag));
		return {
			'.tag': tag,
			...(decoded === undefined ? {} : { [tag]: decoded }),
			...noMore(more, at),
		};
	};
}

function isPlainStruct(type: string, home: string): boolean {
	const name = type.replace(/\?$/, '');
	const definition = definitions[name.includes('.') ? name : `${home}.${name}`];
	if (definition?.kind === 'alias') return isPlainStruct(definition.of ?? '', home);
	return definition?.kind === 'struct' && !definition.subtypes;
}

function noMore(rest: Record<string, unknown>, at: string): Record<string, never> {
	const [extra] = Object.keys(rest);
	return extra === undefined ? {} : fail(at, `unknown field '${extra}'`);
}

type NumberOption =
	'min_length' | 'max_length' | 'min_value' | 'max_value' | 'min_items' | 'max_items';
type Options = Partial<Record<NumberOption, number>> & { pattern?: string };

function options(text: string): Options {
	const found: Options = {};
	const pattern = /pattern=("(?:[^"\\]|\\.)*")/s.exec(text);
	if (pattern) found.pattern = JSON.parse(pattern[1] ?? '""') as string;
	for (const [, name, value] of text.matchAll(/(m(?:in|ax)_\w+)=(\d+)/g)) {
		found[name as NumberOption] = Number(value);
	}
	return found;
}

/** Splits at the commas outside parentheses. */
function splitOutside(text: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let from = 0;
	for (let index = 0; index < text.length; index += 1) {
		if (text[index] === '(') depth += 1;
		if (text[index] === ')') depth -= 1;
		if (text[index] === ',' && depth === 0) {
			parts.push(text.slice(from, index).trim());
			from = index + 1;
		}
	}
	return [...parts, text.slice(from).trim()];
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
	if (value === null || value === undefined) return 'null';
	if (Array.isArray(value)) return 'list';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

function join(at: string, name: string): string {
	return at === '' ? name : `${at}.${name}`;
}

function wrong(at: string, expected: string, value: unknown): never {
	return fail(at, `expected ${expected}, got ${kind(value)}`);
}

function fail(at: string, message: string): never {
	throw new InvalidValue(at === '' ? message : `${at}: ${message}`);
}
