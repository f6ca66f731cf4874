import type { Failure } from '../failure';
import { failed } from '../failure';
import type { CallOutcome } from './call';

/** Failures that every call of its kind would get for the rest of the run: the token, not the file, is their reason. */
const OF_TOKEN = new Set([
	'insufficient_scope',
	'missing_scope',
	'auth/app_disabled',
	'auth/app_folder_app',
	'auth/app_lacks_scope',
	'auth/malformed_token',
	'auth/team_token',
	'auth/user_limit',
]);

/** What the token of one account may not do, learned once and remembered for the run, by kind of call. */
export class Permissions {
	private readonly refused = new Map<string, Failure>();
	private readonly granted = new Set<string>();
	private readonly asking = new Map<string, Promise<unknown>>();

	/** Whether a call of this kind has got through in this run. */
	isGranted(kind: string): boolean {
		return this.granted.has(kind);
	}

	/** Whether any call has: the token is a valid one then. */
	get anyGranted(): boolean {
		return this.granted.size > 0;
	}

	/** Calls, unless the token is known to lack the permission: then the same failure, without a request. */
	async ask<T>(kind: string, call: () => Promise<CallOutcome<T>>): Promise<CallOutcome<T>> {
		const refusal = this.refused.get(kind);
		if (refusal !== undefined) {
			return { ...failed(refusal), answerLost: false, retries: 0, rateLimited: false };
		}
		const outcome = await call();
		if (outcome.ok) this.granted.add(kind);
		else if (OF_TOKEN.has(outcome.failure.path)) this.refused.set(kind, outcome.failure);
		return outcome;
	}

	/** The same where the permission is an optional one: until it is known the calls of a kind wait for the first. */
	async askOneFirst<T>(kind: string, call: () => Promise<CallOutcome<T>>): Promise<CallOutcome<T>> {
		const first = this.asking.get(kind);
		if (first !== undefined) {
			await first;
			return await this.ask(kind, call);
		}
		const asked = this.ask(kind, call);
		this.asking.set(kind, asked);
		return await asked;
	}
}
