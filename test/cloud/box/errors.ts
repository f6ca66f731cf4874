import type { CloudReply } from '../core/contract';

const helpUrl = 'https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/';

/** A refusal in Box's own shape; thrown by the state machine, answered by the service. */
export class BoxFailure extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly contextInfo?: Readonly<Record<string, unknown>>,
		readonly headers?: Readonly<Record<string, string>>,
	) {
		super(message);
	}

	reply(requestId: string): CloudReply {
		return {
			status: this.status,
			headers: this.headers,
			json: {
				type: 'error',
				status: this.status,
				code: this.code,
				...(this.contextInfo ? { context_info: this.contextInfo } : {}),
				help_url: helpUrl,
				message: this.message,
				request_id: requestId,
			},
		};
	}
}

/** `context_info.errors` is where Box says which parameter it did not like. */
export function badRequest(message: string, problems?: readonly string[]): BoxFailure {
	const errors = problems?.map((problem) => ({ reason: 'invalid_parameter', message: problem }));
	return new BoxFailure(400, 'bad_request', message, errors && { errors });
}

export function notFound(message = 'Not Found'): BoxFailure {
	return new BoxFailure(404, 'not_found', message);
}

export function preconditionFailed(): BoxFailure {
	return new BoxFailure(
		412,
		'precondition_failed',
		'The resource has been modified. Retrieve the resource again and retry',
	);
}
