import { hasSize } from '../../shared/source/byteSource';
import { cutIntoParts } from '../../shared/source/parts';
import { readInOneGo } from '../../shared/source/restart';
import { contentHashOf } from '../api/contentHash';
import { MAX_REQUEST_BYTES } from '../api/sessions';
import type { FileToUpload, SmallFile } from './types';
import type { SendContext } from './uploadContext';

const READ_CHUNK_BYTES = 256 * 1024;

/** Whether Dropbox takes the file without a session. */
export function goesInOneRequest(file: FileToUpload): file is SmallFile {
	return hasSize(file.source) && file.source.sizeBytes <= MAX_REQUEST_BYTES;
}

/** A large file for which Dropbox gives no session: it is read again, and sent in one request. */
export async function sendWhole(
	file: SmallFile,
	{ connection, memory, onFailed, progress, settings, storeWhole }: SendContext,
): Promise<void> {
	const { source } = file;
	const { sizeBytes } = source;
	const room = await memory.reserve(
		source.readsWhole ? 2 * sizeBytes : sizeBytes,
		settings.memoryLimitBytes,
		connection.client.cancelSignal,
	);
	try {
		const read = await readInOneGo(source, async () => {
			const target = Buffer.allocUnsafeSlow(sizeBytes);
			const chunks = source.open(READ_CHUNK_BYTES);
			const sizes = { partSizeBytes: sizeBytes };
			const whole = cutIntoParts(chunks, sizeBytes, sizes, () => target);
			for await (const { last } of whole) if (last) break;
			return target;
		});
		if (!read.ok) return onFailed(file, read.failure);
		const contentHash = contentHashOf(read.value);
		progress.bytesSent(sizeBytes);
		await storeWhole({ file, sessionId: '', sizeBytes, contentHash }, read.value);
	} finally {
		room.release();
	}
}
