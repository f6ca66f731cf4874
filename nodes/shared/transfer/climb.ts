/** How many requests are under way at once, and what is known about whether more of them pay. */
export interface Climb {
	readonly limit: number;
	/** The number before, and what it brought; undefined when the present one is not on trial. */
	readonly lower: Lower | undefined;
	/** Measurements that are left before more are tried again. */
	readonly hold: number;
	/** Trials in a row that did not pay. */
	readonly unpaid: number;
}

interface Lower {
	readonly limit: number;
	readonly bytesPerMs: number;
	/** What the number on trial has brought, where it is measured once more: it did not pay. */
	readonly seenBytesPerMs?: number;
}

/** Twice as many requests have to bring so much more at least, half as many more half of it. */
const PAYS_FROM = 0.2;
/** Up to so many they are doubled, then half as many are added: each takes memory. */
const DOUBLED_BELOW = 8;
/** The line may be another one later. */
const HELD_MEASUREMENTS = 32;
/** Both looks may fall into a bad moment of the line, so the next trial comes soon; each that fails doubles the pause. */
const FIRST_HELD = 8;

/** About what one thread can hash and encrypt: more requests would only take more memory. */
const ENOUGH_BYTES_PER_MS = 200_000;

/**
 * What follows from one measurement at the present number: more, as long as that pays; else, after a second look,
 * the number before, and a while later another try. Pure.
 */
export function nextClimb(
	{ limit, lower, hold, unpaid }: Climb,
	bytesPerMs: number,
	maxLimit: number,
): Climb {
	if (hold > 0) return { limit, lower: undefined, hold: hold - 1, unpaid };
	const brought = Math.max(bytesPerMs, lower?.seenBytesPerMs ?? 0);
	if (lower !== undefined && !isPaid(limit, lower, brought)) {
		const isSeenOnce = lower.seenBytesPerMs === undefined;
		if (isSeenOnce) return { limit, lower: { ...lower, seenBytesPerMs: bytesPerMs }, hold, unpaid };
		const held = Math.min(HELD_MEASUREMENTS, FIRST_HELD * 2 ** unpaid);
		return { limit: lower.limit, lower: undefined, hold: held, unpaid: unpaid + 1 };
	}
	const stillUnpaid = lower === undefined ? unpaid : 0;
	if (brought >= ENOUGH_BYTES_PER_MS) {
		return { limit, lower: undefined, hold: 0, unpaid: stillUnpaid };
	}
	return limit < maxLimit
		? {
				limit: moreThan(limit, maxLimit),
				lower: { limit, bytesPerMs: brought },
				hold: 0,
				unpaid: stillUnpaid,
			}
		: { limit, lower: undefined, hold: HELD_MEASUREMENTS, unpaid: stillUnpaid };
}

/** The number to try after this one. */
export function moreThan(limit: number, maxLimit: number): number {
	return Math.min(maxLimit, limit < DOUBLED_BELOW ? limit * 2 : Math.floor(limit * 1.5));
}

/** Whether the number on trial brings so much more than the one before. */
function isPaid(limit: number, lower: Lower, bytesPerMs: number): boolean {
	const share = limit / lower.limit - 1;
	return bytesPerMs >= lower.bytesPerMs * (1 + PAYS_FROM * share);
}

/** After a vendor has asked to slow down: down to half of it, not below the least. Pure. */
export function slowedClimb({ limit, unpaid }: Climb, leastLimit: number): Climb {
	const half = Math.max(leastLimit, Math.floor(limit / 2));
	return { limit: half, lower: undefined, hold: HELD_MEASUREMENTS, unpaid };
}
