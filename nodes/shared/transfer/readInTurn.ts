import { beside } from '../net';

/**
 * Files are read one after the other; the parts of several may be on their way. `work` is told how to say that the next
 * file may be read; what it throws goes to `onThrow`. `onAllRead` is called when the last one has been read. Resolves when
 * all is sent.
 */
export async function readInTurn<F>(
	files: Iterable<F>,
	work: (file: F, onRead: () => void) => Promise<void>,
	onThrow: (file: F, error: unknown) => void,
	onAllRead: () => void,
): Promise<void> {
	const sent: Array<Promise<void>> = [];
	for (const file of files) {
		await new Promise<void>((onRead) => {
			const sending = beside(
				async () => await work(file, onRead),
				(error) => onThrow(file, error),
			);
			// Nothing may keep the next file from being read.
			sent.push(sending.finally(onRead));
		});
	}
	onAllRead();
	await Promise.all(sent);
}
