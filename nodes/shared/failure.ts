/**
 * What somebody has to do about a failure:
 * `transient` passes by itself, `user` wants a person to act (permissions, space, a name in use),
 * `input` means that a parameter is wrong, `internal` is a fault of this package.
 */
export type FailureClass = 'transient' | 'user' | 'input' | 'internal';

/** Whether the file is at the vendor despite the failure. `unknown`: an answer was lost. */
export type Stored = 'yes' | 'no' | 'unknown';

/** What the vendor says beside the code, for the node to act on. */
export type Detail =
	/** The item in the way, as the vendor names it. */
	| { readonly kind: 'conflict'; readonly item: Readonly<Record<string, unknown>> }
	/** How many bytes the session has. */
	| { readonly kind: 'offset'; readonly correctOffset: number }
	/** A job that may still be running. */
	| { readonly kind: 'job'; readonly asyncJobId: string };

/** What went wrong, to be told, decided upon and gone on from. */
export interface Failure {
	readonly vendor: 'Dropbox' | 'Box';
	/** What decides; where in the vendor's error union this is, e.g. `path/conflict/file`; ours begin with `input/`, `network/` or `http/`. */
	readonly code: string;
	readonly detail?: Detail;
	/** The code under which docs/errors.md explains it, where that is another one. */
	readonly documentedAs?: string;
	/** What happened, in plain words; never holds names or text from outside. */
	readonly message: string;
	/** What to do about it. */
	readonly remedy: string;
	readonly class: FailureClass;
	/** Whether the same thing, done again later and unchanged, can succeed. */
	readonly retryable: boolean;
	readonly stored: Stored;
	/** HTTP status of the answer, if there was one. */
	readonly status?: number;
	readonly requestId?: string;
	/** What it was about (a path, a session id) or what the vendor said: text from outside. */
	readonly subject?: string;
	readonly vendorText?: string;
	/** How often the node has tried again, where it has. */
	readonly retries?: number;
	/** What n8n or the network gave as the reason that no answer came. */
	readonly reason?: string;
	/** What a later run needs to go on from here; for the output, nothing here decides by it. */
	readonly resume?: Readonly<Record<string, string | number>>;
}

/** What a step came to: below the edge nothing throws for what can go wrong. */
export type Outcome<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** The item in the way, where the vendor names it. */
export function conflictOf({ detail }: Failure): Readonly<Record<string, unknown>> | undefined {
	return detail?.kind === 'conflict' ? detail.item : undefined;
}

/** How many bytes the session has, where the vendor says it. */
export function correctOffsetOf({ detail }: Failure): number | undefined {
	return detail?.kind === 'offset' ? detail.correctOffset : undefined;
}

/** A run that was cancelled has not failed for want of tries. */
export function afterRetries(failure: Failure, retries: number): Failure {
	return retries > 0 && failure.code !== 'canceled' ? { ...failure, retries } : failure;
}

export function success<T>(value: T): Outcome<T> {
	return { ok: true, value };
}

export function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
	return { ok: false, failure };
}
