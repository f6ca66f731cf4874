import type { Download } from '../../http/download';
import { Turns } from '../../turns';
import { chunksInTime } from '../timeouts';

const STALLED_MS = 120_000;

/**
 * The body as it comes, with turns of n8n's event loop where it comes faster than it is worked on. A server that sends
 * nothing for two minutes, or next to nothing for four, is as good as gone.
 */
export async function* chunksOf(download: Download): AsyncGenerator<Buffer> {
	const turns = new Turns();
	try {
		for await (const chunk of chunksInTime(download.body, STALLED_MS)) {
			yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
			await turns.next();
		}
	} finally {
		download.close();
	}
}
