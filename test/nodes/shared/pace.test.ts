/** How fast requests may begin after refusals. */
import type { Pace } from '../../../nodes/shared/transfer/pace';
import {
	noPace,
	pacedSuccess,
	refusedPace,
	resumedPace,
} from '../../../nodes/shared/transfer/pace';

const paced = (rest: Partial<Pace> = {}): Pace => ({
	gapMs: 25,
	seen: 240,
	sinceMs: 0,
	successes: 0,
	letIn: 0,
	...rest,
});

function afterSuccesses(pace: Pace, count: number, nowMs: number): Pace {
	let after = pace;
	for (let success = 0; success < count; success++) after = pacedSuccess(after, nowMs);
	return after;
}

describe('the pace', () => {
	it('is none as long as nothing is refused', () => {
		expect(afterSuccesses(noPace(0), 10_000, 60_000).gapMs).toBe(0);
	});

	it('is what went through since the run began, the rest included', () => {
		const refused = refusedPace(afterSuccesses(noPace(1_000), 240, 5_600), 7_000);
		expect(refused).toEqual({ gapMs: 25, seen: 240, sinceMs: 7_000, successes: 0, letIn: 0 });
	});

	it('is not guessed from a few requests', () => {
		const refused = refusedPace(afterSuccesses(noPace(0), 23, 500), 60_000);
		expect(refused).toEqual({ gapMs: 0, seen: 0, sinceMs: 60_000, successes: 0, letIn: 0 });
	});

	it('is never slower than one request a second', () => {
		expect(refusedPace(afterSuccesses(noPace(0), 30, 500), 300_000).gapMs).toBe(1_000);
		expect(refusedPace(paced({ gapMs: 990 }), 9).gapMs).toBe(1_000);
	});

	it('becomes faster when long nothing was refused, and counts anew', () => {
		const almost = afterSuccesses(paced(), 959, 24_000);
		expect(almost).toEqual(paced({ successes: 959, letIn: 959 }));
		expect(pacedSuccess(almost, 24_000)).toEqual(paced({ gapMs: 22.5, sinceMs: 24_000 }));
	});

	it('goes back to the one before when the faster one is refused at once', () => {
		const refused = refusedPace(paced({ gapMs: 22.5, successes: 5 }), 1_000);
		expect(refused).toEqual(paced({ gapMs: 25, sinceMs: 1_000 }));
	});

	it('becomes faster as well where there are pauses', () => {
		let pace = paced();
		for (let pause = 0; pause < 20; pause++) {
			pace = afterSuccesses(resumedPace(pace, pause * 60_000), 48, pause * 60_000 + 1_200);
		}
		expect(pace).toMatchObject({ gapMs: 22.5, letIn: 0 });
	});

	it('does not count the time in which nothing was sent', () => {
		expect(resumedPace(paced({ successes: 100 }), 90_000)).toEqual(paced({ sinceMs: 90_000 }));
	});
});
