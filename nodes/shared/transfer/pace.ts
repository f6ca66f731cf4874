/** How fast requests may begin, as far as refusals have shown it. */
export interface Pace {
	/** Between two starts; 0 while nothing was refused. */
	readonly gapMs: number;
	/** How many successes the gap was taken from. */
	readonly seen: number;
	/** Since the last refusal, or the last time that the gap became shorter. */
	readonly sinceMs: number;
	readonly successes: number;
	/** What was let in at this gap, pauses or not. */
	readonly letIn: number;
}

/** Fewer say too little about a rate. */
const LEAST_SEEN = 24;
/** A minute of a vendor is 60 s here as well, so no rate that is lower is guessed from one long rest. */
const LONGEST_GAP_MS = 1_000;
/** What a limit lets in may grow, or was no limit: tried after four times as many as it was taken from. */
const SHORTENED_TO = 0.9;
const SHORTENED_AFTER = 4;

export function noPace(nowMs: number): Pace {
	return { gapMs: 0, seen: 0, sinceMs: nowMs, successes: 0, letIn: 0 };
}

/** Nothing was sent for a while: what is known stays, and counting begins anew. Pure. */
export function resumedPace(pace: Pace, nowMs: number): Pace {
	return { ...pace, sinceMs: nowMs, successes: 0 };
}

/** What went through since the refusal before, its rest included, is what the vendor lets in. Pure. */
export function refusedPace(pace: Pace, nowMs: number): Pace {
	const { gapMs, seen, sinceMs, successes } = pace;
	const began = { ...resumedPace(pace, nowMs), letIn: 0 };
	if (successes >= LEAST_SEEN) {
		const seenGapMs = (nowMs - sinceMs) / successes;
		return { ...began, gapMs: Math.min(LONGEST_GAP_MS, seenGapMs), seen: successes };
	}
	// The one before went well.
	return seen > 0 ? { ...began, gapMs: Math.min(LONGEST_GAP_MS, gapMs / SHORTENED_TO) } : began;
}

/** Long without a refusal: a shorter gap may do. Pure. */
export function pacedSuccess(pace: Pace, nowMs: number): Pace {
	const { gapMs, seen } = pace;
	const [successes, letIn] = [pace.successes + 1, pace.letIn + 1];
	if (seen === 0 || letIn < seen * SHORTENED_AFTER) return { ...pace, successes, letIn };
	return { ...resumedPace(pace, nowMs), gapMs: gapMs * SHORTENED_TO, letIn: 0 };
}
