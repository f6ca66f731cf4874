import { isObject, isString, parseJson } from '../json';
import { InputProblem } from './inputProblem';
import { kindOf, sendable, singleLine, text, wrongKind } from './readers';

const MAX_DEPTH = 100;

/** Text on one line that must not be empty, without blanks around it: an ID, or a path. */
export function requiredText(
	value: unknown,
	parameter: string,
	label: string,
	remedy: string,
): string {
	const given = text(value ?? '', parameter, label).trim();
	if (given === '') throw new InputProblem(parameter, `'${label}' is empty`, remedy);
	return singleLine(given, parameter, label);
}

/** A whole number of bytes, 0 or more; a numeric text from an expression is taken too. */
export function byteCount(value: unknown, parameter: string, label: string): number {
	const number = numberOf(value);
	if (!Number.isSafeInteger(number) || number < 0) {
		throw new InputProblem(
			parameter,
			`'${label}' isn't a whole number of bytes`,
			'Enter 0 or a positive whole number.',
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
		`'${label}' is out of range`,
		`Use a number from ${min} to ${max.toLocaleString('en-US')}.`,
		printable(value),
	);
}

/** The same, rounded down. */
export function wholeNumber(...question: Parameters<typeof numberWithin>): number {
	return Math.floor(numberWithin(...question));
}

const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

function numberOf(value: unknown): number {
	if (isString(value)) return DECIMAL.test(value.trim()) ? Number(value) : Number.NaN;
	return typeof value === 'number' ? value : Number.NaN;
}

/** A parameter of type JSON: text, or what an expression gave. `undefined` when it is empty. */
export function jsonValue(value: unknown, parameter: string, label: string): unknown {
	if (!isString(value)) return sendableJson(value ?? undefined, parameter, label);
	if (value.trim() === '') return undefined;
	const parsed = parseJson(value);
	if (parsed === undefined) {
		throw new InputProblem(
			parameter,
			`'${label}' isn't valid JSON`,
			'Correct the JSON.',
			printable(value),
		);
	}
	return sendableJson(parsed, parameter, label);
}

/** The same, where an expression that gives nothing is a mistake. */
export function requiredJson(value: unknown, parameter: string, label: string): unknown {
	if (value === undefined || value === null) throw wrongKind(value, parameter, label, 'JSON');
	return jsonValue(value, parameter, label);
}

/** JSON whose texts UTF-8 can hold, and that comes to an end. */
function sendableJson<T>(value: T, parameter: string, label: string, depth = 0): T {
	if (depth > MAX_DEPTH) {
		throw new InputProblem(parameter, `'${label}' is nested too deeply`, 'Correct the JSON.');
	}
	if (isString(value)) sendable(value, parameter, label);
	if (Array.isArray(value) || isObject(value)) {
		for (const [key, inner] of Object.entries(value)) {
			sendable(key, parameter, label);
			sendableJson<unknown>(inner, parameter, label, depth + 1);
		}
	}
	return value;
}

/** For a description: at most 200 characters. Nothing that is sent may go through here. */
export function printable(value: unknown): string {
	const shown = (isString(value) ? value : (jsonOf(value) ?? kindOf(value))).toWellFormed();
	return shown.length > 200 ? `${shown.slice(0, 200).toWellFormed()}…` : shown;
}

function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}
