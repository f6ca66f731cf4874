import type { Failure } from '../failure';

/**
 * A parameter that cannot be used. Thrown while parameters are read and caught in `readItems` only,
 * before any request is made.
 */
export class InputProblem extends Error {
	constructor(
		/** Name of the parameter. */
		readonly parameter: string,
		message: string,
		readonly remedy: string,
		/** The value or what it concerns: text from outside, kept out of the message. */
		readonly subject?: string,
	) {
		super(message);
	}

	toFailure(vendor: Failure['vendor']): Failure {
		return {
			vendor,
			code: `input/${this.parameter}`,
			message: this.message,
			remedy: this.remedy,
			class: 'input',
			retryable: false,
			stored: 'no',
			...(this.subject !== undefined && { subject: this.subject }),
		};
	}
}
