import { isObject, isString, parseJson } from '../json';
import { InputProblem } from './inputProblem';

/** Text that must not be empty, without blanks around it. */
export function requiredText(
	value: unknown,
	parameter: string,
	label: string,
	remedy: string,
): string {
	const text = isString(value) || typeof value === 'number' ? String(value).trim() : '';
	if (text === '') throw new InputProblem(parameter, `${label} is empty`, remedy);
	return text;
}

/** A whole number of bytes, 0 or more; a numeric text from an expression is taken too. */
export function byteCount(value: unknown, parameter: string, label: string): number {
	const number = numberOf(value);
	if (!Number.isSafeInteger(number) || number < 0) {
		throw new InputProblem(
			parameter,
			`${label} is not a whole number of bytes`,
			'Give 0 or a positive whole number.',
			printable(value),
		);
	}
	return number;
}

/** A number of an option; a numeric text from an expression is taken too. */
export function numberWithin(
	value: unknown,
	parameter: string,
	label: string,
	min: number,
	max: number,
): number {
	const number = numberOf(value);
	if (number >= min && number <= max) return number;
	throw new InputProblem(
		parameter,
		`${label} is out of range`,
		`Use a number from ${min} to ${max}.`,
		printable(value),
	);
}

/** The same, rounded down. */
export function wholeNumber(...question: Parameters<typeof numberWithin>): number {
	return Math.floor(numberWithin(...question));
}

function numberOf(value: unknown): number {
	if (isString(value) && value.trim() !== '') return Number(value);
	return typeof value === 'number' ? value : Number.NaN;
}

/**
 * A moment as `2015-05-12T15:50:38Z`: whole seconds, UTC. Takes ISO text, a Date, a Luxon DateTime
 * from an expression, or milliseconds since 1970.
 */
export function utcSeconds(value: unknown, parameter: string, label: string): string {
	const date = new Date(toMilliseconds(value));
	if (Number.isNaN(date.getTime())) {
		throw new InputProblem(
			parameter,
			`${label} is not a date`,
			'Use a date like 2026-05-12T15:50:38Z or an expression that gives one.',
			printable(value),
		);
	}
	return `${date.toISOString().slice(0, 19)}Z`;
}

function toMilliseconds(value: unknown): number {
	if (value instanceof Date) return value.getTime();
	if (typeof value === 'number') return value;
	if (isObject(value) && typeof value.toMillis === 'function') {
		return (value as { toMillis(): number }).toMillis();
	}
	if (!isString(value)) return Number.NaN;
	// A date and time without a zone would be read in the server's zone; vendors count in UTC.
	const text = value.trim();
	const hasTime = /\dT\d|\d \d/.test(text);
	const hasZone = /(?:z|[+-]\d\d:?\d\d)$/i.test(text);
	return Date.parse(hasTime && !hasZone ? `${text}Z` : text);
}

/** A parameter of type JSON: text, or what an expression gave. `undefined` when it is empty. */
export function jsonValue(value: unknown, parameter: string, label: string): unknown {
	if (!isString(value)) return value ?? undefined;
	if (value.trim() === '') return undefined;
	const parsed = parseJson(value);
	if (parsed === undefined) {
		throw new InputProblem(
			parameter,
			`${label} is not valid JSON`,
			'Correct the JSON.',
			printable(value),
		);
	}
	return parsed;
}

/** For a description: at most 200 characters. */
export function printable(value: unknown): string {
	const text = isString(value) ? value : (JSON.stringify(value) ?? String(value));
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
