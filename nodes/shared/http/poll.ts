import { waitMs } from './wait';

export type PollAnswer<T> =
	{ readonly done: true; readonly value: T } | { readonly done: false; readonly waitMs?: number };

type PollResult<T> =
	| { readonly kind: 'done'; readonly value: T }
	| { readonly kind: 'deadline'; readonly waitedMs: number }
	| { readonly kind: 'canceled' };

interface PollOptions {
	/** How long to go on asking. */
	readonly deadlineMs: number;
	/** Also the shortest pause, whatever the vendor asks for. */
	readonly firstDelayMs: number;
	readonly maxDelayMs: number;
	readonly cancelSignal: AbortSignal | undefined;
}

/** So long the last question may be repeated past the deadline: a short break must not be the end. */
const LAST_QUESTION_MS = 30_000;

/**
 * Asks until done, with growing pauses; the last question falls on the deadline itself. Each question is
 * told when to give up.
 */
export async function pollUntilDone<T>(
	ask: (giveUpAtMs: number) => Promise<PollAnswer<T>>,
	options: PollOptions,
): Promise<PollResult<T>> {
	const startedAtMs = Date.now();
	let delayMs = options.firstDelayMs;
	for (;;) {
		const giveUpAtMs = Math.max(startedAtMs + options.deadlineMs, Date.now() + LAST_QUESTION_MS);
		const answer = await ask(giveUpAtMs);
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
