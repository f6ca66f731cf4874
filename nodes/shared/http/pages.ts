import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';

/** One page of a list. */
export interface Page<E> {
	readonly entries: readonly E[];
	/** What the next page is asked for with; undefined on the last one. */
	readonly next: string | undefined;
}

interface PageLimits {
	/** Reading stops after so many, as the rest is of no use. */
	readonly maxPages?: number;
	/** More pages than a list of this kind can have. */
	readonly endlessFromPages?: number;
}

/** Of 1,000 or 2,000 entries each: more than a real folder has. */
const ENDLESS_FROM_PAGES = 2_000;
const ENDLESS_FROM_ENTRIES = 2_000_000;
/** A page may be short or even empty, but not one after the other. */
const MAX_EMPTY_PAGES = 50;

/**
 * Reads a list page by page; nothing of it is kept here. Gives whether it was read to its end. A list that
 * cannot be a real one is a failure: the same page again and again, or far more than there can be.
 */
export async function readPages<E>(
	vendor: Failure['vendor'],
	ask: (next: string | undefined) => Promise<Outcome<Page<E>>>,
	/** True when nothing more has to be read. */
	visit: (entry: E) => boolean | void,
	{ maxPages = Infinity, endlessFromPages = ENDLESS_FROM_PAGES }: PageLimits = {},
): Promise<Outcome<{ readonly complete: boolean }>> {
	const guard = new PageGuard(endlessFromPages);
	let next: string | undefined;
	for (;;) {
		const page = await ask(next);
		if (!page.ok) return page;
		const { entries, next: following } = page.value;
		if (entries.some((entry) => visit(entry) === true)) return success({ complete: false });
		if (following === undefined) return success({ complete: true });
		const isEndless = guard.isEndless(page.value, next);
		if (guard.pages >= maxPages) return success({ complete: false });
		if (isEndless) return failed(endlessList(vendor));
		next = following;
	}
}

/** Pages that are read at once to find a few among many. */
const MAX_PAGES_AT_ONCE = 5;

/** What is wanted on the next pages, from `cursor` on, as soon as there is any; `next`: where the rest begins. */
export async function nextFound<E, T>(
	vendor: Failure['vendor'],
	cursor: string | undefined,
	ask: (next: string | undefined) => Promise<Outcome<Page<E>>>,
	wantedIn: (entries: readonly E[]) => T[],
): Promise<Outcome<{ readonly found: T[]; readonly next: string | undefined }>> {
	let next = cursor;
	for (let pages = 1; ; pages++) {
		const page = await ask(next);
		if (!page.ok) return page;
		const { entries, next: following } = page.value;
		if (following !== undefined && following === next) return failed(endlessList(vendor));
		next = following;
		const found = wantedIn(entries);
		if (found.length > 0 || next === undefined || pages >= MAX_PAGES_AT_ONCE) {
			return success({ found, next });
		}
	}
}

/** Counts the pages of one list. */
class PageGuard {
	pages = 0;
	private entries = 0;
	private emptyPages = 0;

	constructor(private readonly endlessFromPages: number) {}

	/** To be told of each page that has another one after it. */
	isEndless({ entries, next }: Page<unknown>, askedFor: string | undefined): boolean {
		this.pages += 1;
		this.entries += entries.length;
		this.emptyPages = entries.length === 0 ? this.emptyPages + 1 : 0;
		const isSamePage = next === askedFor;
		const isTooLong = this.pages >= this.endlessFromPages || this.entries > ENDLESS_FROM_ENTRIES;
		return isSamePage || isTooLong || this.emptyPages > MAX_EMPTY_PAGES;
	}
}

/** Something between n8n and the vendor answers, or the vendor has lost its place in the list. */
export function endlessList(vendor: Failure['vendor']): Failure {
	return {
		vendor,
		code: 'list/endless',
		message: `${vendor} returned a list that doesn't end`,
		remedy:
			"Try again later. If it happens again, check the proxy of the n8n server, or avoid listing folders: set 'If File Exists' to Fail, and turn off 'Skip Unchanged'.",
		class: 'transient',
		retryable: true,
		stored: 'no',
	};
}
