import type { Failure } from '../failure';

/** Carries a failure through whoever reads the source. */
export class SourceProblem extends Error {
	constructor(readonly failure: Failure) {
		super(failure.message);
	}
}
