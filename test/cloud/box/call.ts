import type { CloudReply } from '../core/contract';
import type { BodyReader } from './body';
import type { Item } from './items';
import { pickFields, standardFile, standardFolder } from './render';
import type { BoxState } from './state';

/** A request that has passed authentication and validation. */
export interface Call {
	readonly state: BoxState;
	/** Whose files it is about: the token's user, or As-User. */
	readonly userId: string;
	readonly path: Readonly<Record<string, string>>;
	readonly query: Readonly<Record<string, unknown>>;
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** The decoded body of a JSON request. */
	readonly json: Readonly<Record<string, unknown>>;
	/** The raw body of any other request. */
	readonly body: BodyReader;
	readonly contentType: string;
	/** For the log. */
	note(argument: unknown): void;
	/** Checks a decoded part of a body against the operation's schema. */
	check(body: unknown): void;
}

export type Handler = (call: Call) => CloudReply | Promise<CloudReply>;

export function pathId(call: Call): string {
	return Object.values(call.path)[0] ?? '';
}

export function renderItem(call: Call, item: Item): Record<string, unknown> {
	const fields = call.query.fields;
	if (Array.isArray(fields)) return pickFields(item, fields.map(String));
	return item.type === 'file' ? standardFile(item) : standardFolder(item);
}

/** How every upload answers: a list of one file. */
export function fileList(call: Call, item: Item): Record<string, unknown> {
	return { total_count: 1, entries: [renderItem(call, item)] };
}

export function timeOf(value: unknown): number | undefined {
	return typeof value === 'string' ? Date.parse(value) : undefined;
}

export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}
