import type { Explanation } from '../../../nodes/shared/catalogue';
import type { Failure, Stored } from '../../../nodes/shared/failure';

/** One line of docs/errors.md. */
export interface Row extends Omit<Explanation, 'stored'> {
	/** What `error.path` holds. */
	readonly path: string;
	/** Whether the node itself repeats the call before it gives up. */
	readonly isRepeated: boolean;
	readonly stored: Stored;
}

export function rowOf(failure: Failure, isRepeated: boolean, path = failure.code): Row {
	const { message, remedy, class: failureClass, stored } = failure;
	return { path, message, remedy, class: failureClass, isRepeated, stored };
}

/** In the order of their paths, each reason once: what comes last has the last word. */
export function sorted(rows: readonly Row[]): Row[] {
	const keyOf = ({ path, message, remedy }: Row): string => [path, message, remedy].join('\n');
	const byKey = new Map(rows.map((row) => [keyOf(row), row]));
	return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

/** They take seconds to read, and several tests ask for them. */
export function once<T>(read: () => T): () => T {
	let value: { readonly of: T } | undefined;
	return () => (value ??= { of: read() }).of;
}
