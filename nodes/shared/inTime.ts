const LOOK_EVERY_MS = 15_000;

/** What was waited for did not come in time. */
export class TooLate extends Error {
	constructor(limitMs: number) {
		super(`Nothing came for ${limitMs / 60_000} minutes`);
	}
}

/** The execution was cancelled while something was waited for. */
export class Canceled extends Error {
	constructor() {
		super('The execution was canceled');
	}
}

interface Wait {
	looksLeft: number;
	giveUp(): void;
}

/** All waits of the process share one timer, so that a chunk needs none of its own. */
const waits = new Set<Wait>();
let isLooking = false;

/** Looks are counted and not the time, in which a machine may have been asleep. */
function lookLater(): void {
	isLooking = waits.size > 0;
	if (!isLooking) return;
	AbortSignal.timeout(LOOK_EVERY_MS).addEventListener('abort', () => {
		for (const wait of waits) if (--wait.looksLeft < 0) wait.giveUp();
		lookLater();
	});
}

/**
 * Hands chunks on. Throws TooLate when the next one has been waited for longer than the limit, and
 * Canceled, also while the source does not answer at all. Time in which nobody asks does not count: the
 * upload may be the slower one.
 */
export async function* chunksInTime<T>(
	chunks: AsyncIterable<T>,
	limitMs: number,
	cancelSignal?: AbortSignal,
): AsyncGenerator<T> {
	const iterator = chunks[Symbol.asyncIterator]();
	let isWaiting = false;
	try {
		for (;;) {
			isWaiting = true;
			const next = await inTime(iterator.next(), limitMs, cancelSignal);
			isWaiting = false;
			if (next.done === true) return;
			yield next.value;
		}
	} finally {
		const ended = iterator.return?.();
		// A source that does not answer does not answer to this either.
		if (isWaiting) ended?.catch(() => {});
		else await ended;
	}
}

async function inTime<T>(
	answer: Promise<T>,
	limitMs: number,
	cancelSignal: AbortSignal | undefined,
): Promise<T> {
	let forget = (): void => {};
	try {
		return await new Promise<T>((resolve, reject) => {
			const cancel = (): void => reject(new Canceled());
			const wait: Wait = {
				looksLeft: Math.ceil(limitMs / LOOK_EVERY_MS),
				giveUp: () => reject(new TooLate(limitMs)),
			};
			forget = () => {
				waits.delete(wait);
				cancelSignal?.removeEventListener('abort', cancel);
			};
			waits.add(wait);
			cancelSignal?.addEventListener('abort', cancel);
			if (cancelSignal?.aborted) cancel();
			if (!isLooking) lookLater();
			answer.then(resolve, reject);
		});
	} finally {
		forget();
	}
}
