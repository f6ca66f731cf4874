import { createHash } from 'node:crypto';
import type { Call, Handler } from '../call';
import { fileList, pathId, textOf, timeOf } from '../call';
import { BoxFailure, badRequest } from '../errors';
import type { FileItem, NewContent } from '../items';
import { checkIfMatch } from '../items';
import { MultipartReader } from '../multipart';

const longestAttributesBytes = 64 * 1024;

interface Upload {
	readonly name: string;
	readonly parentId: string | undefined;
	readonly content: NewContent;
}

export const uploadFile: Handler = async (call) => {
	const upload = await readUpload(call);
	const folder = call.state.folder(call.userId, upload.parentId ?? '');
	return stored(call, 201, call.state.storeFile(folder, upload.name, upload.content));
};

export const uploadVersion: Handler = async (call) => {
	const upload = await readUpload(call);
	const file = call.state.items.file(call.userId, pathId(call));
	checkIfMatch(call.headers['if-match'], file);
	// The OpenAPI knows 200 here, and 201 for a new file only.
	return stored(
		call,
		200,
		call.state.storeVersion(call.userId, file.id, upload.name, upload.content),
	);
};

/** Also what creating a session checks, without a byte of the file. */
export const preflight: Handler = (call) => {
	const { name, parent, size } = call.json;
	const parentId = textOf((parent as Record<string, unknown> | undefined)?.id);
	if (typeof name !== 'string' || parentId === undefined) {
		throw badRequest('name and parent.id are needed for a check');
	}
	call.state.checkWrite(call.state.folder(call.userId, parentId), name);
	call.state.checkSpace(call.userId, Number(size ?? 0));
	const { endpointOrigin } = call.state.settings;
	return { status: 200, json: { upload_url: `${endpointOrigin}/api/2.0/files/content` } };
};

function stored(call: Call, status: number, file: FileItem) {
	return { status, json: fileList(call, file) };
}

async function readUpload(call: Call): Promise<Upload> {
	const reader = new MultipartReader(call.contentType, call.body);
	const first = await reader.nextField();
	if (first?.name === 'file') {
		throw new BoxFailure(
			400,
			'metadata_after_file_contents',
			'Metadata is included after file contents in a file upload request.',
		);
	}
	if (first?.name !== 'attributes') throw badRequest('The first field must be "attributes"');
	const attributes = await readAttributes(reader);
	call.note(attributes);
	const second = await reader.nextField();
	if (second?.name !== 'file' || second.fileName === undefined) {
		throw badRequest('The second field must be "file", with a file name');
	}
	call.check({ attributes, file: '' });
	const bytes = await readFile(call, reader);
	if (await reader.nextField()) throw badRequest('A field follows the file');
	const parent = attributes.parent as Record<string, unknown> | undefined;
	return {
		name: String(attributes.name),
		parentId: textOf(parent?.id),
		content: {
			...bytes,
			contentCreatedAtMs: timeOf(attributes.content_created_at),
			contentModifiedAtMs: timeOf(attributes.content_modified_at),
		},
	};
}

async function readAttributes(reader: MultipartReader): Promise<Record<string, unknown>> {
	const held: Buffer[] = [];
	let length = 0;
	for await (const chunk of reader.content()) {
		length += chunk.length;
		if (length > longestAttributesBytes) throw badRequest('The attributes are too long');
		held.push(chunk);
	}
	try {
		return JSON.parse(Buffer.concat(held).toString('utf8')) as Record<string, unknown>;
	} catch {
		throw badRequest('The attributes are not JSON');
	}
}

async function readFile(call: Call, reader: MultipartReader): Promise<NewContent> {
	const { keepBytesUpTo, maximumDirectBytes } = call.state.settings;
	const hash = createHash('sha1');
	let held: Buffer[] = [];
	let size = 0;
	for await (const chunk of reader.content()) {
		size += chunk.length;
		hash.update(chunk);
		if (size <= keepBytesUpTo) held.push(chunk);
		else held = [];
	}
	if (size > maximumDirectBytes) {
		throw new BoxFailure(413, 'request_entity_too_large', 'Request Entity too Large');
	}
	const sha1 = hash.digest('hex');
	// Despite its name the header holds a SHA-1, in hex.
	const expected = call.headers['content-md5'];
	if (expected !== undefined && expected.toLowerCase() !== sha1) {
		throw new BoxFailure(
			400,
			'bad_digest',
			'The specified content-md5 did not match what we received.',
		);
	}
	return { sha1, size, content: size <= keepBytesUpTo ? Buffer.concat(held) : undefined };
}
