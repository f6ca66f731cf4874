const LOOK_EVERY_MS = 15_000;
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

interface Wait {
	looksLeft: number;
	readonly limitMs: number;
	readonly speed: Speed;
	giveUp(error: Error): void;
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

/** All waits of the process share one timer, so that a chunk needs none of its own. */
const waits = new Set<Wait>();
let isLooking = false;

/** Looks are counted and not the time, in which a machine may have been asleep. */
function lookLater(): void {
	isLooking = waits.size > 0;
	if (!isLooking) return;
	AbortSignal.timeout(LOOK_EVERY_MS).addEventListener('abort', () => {
		for (const wait of waits) lookAt(wait);
		lookLater();
	});
}

function lookAt(wait: Wait): void {
	const isTooSlow = wait.speed.isTooSlowAtLook();
	if (--wait.looksLeft < 0) wait.giveUp(new TooLate(wait.limitMs));
	else if (isTooSlow) wait.giveUp(new TooSlow());
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

async function inTime<T>(
	answer: Promise<T>,
	{
		limitMs,
		speed,
		cancelSignal,
	}: Pick<Wait, 'limitMs' | 'speed'> & { cancelSignal?: AbortSignal },
): Promise<T> {
	let forget = (): void => {};
	try {
		return await new Promise<T>((resolve, reject) => {
			const cancel = (): void => reject(new Canceled());
			const wait: Wait = {
				looksLeft: Math.ceil(limitMs / LOOK_EVERY_MS),
				limitMs,
				speed,
				giveUp: reject,
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
