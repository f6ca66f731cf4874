import { LOOK_EVERY_MS, onEachLook } from '../looks';

/** An honest slow line brings ten times as much; what brings less is stuck for all practical purposes. */
const LEAST_BYTES_PER_SECOND = 1_000;
/** Four minutes of waiting, long enough for a line to recover. */
const LOOKS_OF_A_STRETCH = 16;
const LEAST_BYTES_OF_A_STRETCH =
	(LOOKS_OF_A_STRETCH * LOOK_EVERY_MS * LEAST_BYTES_PER_SECOND) / 1_000;

/** What was waited for did not come in time. */
export class TooLate extends Error {
	constructor(limitMs: number) {
		super(`Nothing came for ${limitMs / 60_000} minutes`);
	}
}

/** Something came, and over minutes next to nothing. */
export class TooSlow extends TooLate {
	constructor() {
		super(LOOKS_OF_A_STRETCH * LOOK_EVERY_MS);
		this.message = `Less than ${LEAST_BYTES_PER_SECOND} bytes a second came`;
	}
}

/** The execution was cancelled while something was waited for. */
export class Canceled extends Error {
	constructor() {
		super('The execution was canceled');
	}
}

/** What one source brings, stretch by stretch of the looks that found somebody waiting for it. */
class Speed {
	private looks = 0;
	private bytes = 0;

	came(bytes: number): void {
		this.bytes += bytes;
	}

	/** True when a whole stretch has brought too little. */
	isTooSlowAtLook(): boolean {
		this.looks += 1;
		if (this.looks < LOOKS_OF_A_STRETCH) return false;
		const isTooSlow = this.bytes < LEAST_BYTES_OF_A_STRETCH;
		this.looks = 0;
		this.bytes = 0;
		return isTooSlow;
	}
}

/**
 * Hands chunks on. Throws TooLate when the next one has been waited for longer than the limit, TooSlow when
 * chunks come and bring next to nothing, and Canceled, also while the source does not answer at all. Time in which nobody asks does not count: the
 * upload may be the slower one.
 */
export async function* chunksInTime<T extends { readonly length: number }>(
	chunks: AsyncIterable<T>,
	limitMs: number,
	cancelSignal?: AbortSignal,
): AsyncGenerator<T> {
	const iterator = chunks[Symbol.asyncIterator]();
	const speed = new Speed();
	let isWaiting = false;
	try {
		for (;;) {
			isWaiting = true;
			const next = await inTime(iterator.next(), { limitMs, speed, cancelSignal });
			isWaiting = false;
			if (next.done === true) return;
			speed.came(next.value.length);
			yield next.value;
		}
	} finally {
		const ended = iterator.return?.();
		// A source that does not answer does not answer to this either.
		if (isWaiting) ended?.catch(() => {});
		else await ended;
	}
}

interface Patience {
	readonly limitMs: number;
	readonly speed: Speed;
	readonly cancelSignal: AbortSignal | undefined;
}

async function inTime<T>(
	answer: Promise<T>,
	{ limitMs, speed, cancelSignal }: Patience,
): Promise<T> {
	let forget = (): void => {};
	try {
		return await new Promise<T>((resolve, reject) => {
			const cancel = (): void => reject(new Canceled());
			let looksLeft = Math.ceil(limitMs / LOOK_EVERY_MS);
			const stopLooking = onEachLook(() => {
				const isTooSlow = speed.isTooSlowAtLook();
				if (--looksLeft < 0) reject(new TooLate(limitMs));
				else if (isTooSlow) reject(new TooSlow());
			});
			forget = () => {
				stopLooking();
				cancelSignal?.removeEventListener('abort', cancel);
			};
			cancelSignal?.addEventListener('abort', cancel);
			if (cancelSignal?.aborted) cancel();
			answer.then(resolve, reject);
		});
	} finally {
		forget();
	}
}
