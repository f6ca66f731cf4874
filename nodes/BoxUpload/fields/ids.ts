import { InputProblem } from '../../shared/fields/inputProblem';
import { printable, requiredText } from '../../shared/fields/values';

const REMEDY = "Use the number at the end of the item's URL in Box.";

/** The ID of a file or folder; throws InputProblem. */
export function numericId(value: unknown, parameter: string, label: string): string {
	const id = requiredText(value, parameter, label, REMEDY);
	if (/^[0-9]+$/.test(id)) return id;
	throw new InputProblem(parameter, `'${label}' isn't a Box ID`, REMEDY, printable(id));
}

/** What a header such as If-Match compares; throws InputProblem. */
export function etagText(value: string, parameter: string, label: string): string | undefined {
	if (value === '') return undefined;
	const text = value.trim();
	if (/^[\x20-\x7e]+$/.test(text)) return text;
	throw new InputProblem(
		parameter,
		`'${label}' isn't an etag`,
		'Use the etag field of the file.',
		printable(text),
	);
}
