import { isString, parseJson } from '../json';
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
