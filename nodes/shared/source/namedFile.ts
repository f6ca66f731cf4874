import type { IExecuteFunctions } from 'n8n-workflow';

import type { JsonObject } from '../json';
import { isObject, isString } from '../json';
import { InputProblem } from '../fields/inputProblem';

const PARAMETER = 'binaryPropertyName';
/** Where n8n keeps an item's files in workflows with `settings.binaryMode: "combined"`. */
const FILES_IN_JSON = '_files';

/** A file of an item as far as it is of use here: other nodes leave out what they like. */
export interface NamedFile {
	/** Where n8n keeps the content; undefined where `data` is the content. */
	readonly id: string | undefined;
	/** Base64, where there is no `id`. */
	readonly data: string;
	/** The size, if the node that made the file says one. */
	readonly bytes: unknown;
	readonly fileName: string | undefined;
	readonly directory: string | undefined;
	readonly mimeType: string | undefined;
}

/**
 * The file that an item's Input Binary Field names; undefined if the field was left empty. The same in
 * every mode of n8n: the file itself from an expression, or a text that names a binary field, a path in
 * the item's JSON, or a file in `json._files`. n8n's own `assertBinaryData` reads one of these per mode,
 * and throws a TypeError for an item without files in a tool call. Throws InputProblem.
 */
export function namedFile(context: IExecuteFunctions, itemIndex: number): NamedFile | undefined {
	const value: unknown = context.getNodeParameter(PARAMETER, itemIndex, '');
	if (isFile(value)) return checkedFile(value, 'expression');
	const whole = ownFileLike(context, itemIndex, value);
	if (whole !== undefined) return checkedFile(whole, 'expression');
	if (!isString(value)) throw noFile(context, itemIndex, '');
	const name = value.trim();
	if (name === '') return undefined;
	if (name.includes(',')) {
		throw new InputProblem(
			PARAMETER,
			'This operation takes one file per item',
			'Name one binary field. To send several files, use one item for each.',
			name,
		);
	}
	const { binary, files, json } = filesOf(context, itemIndex);
	const inBinary = own(binary, name);
	const file = inBinary ?? [at(json, name), own(files, name)].find(isFile);
	if (file === undefined) throw noFile(context, itemIndex, name);
	return checkedFile(file, name);
}

/** The same for an operation that cannot go without a file. */
export function requiredFile(context: IExecuteFunctions, itemIndex: number): NamedFile {
	const file = namedFile(context, itemIndex);
	if (file === undefined) throw noFile(context, itemIndex, '');
	return file;
}

function checkedFile(file: unknown, name: string): NamedFile {
	if (isFileLike(file)) {
		const { bytes, data, directory, fileName, id, mimeType } = file;
		if ([fileName, directory, mimeType].every((text) => isString(text) || text == null)) {
			return {
				id: textIn(id),
				data: textIn(data) ?? '',
				bytes,
				fileName: textIn(fileName),
				directory: textIn(directory),
				mimeType: textIn(mimeType),
			};
		}
	}
	throw new InputProblem(
		PARAMETER,
		'The file in this binary field is incomplete',
		"Check the node that made the file. The content is missing, or the name or MIME type isn't text.",
		name,
	);
}

function isFile(value: unknown): boolean {
	return isFileLike(value) && 'mimeType' in value;
}

function isFileLike(value: unknown): value is JsonObject {
	return isObject(value) && (isString(value.data) || textIn(value.id) !== undefined);
}

function textIn(value: unknown): string | undefined {
	return isString(value) && value !== '' ? value : undefined;
}

/**
 * `$binary.data` leaves out the content of files that n8n keeps in memory, so the item's own file with
 * the same properties is meant. Files that do not differ in anything but their content are not told apart.
 */
function ownFileLike(context: IExecuteFunctions, itemIndex: number, value: unknown): unknown {
	if (!isObject(value) || !('mimeType' in value) || 'data' in value) return undefined;
	const alike = Object.values(filesOf(context, itemIndex).binary ?? {}).filter((file) =>
		Object.entries(value).every(([key, property]) => own(file, key) === property),
	);
	const [first, ...others] = alike;
	return others.every((other) => own(other, 'data') === own(first, 'data')) ? first : undefined;
}

function filesOf(context: IExecuteFunctions, itemIndex: number) {
	const item = context.getInputData()[itemIndex];
	const json: unknown = item?.json;
	return { binary: item?.binary, json, files: own(json, FILES_IN_JSON) };
}

function noFile(context: IExecuteFunctions, itemIndex: number, name: string): InputProblem {
	const { binary, files } = filesOf(context, itemIndex);
	const names = [binary, files].flatMap((of) => (isObject(of) ? Object.keys(of) : []));
	return new InputProblem(
		PARAMETER,
		'The item has no file in this binary field',
		names.length === 0
			? "Add a node that outputs a file, such as Read/Write Files from Disk or HTTP Request. Or set 'Input Binary Field' to an expression that returns a file."
			: `Set 'Input Binary Field' to a file of the item (${names.join(', ')}), or to an expression that returns only a file.`,
		name === '' ? undefined : name,
	);
}

/** `a.b[0]["c d"]`, as n8n writes paths. Own properties only. */
function at(value: unknown, path: string): unknown {
	const keys = path.match(/[^.[\]"']+/g) ?? [];
	return keys.reduce((inner, key) => own(inner, key), value);
}

function own(value: unknown, key: string): unknown {
	if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
	return Reflect.get(value, key);
}
