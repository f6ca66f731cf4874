/** What an item is told when a call is refused, and what asking has cost. */
import type { Rig } from '../support/rig';
import { pointsToNothing } from '../support/actions';
import type { ErrorJson } from './dropbox/uploads';

export interface Expected {
	readonly path: string;
	readonly message: string | RegExp;
	/** Of the description. */
	readonly says: RegExp;
	/** As long as nobody has to act; default false. */
	readonly passes?: boolean;
	/** By default 1 call of the operation's route and no new token. */
	readonly calls?: number;
	readonly renewals?: number;
}

const TOKEN = 'oauth2/token';

export function expectRefused(
	rig: Rig,
	error: ErrorJson | undefined,
	route: string,
	expected: Expected,
): ErrorJson {
	const { path, message, says, passes = false, calls = 1, renewals = 0 } = expected;
	expect(error).toMatchObject({
		path,
		message: expect.stringMatching(message) as string,
		retryable: passes,
		stored: 'no',
	});
	const { class: failureClass, description } = error!;
	expect(failureClass === 'transient').toBe(passes);
	expect(description).toMatch(says);
	expect(description).not.toMatch(/undefined|<html/);
	expect(pointsToNothing(description)).toBe(false);
	expect(description.length).toBeLessThan(1_500);
	expect([rig.calls(route).length, rig.calls(TOKEN).length]).toEqual([calls, renewals]);
	return error!;
}
