import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { IncomingHttpHeaders } from 'node:http';
import type { CloudReply } from '../core/contract';
import { apiTable } from './openapi';
import type { Parameter } from './openapi';
import type { Route } from './routes';

// `strictTypes` wants a type beside every keyword, which Box's allOf members do not have.
const options = { allErrors: true, strictTypes: false } as const;
const bodies = addFormats(new Ajv(options))
	.addVocabulary(Object.keys(apiTable))
	.addSchema(apiTable, 'box');
// Query and headers are text: numbers and booleans are read out of it first.
const parameters = addFormats(new Ajv({ ...options, coerceTypes: true }));

const compiled = new Map<string, ValidateFunction>();

export interface Parameters {
	readonly query: Readonly<Record<string, unknown>>;
	readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Reads and checks query and headers; every problem is a sentence. */
export function readParameters(
	route: Route,
	query: URLSearchParams,
	headers: Readonly<IncomingHttpHeaders>,
): { parameters: Parameters; problems: string[] } {
	const inQuery = declared(route, 'query');
	const queryValues: Record<string, unknown> = {};
	const problems: string[] = [];
	for (const name of new Set(query.keys())) {
		const values = query.getAll(name);
		const parameter = inQuery.find((candidate) => candidate.name === name);
		if (!parameter) problems.push(`query: ${name} is no parameter of ${route.name}`);
		if (values.length > 1) problems.push(`query: ${name} is given more than once`);
		const value = values[0] ?? '';
		queryValues[name] = parameter?.explode === false ? value.split(',') : value;
	}
	const headerValues: Record<string, string | undefined> = {};
	for (const { name } of declared(route, 'header')) {
		const value = headers[name];
		if (value !== undefined) headerValues[name] = String(value);
	}
	problems.push(
		...check(parametersValidator(route, 'query'), queryValues, 'query'),
		...check(parametersValidator(route, 'header'), headerValues, 'headers'),
	);
	return { parameters: { query: queryValues, headers: headerValues }, problems };
}

/** What the operation takes, e.g. `application/json`; undefined when it takes no body. */
export function bodyType(route: Route): string | undefined {
	return Object.keys(route.operation.requestBody?.content ?? {})[0];
}

export function checkBody(route: Route, type: string, body: unknown): string[] {
	const at = ['paths', route.template, route.method.toLowerCase(), 'requestBody', 'content', type];
	return check(bodyValidator([...at, 'schema']), body, 'body');
}

/** A reply of ours that Box could not have given is a mistake in this cloud, not in the client. */
export function assertReply(route: Route, reply: CloudReply): void {
	const status = String(reply.status);
	const isKnown = status in route.operation.responses;
	const key = isKnown ? status : 'default';
	const hasSchema = route.operation.responses[key]?.content?.['application/json'] !== undefined;
	// Neither 304 nor 401 has a body, whatever the default answer is, nor what a header says.
	const isInHeader = reply.headers?.['www-authenticate'] !== undefined;
	if (reply.json === undefined) {
		if (hasSchema && reply.status !== 304 && reply.status !== 401 && !isInHeader) {
			throw new Error(`${route.name}: ${status} without a body`);
		}
		return;
	}
	if (!isKnown && reply.status < 400) throw new Error(`${route.name} never answers ${status}`);
	if (!hasSchema) throw new Error(`${route.name}: ${status} has no body`);
	const at = ['paths', route.template, route.method.toLowerCase(), 'responses', key];
	const problems = check(
		bodyValidator([...at, 'content', 'application/json', 'schema']),
		reply.json,
		'reply',
	);
	if (problems.length > 0) {
		throw new Error(`${route.name} ${status}: ${problems.join('; ')}`);
	}
}

function declared(route: Route, place: string): readonly Parameter[] {
	return (route.operation.parameters ?? []).filter((parameter) => parameter.in === place);
}

function parametersValidator(route: Route, place: 'query' | 'header'): ValidateFunction {
	return once(`${route.name} ${place}`, () => {
		const known = declared(route, place);
		return parameters.compile({
			type: 'object',
			properties: Object.fromEntries(known.map(({ name, schema }) => [name, schema])),
			required: known.filter(({ required }) => required).map(({ name }) => name),
		});
	});
}

function bodyValidator(pointer: readonly string[]): ValidateFunction {
	const escaped = pointer.map((part) =>
		encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1')),
	);
	const $ref = `box#/${escaped.join('/')}`;
	return once($ref, () => bodies.compile({ $ref }));
}

function once(key: string, compile: () => ValidateFunction): ValidateFunction {
	let validator = compiled.get(key);
	if (!validator) compiled.set(key, (validator = compile()));
	return validator;
}

function check(validate: ValidateFunction, value: unknown, what: string): string[] {
	if (validate(value)) return [];
	return (validate.errors ?? []).map((error) => describe(what, error));
}

function describe(what: string, { instancePath, message, params }: ErrorObject): string {
	const extra = 'additionalProperty' in params ? `: ${String(params.additionalProperty)}` : '';
	return `${what}${instancePath} ${message ?? 'is wrong'}${extra}`;
}
