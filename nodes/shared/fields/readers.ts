/**
 * What n8n hands over for a parameter, as typed values. Whoever leaves a field empty gets its default; an
 * expression that works out to nothing, or to another kind of value, is told instead. Nothing is shortened
 * or guessed, and nothing passes that a header, a URL or a JSON body cannot hold. All throw InputProblem.
 */
import { isString } from '../json';
import { InputProblem } from './inputProblem';

/** A text, as it was given; a number becomes one, such as a year in a folder's name. */
export function text(value: unknown, parameter: string, label: string): string {
	if (isString(value)) return sendable(value, parameter, label);
	if (typeof value === 'bigint' || (typeof value === 'number' && isExact(value))) {
		return String(value);
	}
	throw wrongKind(value, parameter, label, 'a text or a number');
}

/** True or false; expressions often give them as text. */
export function flag(value: unknown, parameter: string, label: string): boolean {
	if (typeof value === 'boolean') return value;
	const word = isString(value) ? value.trim().toLowerCase() : undefined;
	if (word === 'true' || word === 'false') return word === 'true';
	throw wrongKind(value, parameter, label, 'true or false');
}

/** One of the choices of a list. */
export function choice<T extends string>(
	value: unknown,
	parameter: string,
	label: string,
	choices: readonly T[],
): T {
	const chosen = choices.find((one) => one === value);
	if (chosen !== undefined) return chosen;
	if (!isString(value)) throw wrongKind(value, parameter, label, `one of: ${choices.join(', ')}`);
	throw notOffered(value, parameter, label, choices);
}

/** Some of the choices of a list. */
export function choicesOf<T extends string>(
	value: unknown,
	parameter: string,
	label: string,
	choices: readonly T[],
): T[] {
	if (!Array.isArray(value)) throw wrongKind(value, parameter, label, 'a list');
	return value.map((one) => choice(one, parameter, label, choices));
}

/** A text without control characters, which no ID and no header has. */
export function singleLine(value: string, parameter: string, label: string): string {
	// eslint has no-control-regex, and \p{Cc} would take those above U+007F too, which are in names.
	const at = value.search(/[^\P{Cc}\u0080-\u009f]/u);
	if (at < 0) return value;
	throw unsendable(value, at, parameter, label);
}

/** A text that UTF-8 can hold. */
export function sendable(value: string, parameter: string, label: string): string {
	if (value.isWellFormed()) return value;
	const at = value.search(/\p{Cs}/u);
	throw unsendable(value, at, parameter, label);
}

/** For an expression that gave nothing, or something of another kind than the parameter takes. */
export function wrongKind(
	value: unknown,
	parameter: string,
	label: string,
	wanted: string,
): InputProblem {
	const isNothing = value === undefined || value === null || Number.isNaN(value);
	return isNothing ? nothing({ parameter, label }) : otherKind(value, wanted, { parameter, label });
}

/** Of these, docs/errors.md has one line for all parameters. */
interface Named {
	readonly parameter: string;
	readonly label: string;
}

function nothing(named: Named): InputProblem {
	return new InputProblem(
		named.parameter,
		`The expression in '${named.label}' returned no value for this item`,
		"Correct the expression or the input. If a model fills in this field, it must provide a value. To leave the field empty on purpose, add ?? '' to the expression.",
	);
}

function otherKind(value: unknown, wanted: string, named: Named): InputProblem {
	return new InputProblem(
		named.parameter,
		`The expression in '${named.label}' returned a value of the wrong kind`,
		`It returned ${kindOf(value)}. Change it so that it returns ${wanted}.`,
	);
}

function notOffered(
	value: string,
	parameter: string,
	label: string,
	choices: readonly string[],
): InputProblem {
	const named = { parameter, label };
	return unknownChoice(value, choices.join(', '), named);
}

function unknownChoice(value: string, choices: string, named: Named): InputProblem {
	return new InputProblem(
		named.parameter,
		`The value of '${named.label}' isn't one of its choices`,
		`Use one of: ${choices}.`,
		value.length > 60 ? `${value.slice(0, 60).toWellFormed()}…` : value.toWellFormed(),
	);
}

function unsendable(value: string, at: number, parameter: string, label: string): InputProblem {
	const code = value.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
	const position = [...value.slice(0, at)].length + 1;
	return badCharacter(`${NAMES[code] ?? 'character'} (U+${code}) at position ${position}`, {
		parameter,
		label,
	});
}

function badCharacter(what: string, named: Named): InputProblem {
	return new InputProblem(
		named.parameter,
		`The value of '${named.label}' has a character that can't be sent`,
		`Remove the ${what}. It is half of an emoji, or a control character.`,
	);
}

const NAMES: Readonly<Record<string, string>> = {
	'0000': 'null character',
	'0009': 'tab',
	'000A': 'line break',
	'000D': 'carriage return',
};

/** Of larger integers JavaScript no longer knows the last digits. */
function isExact(value: number): boolean {
	return Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
}

/** What an expression gave, for people; never the value itself. */
export function kindOf(value: unknown): string {
	if (value === undefined || value === null) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	switch (typeof value) {
		case 'boolean':
			return String(value);
		case 'number':
			return isExact(value) ? 'a number' : "a number that isn't exact";
		case 'string':
			return value.trim() === '' ? 'an empty text' : 'a text';
		default:
			return 'an object';
	}
}
