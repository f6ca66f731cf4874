/** How many requests are under way at once, and what is known about whether more of them pay. */
export interface Climb {
	readonly limit: number;
	/** The number before, and what it brought; undefined when the present one is not on trial. */
	readonly lower: { readonly limit: number; readonly bytesPerMs: number } | undefined;
	/** Measurements that are left before more are tried again. */
	readonly hold: number;
}

/** Twice as many requests have to bring so much more at least, half as many more half of it. */
const PAYS_FROM = 0.3;
/** Up to so many they are doubled, then half as many are added: each takes memory. */
const DOUBLED_BELOW = 8;
/** The line may be another one later. */
const HELD_MEASUREMENTS = 32;

/**
 * What follows from one measurement at the present number: more, as long as that pays; else the number
 * before, and a while later another try. Pure.
 */
export function nextClimb(
	{ limit, lower, hold }: Climb,
	bytesPerMs: number,
	maxLimit: number,
): Climb {
	if (hold > 0) return { limit, lower: undefined, hold: hold - 1 };
	if (lower !== undefined) {
		const share = limit / lower.limit - 1;
		const isPaid = bytesPerMs >= lower.bytesPerMs * (1 + PAYS_FROM * share);
		if (!isPaid) return { limit: lower.limit, lower: undefined, hold: HELD_MEASUREMENTS };
	}
	const higher = limit < DOUBLED_BELOW ? limit * 2 : Math.floor(limit * 1.5);
	return limit < maxLimit
		? { limit: Math.min(maxLimit, higher), lower: { limit, bytesPerMs }, hold: 0 }
		: { limit, lower: undefined, hold: HELD_MEASUREMENTS };
}

/** After a vendor has asked to slow down: down to half of it, not below where it began. Pure. */
export function slowedClimb({ limit }: Climb, startLimit: number): Climb {
	const half = Math.max(startLimit, Math.floor(limit / 2));
	return { limit: half, lower: undefined, hold: HELD_MEASUREMENTS };
}
