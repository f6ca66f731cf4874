/** What the product takes for granted about a vendor, and how it can be found out whether it is so. */

/** `probed`: can be provoked at will; `observed`: shows only if it happens; `not provable`: not within minutes. */
export type Checked = 'probed' | 'observed' | 'not provable';

export interface Assumption {
	/** `dropbox/…` or `box/…`; never changes. */
	readonly id: string;
	readonly what: string;
	/** Where it is documented or was reported, or `none`. */
	readonly source: string;
	readonly checked: Checked;
	/** What the product does if it is not so. */
	readonly otherwise: string;
	/** Shows that, or what relies on it. */
	readonly test: string;
}

/** `not seen`: something else went wrong before it showed, or it did not happen. */
export type Verdict = 'held' | 'broken' | 'not seen';

/** One call as a report may show it: nothing of the account is in it. */
export interface Call {
	readonly route: string;
	readonly status: number;
	/** The vendor's reason. */
	readonly code?: string;
	readonly requestId?: string;
}

export interface Finding {
	readonly id: string;
	readonly verdict: Verdict;
	readonly said: string;
	readonly calls: readonly Call[];
}

/** The assumption is not so. */
export class Broken extends Error {}

/** Whether it is so could not be seen. */
export class NotSeen extends Error {}

export function claim(isSo: boolean, otherwise: string): asserts isSo {
	if (!isSo) throw new Broken(otherwise);
}

/** Something that the probe needs and that it is not about. */
export function need(isSo: boolean, what: string): asserts isSo {
	if (!isSo) throw new NotSeen(what);
}

/** Resolves when the assumption has held. */
export type Probe<A> = (api: A) => Promise<void>;
export type Probes<A> = Readonly<Record<string, Probe<A>>>;
