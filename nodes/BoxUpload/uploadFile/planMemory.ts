const REMEMBERED_MS = 60 * 60 * 1_000;
const MAX_ACCOUNTS = 1_000;

/** Accounts whose Box lately could not say which parts it has, or did not keep to it; until when that counts. */
const untilMs = new Map<string, number>();

export function rememberNoPlan(accountKey: string): void {
	untilMs.delete(accountKey);
	untilMs.set(accountKey, Date.now() + REMEMBERED_MS);
	const [oldest] = untilMs.keys();
	if (untilMs.size > MAX_ACCOUNTS && oldest !== undefined) untilMs.delete(oldest);
}

/** So that not every file of every run asks in vain. */
export function hasNoPlan(accountKey: string): boolean {
	return (untilMs.get(accountKey) ?? 0) > Date.now();
}
