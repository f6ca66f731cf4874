/** Habits of rclone that Box and Dropbox put up with, and our strict ones do not. */
import type { CloudRequest } from '../../test/cloud/core/contract';
import type { LoopbackCloud } from '../../test/cloud';

const THEIRS = Buffer.from('name="contents"');
const DOCUMENTED = Buffer.from('name="file"');
const HEADERS_WITHIN_BYTES = 4096;

export function putUpWithRclone({ box, dropbox }: LoopbackCloud): void {
	const toBox = box.handle.bind(box);
	box.handle = async (request) => await toBox(isRclone(request) ? asDocumented(request) : request);
	const toDropbox = dropbox.handle.bind(dropbox);
	dropbox.handle = async (request) =>
		await toDropbox(isRclone(request) ? withOneSlash(request) : request);
}

function isRclone({ headers }: CloudRequest): boolean {
	return headers['user-agent']?.startsWith('rclone/') ?? false;
}

/** A folder in the root is listed as `//Folder`: https://github.com/rclone/rclone/blob/v1.60.1/backend/dropbox/dropbox.go */
function withOneSlash(request: CloudRequest): CloudRequest {
	if (!request.pathname.endsWith('/files/list_folder')) return request;
	return Object.assign(Object.create(request) as CloudRequest, { body: oneSlash(request.body) });
}

async function* oneSlash(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	for await (const chunk of body) yield Buffer.from(chunk.toString().replace('"//', '"/'));
}

function asDocumented(request: CloudRequest): CloudRequest {
	const pathname = request.pathname.replace(/\/$/, '');
	return Object.assign(Object.create(request) as CloudRequest, {
		pathname,
		body: pathname.endsWith('/files/content') ? renamedField(request.body) : request.body,
	});
}

async function* renamedField(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let bytes = 0;
	for await (const chunk of body) {
		const at = bytes < HEADERS_WITHIN_BYTES ? chunk.indexOf(THEIRS) : -1;
		bytes += chunk.length;
		if (at < 0) yield chunk;
		else {
			yield Buffer.concat([chunk.subarray(0, at), DOCUMENTED, chunk.subarray(at + THEIRS.length)]);
		}
	}
}
