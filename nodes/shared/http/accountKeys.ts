/**
 * Pauses and locks are an account's, and two credentials may be of one. What a key has turned out to name is
 * remembered in this process, so that all of its requests go by the same one. No secrets.
 */
const accounts = new Map<string, string>();
const MAX_KEYS = 1_000;
/** A credential's email may lead to a member, and the member to an account. */
const MAX_STEPS = 3;

/** `account`: names one account of the vendor, whoever signs in. */
export function learnAccount(key: string, account: string): void {
	if (key === account) return;
	accounts.delete(key);
	accounts.set(key, account);
	const [oldest] = accounts.keys();
	if (accounts.size > MAX_KEYS && oldest !== undefined) accounts.delete(oldest);
}

export function accountOf(key: string): string {
	let known = key;
	for (let step = 0; step < MAX_STEPS; step++) known = accounts.get(known) ?? known;
	return known;
}
