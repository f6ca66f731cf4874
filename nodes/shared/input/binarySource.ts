import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { InputProblem } from './inputProblem';

/** One item's file: its name, its size before a byte is read, and its bytes in order. */
export interface BinarySource {
	readonly fileName: string | undefined;
	readonly mimeType: string;
	readonly sizeBytes: number;
	/** Opens the bytes from the beginning; each call reads the file again. */
	open(): AsyncIterable<Buffer>;
}

const READ_CHUNK_BYTES = 1024 * 1024;

export async function binarySource(
	context: IExecuteFunctions,
	itemIndex: number,
	propertyName: string,
): Promise<BinarySource> {
	const binary = binaryOf(context, itemIndex, propertyName);
	const { id } = binary;
	if (id === undefined) {
		const content = Buffer.from(binary.data, 'base64');
		return { ...describe(binary), sizeBytes: content.length, open: () => onlyChunk(content) };
	}
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		...describe(binary),
		sizeBytes: fileSize,
		open: () => stored(context, id),
	};
}

function binaryOf(
	context: IExecuteFunctions,
	itemIndex: number,
	propertyName: string,
): IBinaryData {
	const name = propertyName.trim();
	if (name.includes(',')) {
		throw new InputProblem(
			'binaryPropertyName',
			'This operation takes one file per item',
			'Name one binary field. To send several files, give each its own item.',
			name,
		);
	}
	const fields = context.getInputData()[itemIndex]?.binary ?? {};
	const binary = Object.hasOwn(fields, name) ? fields[name] : undefined;
	if (binary === undefined) {
		const names = Object.keys(fields);
		throw new InputProblem(
			'binaryPropertyName',
			'The item has no file in this binary field',
			names.length === 0
				? 'Put a node that outputs a file before this one, such as Read Files From Disk or HTTP Request.'
				: `Set Input Binary Field to a field of the item: ${names.join(', ')}.`,
			name,
		);
	}
	return binary;
}

function describe(binary: IBinaryData): Pick<BinarySource, 'fileName' | 'mimeType'> {
	return {
		fileName: binary.fileName === '' ? undefined : binary.fileName,
		mimeType: binary.mimeType || 'application/octet-stream',
	};
}

async function* onlyChunk(content: Buffer): AsyncIterable<Buffer> {
	yield await Promise.resolve(content);
}

async function* stored(context: IExecuteFunctions, id: string): AsyncIterable<Buffer> {
	const stream = await context.helpers.getBinaryStream(id, READ_CHUNK_BYTES);
	for await (const chunk of stream)
		yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array);
}
