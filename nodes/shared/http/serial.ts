import { sleep } from 'n8n-workflow';

import { unlessAborted } from './wait';

/** The last of those that run or wait for a key. */
const tails = new Map<string, Promise<void>>();

/** What runs now, by key. */
const running = new Map<string, { readonly what: string }>();

/** How a turn is waited for that may be long in coming. */
interface Waiting<T> {
	/** What the work is, to those who wait for it: `a batch job of 1,000 files`. */
	readonly what: string;
	/** Told after 5 seconds, then each minute. */
	readonly onWait: (busyWith: string, waitedMs: number) => void;
	/** One and the same work of another is waited for no longer than this. */
	readonly atMostMs: number;
	/** Instead of the work, which is not begun then. */
	readonly giveUp: () => T;
}

const LOOK_EVERY_MS = 5_000;
const TELL_EVERY_MS = 60_000;

/**
 * Runs `work` when every earlier one of the same key has ended, across all executions of this
 * process; n8n offers no lock across processes. A cancelled execution does not wait: its work runs
 * at once, and finds out that it may not send any more.
 */
export async function oneAtATime<T>(
	key: string,
	cancelSignal: AbortSignal | undefined,
	work: () => Promise<T>,
	waiting?: Waiting<T>,
): Promise<T> {
	const before = tails.get(key);
	const inTurn = async (): Promise<T> => {
		const me = { what: waiting?.what ?? 'other work' };
		running.set(key, me);
		try {
			return await work();
		} finally {
			if (running.get(key) === me) running.delete(key);
		}
	};
	const turn =
		before === undefined || waiting === undefined
			? unlessAborted(before ?? Promise.resolve(), cancelSignal).then(() => true)
			: isTurn(key, before, cancelSignal, waiting);
	const mine = turn.then(async (isMine) =>
		isMine || waiting === undefined ? await inTurn() : waiting.giveUp(),
	);
	// Of nothing: a tail that had the results would keep all of them, back to the first.
	const tail = Promise.allSettled([before, mine]).then(() => undefined);
	tails.set(key, tail);
	void tail.then(() => {
		if (tails.get(key) === tail) tails.delete(key);
	});
	return await mine;
}

/** False when the same work of another has gone on for too long. Counted in looks, as a machine may sleep. */
async function isTurn<T>(
	key: string,
	before: Promise<void>,
	cancelSignal: AbortSignal | undefined,
	waiting: Waiting<T>,
): Promise<boolean> {
	let ended = false;
	const end = before.then(() => (ended = true));
	let other = running.get(key);
	let ofOtherMs = 0;
	for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
		if (isToTell(waitedMs)) waiting.onWait(other?.what ?? 'other work', waitedMs);
		await unlessAborted(Promise.race([end, sleep(LOOK_EVERY_MS)]), cancelSignal);
		if (ended || cancelSignal?.aborted) return true;
		const now = running.get(key);
		ofOtherMs = now === other ? ofOtherMs + LOOK_EVERY_MS : 0;
		other = now;
		if (ofOtherMs >= waiting.atMostMs) return false;
	}
}

/** After the first look, then each minute. */
function isToTell(waitedMs: number): boolean {
	return waitedMs >= LOOK_EVERY_MS && (waitedMs - LOOK_EVERY_MS) % TELL_EVERY_MS === 0;
}
