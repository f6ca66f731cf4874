import type { Download } from '../../http/download';
import { chunksInTime } from '../timeouts';

const STALLED_MS = 120_000;

/** The body as it comes. A server that sends nothing for two minutes, or next to nothing for four, is as good as gone. */
export async function* chunksOf(download: Download): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of chunksInTime(download.body, STALLED_MS)) {
			yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
		}
	} finally {
		download.close();
	}
}
