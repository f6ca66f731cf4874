import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { BinarySource } from '../../shared/source/binarySource';
import { optionalBinarySource } from '../../shared/source/binarySource';
import { InputProblem } from '../../shared/fields/inputProblem';
import { collectionOf, optionChoice, optionText } from '../../shared/fields/parameters';
import { readDeadlineMs } from '../../shared/fields/waiting';
import { jsonValue, printable } from '../../shared/fields/values';
import { isObject } from '../../shared/json';
import type { Connection } from '../api/connection';
import { isUploadPart } from '../api/shapes';
import type { UploadPart } from '../api/types';
import type { FileAttributes } from '../fields/attributes';
import { readAttributes } from '../fields/attributes';
import { etagText } from '../fields/ids';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

/** The commit of one item, checked; several items of one session are merged by the operation. */
export interface CommitInput {
	readonly connection: Connection;
	readonly sessionId: string;
	/** Base64 SHA-1, or the file to compute it from. */
	readonly digest: string | BinarySource;
	readonly attributes: FileAttributes;
	/** `listed` by Box, or given. */
	readonly parts: 'listed' | readonly UploadPart[];
	/** True when the items are parts of one commit. */
	readonly partPerItem: boolean;
	readonly ifMatch: string | undefined;
	readonly ifNoneMatch: string | undefined;
	readonly deadlineMs: number;
}

/** Throws InputProblem. */
export async function readCommit(
	{ context, connectionFor }: BoxRun,
	itemIndex: number,
): Promise<CommitInput> {
	const options = collectionOf(context, itemIndex);
	const partsFrom = readPartsFrom(options);
	return {
		connection: connectionFor(itemIndex),
		sessionId: readSessionId(context, itemIndex),
		digest: await readDigest(context, itemIndex, optionText(options, 'digest', 'Digest')),
		attributes: readAttributes(collectionOf(context, itemIndex, 'attributes')),
		parts: readParts(context, itemIndex, partsFrom, options),
		partPerItem: partsFrom === 'items',
		ifMatch: etagText(
			optionText(options, 'ifMatch', 'Unchanged Since'),
			'ifMatch',
			'Unchanged Since',
		),
		ifNoneMatch: etagText(
			optionText(options, 'ifNoneMatch', 'If None Match'),
			'ifNoneMatch',
			'If None Match',
		),
		deadlineMs: readDeadlineMs(options),
	};
}

function readPartsFrom(options: IDataObject): 'list' | 'items' | 'json' {
	return optionChoice(options, 'partsFrom', 'Parts', ['list', 'items', 'json']);
}

/**
 * Of an item that cannot be read: the session that it has a part of, ANY_SESSION where it does not say that either;
 * undefined for an item that makes a commit of its own.
 */
export function sessionOfPart(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const partsFrom = readable(() => readPartsFrom(collectionOf(context, itemIndex))) ?? 'items';
	if (partsFrom !== 'items') return undefined;
	return readable(() => readSessionId(context, itemIndex)) ?? ANY_SESSION;
}

/** No ID of a session. */
export const ANY_SESSION = '';

function readable<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

async function readDigest(
	context: IExecuteFunctions,
	itemIndex: number,
	given: string,
): Promise<string | BinarySource> {
	if (given === '') {
		const source = await optionalBinarySource(context, itemIndex);
		if (source !== undefined) return source;
		throw new InputProblem(
			'digest',
			"The file's digest is missing",
			"Set 'Input Binary Field' to the field with the whole file, or add the option 'Digest'.",
		);
	}
	const digest = given.trim().replace(/^sha=/, '');
	// 20 bytes of SHA-1 are 27 characters and one "=" in Base64.
	if (/^[A-Za-z0-9+/]{27}=$/.test(digest) && Buffer.from(digest, 'base64').length === 20)
		return digest;
	throw new InputProblem(
		'digest',
		"'Digest' isn't a SHA-1 in Base64",
		'Convert it to Base64, which has 28 characters and ends with "=". A SHA-1 is often hexadecimal.',
		printable(given),
	);
}

function readParts(
	context: IExecuteFunctions,
	itemIndex: number,
	partsFrom: 'list' | 'items' | 'json',
	options: IDataObject,
): CommitInput['parts'] {
	if (partsFrom === 'items') {
		const json: unknown = context.getInputData()[itemIndex]?.json;
		return [
			checkedPart(isObject(json) && isObject(json.part) ? json.part : json, 'the input item'),
		];
	}
	if (partsFrom === 'list') return 'listed';
	const given = jsonValue(options.partsJson, 'partsJson', 'Parts (JSON)');
	const list = isObject(given) && Array.isArray(given.parts) ? given.parts : given;
	if (Array.isArray(list) && list.length > 0) {
		return list.map((part, index) => checkedPart(part, `entry ${index + 1} of 'Parts (JSON)'`));
	}
	throw new InputProblem(
		'partsJson',
		"'Parts (JSON)' isn't a list of parts",
		'Add at least one part.',
		printable(given),
	);
}

function checkedPart(value: unknown, where: string): UploadPart {
	const candidate = isObject(value) && isObject(value.part) ? value.part : value;
	if (isUploadPart(candidate)) {
		jsonValue(candidate, 'parts', 'Parts');
		const { part_id, offset, size, sha1 } = candidate;
		return { part_id, offset, size, ...(sha1 && { sha1 }) };
	}
	throw new InputProblem(
		'parts',
		'A part is incomplete',
		`Check ${where}. Each part needs part_id, offset, size and sha1, as 'Upload Part' returns them.`,
		printable(value),
	);
}
