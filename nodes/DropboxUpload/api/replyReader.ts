import { failed, success } from '../../shared/failure';
import type { CallOutcome, ReplyReader } from '../../shared/http/call';
import type { HttpReply } from '../../shared/http/types';
import { isObject, parseJson } from '../../shared/json';
import type { CallContext } from './failures/read';
import { readErrorReply, readNoReply, requestIdOf, unexpectedReplyFailure } from './failures/read';
import type { Shape } from './shapes';

/** Reads what a call is answered. */
export function readerOf<T>(shape: Shape<T>, context: CallContext): ReplyReader<T> {
	return {
		vendor: 'Dropbox',
		read: (reply) => {
			if (reply.status < 200 || reply.status >= 300) return failed(readErrorReply(reply, context));
			// A route without a result answers `null`.
			const value = reply.text.trim() === '' ? null : parseJson(reply.text);
			const result = shape(value, requestIdOf(reply));
			return result === undefined ? failed(unexpectedReplyFailure(reply)) : success(result);
		},
		noReply: readNoReply,
		retryAfterMs: retryAfterInBody,
	};
}

/** Whether to repeat a call goes by whether its failure passes: to this reader no 409 does. */
export function without409<T>(reader: ReplyReader<T>): ReplyReader<T> {
	return {
		...reader,
		read: (reply) => {
			const outcome = reader.read(reply);
			return outcome.ok || reply.status !== 409
				? outcome
				: failed({ ...outcome.failure, retryable: false });
		},
	};
}

export function with409<T>(outcome: CallOutcome<T>): CallOutcome<T> {
	if (outcome.ok || outcome.failure.status !== 409) return outcome;
	const retryable = outcome.failure.class === 'transient';
	return { ...outcome, failure: { ...outcome.failure, retryable } };
}

/** https://www.dropbox.com/developers/documentation/http/documentation#error-handling: seconds, in `error`. */
function retryAfterInBody(reply: HttpReply): number | undefined {
	const body = parseJson(reply.text);
	const seconds = isObject(body) && isObject(body.error) ? body.error.retry_after : undefined;
	return typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : undefined;
}
