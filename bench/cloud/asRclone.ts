/** Two habits of rclone that Box puts up with, and our strict Box does not. */
import type { CloudRequest } from '../../test/cloud/core/contract';
import type { LoopbackCloud } from '../../test/cloud';

const THEIRS = Buffer.from('name="contents"');
const DOCUMENTED = Buffer.from('name="file"');
const HEADERS_WITHIN_BYTES = 4096;

export function putUpWithRclone(box: LoopbackCloud['box']): void {
	const handle = box.handle.bind(box);
	box.handle = async (request) => {
		const isRclone = request.headers['user-agent']?.startsWith('rclone/');
		return await handle(isRclone ? asDocumented(request) : request);
	};
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
