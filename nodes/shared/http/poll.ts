import { waitMs } from './wait';

export type PollAnswer<T> =
	{ readonly done: true; readonly value: T } | { readonly done: false; readonly waitMs?: number };

export type PollResult<T> =
	| { readonly kind: 'done'; readonly value: T }
	| { readonly kind: 'deadline'; readonly waitedMs: number }
	| { readonly kind: 'canceled' };

export interface PollOptions {
	readonly deadlineMs: number;
	/** Also the shortest pause, whatever the vendor asks for. */
	readonly firstDelayMs: number;
	readonly maxDelayMs: number;
	readonly cancelSignal: AbortSignal | undefined;
}

/** Asks until done, with growing pauses; the last question falls on the deadline itself. */
export async function pollUntilDone<T>(
	ask: () => Promise<PollAnswer<T>>,
	options: PollOptions,
): Promise<PollResult<T>> {
	const startedAtMs = Date.now();
	let delayMs = options.firstDelayMs;
	for (;;) {
		const answer = await ask();
		if (answer.done) return { kind: 'done', value: answer.value };
		const waitedMs = Date.now() - startedAtMs;
		const remainingMs = options.deadlineMs - waitedMs;
		if (remainingMs <= 0) return { kind: 'deadline', waitedMs };
		const wantedMs = Math.max(answer.waitMs ?? delayMs, options.firstDelayMs);
		const pauseMs = Math.min(remainingMs, wantedMs);
		if (!(await waitMs(pauseMs, options.cancelSignal))) return { kind: 'canceled' };
		delayMs = Math.min(options.maxDelayMs, delayMs * 2);
	}
}
