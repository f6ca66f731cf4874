import type { Failure } from '../failure';
import { failed } from '../failure';
import type { CallOutcome, ReplyReader } from './call';
import { byteLengthOf } from './pacedBody';

/** Failures that every call of its kind would get for the rest of the run: the token, not the file, is their reason. */
const OF_TOKEN = new Set([
	'insufficient_scope',
	'missing_scope',
	'auth/app_disabled',
	'auth/app_folder_app',
	'auth/app_lacks_scope',
	'auth/malformed_token',
	'auth/team_token',
	'auth/user_token',
	'auth/user_limit',
]);

/** Larger ones cost more when they wait than a few refusals do; a session or a check has come before them. */
const WAITS_BELOW_BYTES = 1024 * 1024;

/** A call as its permission sees it. */
interface AskedCall<T> {
	/** Calls of one kind are all refused, if one is. */
	readonly kind: string;
	/** Calls that need the same permission as far as is known, such as those of one upload; default the kind. */
	readonly group?: string;
	readonly body?: Buffer | string | undefined;
	/** Makes the call, with a reader that this one hands on to. */
	readonly send: (listen: Listen) => Promise<CallOutcome<T>>;
}

/** Wraps the reader of a call, so that its first answer is heard of at once. */
export type Listen = <T>(reader: ReplyReader<T>) => ReplyReader<T>;

/** What the token of one account may not do, learned once and remembered for the run, by kind of call. */
export class Permissions {
	private readonly refused = new Map<string, Failure>();
	private readonly granted = new Set<string>();
	/** Of the first call of a group: until its first answer, whatever it says. */
	private readonly asking = new Map<string, Promise<void>>();

	/** Whether a call of this kind has got through in this run. */
	isGranted(kind: string): boolean {
		return this.granted.has(kind);
	}

	/** Whether any call has: the token is a valid one then. */
	get anyGranted(): boolean {
		return this.granted.size > 0;
	}

	/**
	 * Makes the call, unless the token is known to lack the permission: then the same failure, without a request.
	 * The first call of a group goes alone, so that what is missing is asked for once.
	 */
	async ask<T>({ kind, group = kind, body, send }: AskedCall<T>): Promise<CallOutcome<T>> {
		const first = this.asking.get(group);
		if (first === undefined) return await this.askFirst(kind, group, send);
		if (byteLengthOf(body) < WAITS_BELOW_BYTES) await first;
		const refusal = this.refused.get(kind);
		if (refusal !== undefined) {
			return { ...failed(refusal), responseLost: false, retries: 0, tooFastAtMs: undefined };
		}
		return this.noted(kind, await send((reader) => reader));
	}

	private async askFirst<T>(
		kind: string,
		group: string,
		send: AskedCall<T>['send'],
	): Promise<CallOutcome<T>> {
		let onHeard = (): void => {};
		this.asking.set(group, new Promise<void>((resolve) => (onHeard = resolve)));
		try {
			return this.noted(kind, await send((reader) => listening(reader, onHeard)));
		} finally {
			onHeard();
		}
	}

	private noted<T>(kind: string, outcome: CallOutcome<T>): CallOutcome<T> {
		if (outcome.ok) this.granted.add(kind);
		else if (OF_TOKEN.has(outcome.failure.code)) this.refused.set(kind, outcome.failure);
		return outcome;
	}
}

/** A call that is tried again may go on for minutes; a refusal of the token ends it, and is noted first. */
function listening<T>(reader: ReplyReader<T>, onHeard: () => void): ReplyReader<T> {
	return {
		...reader,
		read: (reply) => {
			const outcome = reader.read(reply);
			if (outcome.ok || !OF_TOKEN.has(outcome.failure.code)) onHeard();
			return outcome;
		},
		noReply: (noReply) => {
			onHeard();
			return reader.noReply(noReply);
		},
	};
}
