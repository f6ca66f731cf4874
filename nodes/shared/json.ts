import type { IDataObject } from 'n8n-workflow';

import { redacted } from './redact';

/** Guards for what a server answers: nothing about its shape is taken on trust. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isString(value: unknown): value is string {
	return typeof value === 'string';
}

export function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** What a vendor has answered, or we have made, as n8n's type for the JSON of an item. */
export function toJson(value: object): IDataObject {
	return { ...value };
}

/** Far more than any answer has; deeper ones break what walks through a value, n8n included. */
const MAX_DEPTH = 100;

/** The value, or `undefined` for text that is no JSON or too deep. */
export function parseJson(text: string): unknown {
	if (isTooDeep(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		return undefined;
	}
}

/**
 * The object in JSON that a person has pasted: with a byte order mark, or in quotes as a shell or another program's
 * settings have it. Undefined for what is not one whole object.
 */
export function pastedObject(pasted: unknown): JsonObject | undefined {
	if (!isString(pasted)) return undefined;
	const text = pasted.trim();
	const value = parseJson(/^'([\s\S]*)'$/.exec(text)?.[1] ?? text);
	const unquoted = isString(value) ? parseJson(value) : value;
	return isObject(unquoted) ? unquoted : undefined;
}

/** Brackets within strings are none. A loop: a long string would be too much for an expression. */
function isTooDeep(text: string): boolean {
	let depth = 0;
	let isInString = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (isInString) {
			if (character === '\\') index += 1;
			else if (character === '"') isInString = false;
		} else if (character === '"') {
			isInString = true;
		} else if (character === '{' || character === '[') {
			depth += 1;
			if (depth > MAX_DEPTH) return true;
		} else if (character === '}' || character === ']') {
			depth -= 1;
		}
	}
	return false;
}

const MAX_READ_CHARACTERS = 20_000;
const LONGEST_WORD = 4_096;
const MAX_QUOTED_CHARACTERS = 500;

/**
 * Text of a server for a description: on one line, at most 500 characters, HTML without its tags, and
 * without secrets, those given and what looks like one.
 */
export function quotable(text: string, secrets: readonly string[] = []): string | undefined {
	const head = startOf(text);
	const plain = /^\s*</.test(head)
		? head.replace(/<(script|style)[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<[^>]*>/g, ' ')
		: head;
	const oneLine = redacted(plain, secrets).replace(/\s+/g, ' ').trim();
	if (oneLine === '') return undefined;
	const shown = oneLine.slice(0, MAX_QUOTED_CHARACTERS).toWellFormed();
	return shown.length < oneLine.length ? `${shown}…` : shown;
}

/** Half a token would not be known as one, so the last word of a text that is cut goes as a whole. */
function startOf(text: string): string {
	if (text.length <= MAX_READ_CHARACTERS) return text;
	let end = MAX_READ_CHARACTERS;
	while (end > MAX_READ_CHARACTERS - LONGEST_WORD && /\S/.test(text[end - 1] ?? ' ')) end -= 1;
	return text.slice(0, end);
}
