import type { Download } from '../http/download';

const STALLED_MS = 120_000;
const LOOK_EVERY_MS = 15_000;

/** The body as it comes. A server that sends nothing for two minutes is as good as gone. */
export async function* chunksOf(download: Download): AsyncGenerator<Buffer> {
	// Not while nobody asks: the upload may be the slower one.
	let waitingSinceMs: number | undefined;
	let isOver = false;
	const watch = (): void => {
		AbortSignal.timeout(LOOK_EVERY_MS).addEventListener('abort', () => {
			if (isOver) return;
			if (Date.now() - (waitingSinceMs ?? Infinity) >= STALLED_MS) download.close();
			else watch();
		});
	};
	watch();
	try {
		waitingSinceMs = Date.now();
		for await (const chunk of download.body) {
			waitingSinceMs = undefined;
			yield chunk as Buffer;
			waitingSinceMs = Date.now();
		}
	} finally {
		isOver = true;
		download.close();
	}
}
