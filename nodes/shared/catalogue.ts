import type { FailureClass, Stored } from './failure';

/** What a catalogue knows about one reason. */
export interface Explanation {
	readonly message: string;
	readonly remedy: string;
	readonly class: FailureClass;
	readonly stored?: Stored;
}

function explained(failureClass: FailureClass) {
	return (message: string, remedy: string, stored?: Stored): Explanation => ({
		message,
		remedy,
		class: failureClass,
		...(stored && { stored }),
	});
}

/** Passes by itself. */
export const passing = explained('transient');
/** A person must act at the vendor or in the credential. */
export const forUser = explained('user');
/** A parameter is wrong. */
export const wrongInput = explained('input');
/** A fault of this package. */
export const ourFault = explained('internal');
