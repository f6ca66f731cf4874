/** How many requests are under way at once, and what is known about whether more of them pay. */
export interface Climb {
	readonly limit: number;
	/** The number before, and what it brought; undefined when the present one is not on trial. */
	readonly lower: { readonly limit: number; readonly bytesPerMs: number } | undefined;
	/** Measurements that are left before more are tried again. */
	readonly hold: number;
	/** Trials in a row that did not pay. */
	readonly unpaid: number;
}

/** Twice as many requests have to bring so much more at least, half as many more half of it. */
const PAYS_FROM = 0.2;
/** Up to so many they are doubled, then half as many are added: each takes memory. */
const DOUBLED_BELOW = 8;
/** The line may be another one later. */
const HELD_MEASUREMENTS = 32;
/** One trial may fall into a bad moment of the line, so the next one comes soon; each that fails doubles the pause. */
const FIRST_HELD = 4;

/**
 * What follows from one measurement at the present number: more, as long as that pays; else the number
 * before, and a while later another try. Pure.
 */
export function nextClimb(
	{ limit, lower, hold, unpaid }: Climb,
	bytesPerMs: number,
	maxLimit: number,
): Climb {
	if (hold > 0) return { limit, lower: undefined, hold: hold - 1, unpaid };
	if (lower !== undefined) {
		const share = limit / lower.limit - 1;
		const isPaid = bytesPerMs >= lower.bytesPerMs * (1 + PAYS_FROM * share);
		if (!isPaid) {
			const held = Math.min(HELD_MEASUREMENTS, FIRST_HELD * 2 ** unpaid);
			return { limit: lower.limit, lower: undefined, hold: held, unpaid: unpaid + 1 };
		}
	}
	const higher = limit < DOUBLED_BELOW ? limit * 2 : Math.floor(limit * 1.5);
	const stillUnpaid = lower === undefined ? unpaid : 0;
	return limit < maxLimit
		? {
				limit: Math.min(maxLimit, higher),
				lower: { limit, bytesPerMs },
				hold: 0,
				unpaid: stillUnpaid,
			}
		: { limit, lower: undefined, hold: HELD_MEASUREMENTS, unpaid: stillUnpaid };
}

/** After a vendor has asked to slow down: down to half of it, not below the least. Pure. */
export function slowedClimb({ limit, unpaid }: Climb, leastLimit: number): Climb {
	const half = Math.max(leastLimit, Math.floor(limit / 2));
	return { limit: half, lower: undefined, hold: HELD_MEASUREMENTS, unpaid };
}
