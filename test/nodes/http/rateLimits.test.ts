/** Limits of an account that end with a window of time: the files wait for it, and none fails for it. */
import type { RateLimit } from '../../cloud/core/rateWindow';
import type { RunResult } from '../../engine/types';
import { type Rig, useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as box from '../boxUpload/uploads';
import * as dropbox from '../upload/uploads';
import { carryOn, errorsOf, hintOf, jsonOf, slowIt } from '../upload/uploads';

const emptyFiles = (count: number) =>
	Array.from({ length: count }, (_, index) => dropbox.file(`${index}.txt`, ''));
const smallFiles = (count: number) =>
	Array.from({ length: count }, (_, index) => box.file(`${index}.txt`, `${index}`));

/** Of a limit that was reached more than once. */
function expectStored(rig: Rig, result: RunResult, stored: readonly unknown[], count: number) {
	expect(errorsOf(result).filter((error) => error !== undefined)).toEqual([]);
	expect(stored).toHaveLength(count);
	expect(rig.cloud.log.filter(({ status }) => status === 429).length).toBeGreaterThan(3);
}

// Box publishes 240 uploads a minute for each user; the clocks go as fast as the line can reach that.
describe('240 uploads a minute, which is six seconds,', () => {
	const SPEED = 10;
	const rig = useRig({ pace: { clockSpeed: SPEED } });
	const begins = 'with the last' as const;
	const minute = { requests: 240, windowMs: 60_000, retryAfter: 'rest of window', begins } as const;

	slowIt(
		'stores 1,000 files in Box',
		async () => {
			const routes = /^POST \/files\/content$/;
			rig().cloud.box.settings.rateLimit = { ...minute, routes };
			const result = await box.upload(rig(), { items: smallFiles(1_000), ...carryOn });
			expectStored(rig(), result, rig().cloud.box.files(), 1_000);
		},
		180_000,
	);

	slowIt(
		'stores 1,000 files in Dropbox, each in a call of its own',
		async () => {
			rig().cloud.dropbox.settings.rateLimit = { ...minute, routes: /upload_session\/start$/ };
			const result = await dropbox.upload(rig(), { items: emptyFiles(1_000), ...carryOn });
			expectStored(rig(), result, rig().cloud.dropbox.files(), 1_000);
		},
		180_000,
	);
});

describe('in windows of a minute, which are one second,', () => {
	const SPEED = 60;
	const rig = useRig({ pace: { clockSpeed: SPEED } });
	const limit = (change: Partial<RateLimit> | undefined) => {
		// However slow the machine is that runs the test, the limit is reached.
		const begins = 'with the last' as const;
		const minute = { windowMs: 60_000, begins };
		const rateLimit = change && { requests: 0, retryAfter: 'none' as const, ...minute, ...change };
		rig().cloud.dropbox.settings.rateLimit = rateLimit;
		rig().cloud.box.settings.rateLimit = rateLimit;
	};
	afterEach(() => limit(undefined));

	const expectAllStored = (result: RunResult, stored: readonly unknown[], count: number) =>
		expectStored(rig(), result, stored, count);

	// Each is a call of its own at Dropbox, too, as it is empty.
	it('stores 300 files in Dropbox against 429 without Retry-After', async () => {
		limit({ requests: 60 });
		const result = await dropbox.upload(rig(), { items: emptyFiles(300), ...carryOn });
		expectAllStored(result, rig().cloud.dropbox.files(), 300);
	}, 90_000);

	it('stores 300 files in Box against 429 without Retry-After', async () => {
		limit({ requests: 60 });
		const result = await box.upload(rig(), { items: smallFiles(300), ...carryOn });
		expectAllStored(result, rig().cloud.box.files(), 300);
	}, 90_000);

	it.each([1, 'rest of window'] as const)(
		'stores 50 files in Box against 429 with Retry-After: %s',
		async (retryAfter) => {
			limit({ requests: 12, retryAfter });
			const result = await box.upload(rig(), { items: smallFiles(50), ...carryOn });
			expectAllStored(result, rig().cloud.box.files(), 50);
		},
	);

	it('a step by hand waits as well, with more items than it has tries', async () => {
		limit({ requests: 5, routes: /start$/ });
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'start',
			parameters: { binaryPropertyName: '' },
			options: { root: 'home', maxRetries: 1 },
			items: Array.from({ length: 12 }, () => ({ json: {} })),
			...carryOn,
		});
		expect(errorsOf(result).filter((error) => error !== undefined)).toEqual([]);
		expect(jsonOf(result)).toHaveLength(12);
	});
});

describe('for ever, with ten minutes that are six seconds,', () => {
	const SPEED = 100;
	const rig = useRig({ pace: { clockSpeed: SPEED } });
	const none: RateLimit = { requests: 0, windowMs: Infinity, retryAfter: 'none' };
	afterEach(() => {
		rig().cloud.dropbox.settings.rateLimit = undefined;
		rig().cloud.box.settings.rateLimit = undefined;
	});

	describe.each([
		['Dropbox', 'dropbox', 'too_many_requests', dropbox.upload, emptyFiles],
		['Box', 'box', 'rate_limit_exceeded', box.upload, smallFiles],
	] as const)('%s', (vendor, name, path, upload, files) => {
		it('the run ends', async () => {
			const retryAfter = vendor === 'Box' ? 300 : 'none';
			rig().cloud[name].settings.rateLimit = { ...none, retryAfter };
			const result = await upload(rig(), { items: files(40), ...carryOn });
			const errors = errorsOf(result);
			expect(errors.map((error) => [error?.path, error?.stored])).toEqual(
				files(40).map(() => [path, 'no']),
			);
			expect(errors[39]?.description).toMatch(
				new RegExp(
					`Run the workflow again later. The run waited \\d+ min( \\d+ s)? for ${vendor}, no request got through, and it stopped.`,
				),
			);
			expect(hintOf(result)).toMatch(new RegExp(`waited \\d+ min( \\d+ s)? for ${vendor}`));
			// Many rests of half a minute, each with the few that were waiting for its end.
			expect(rig().cloud.log.length).toBeLessThan(300);
		});

		it('a wait that is longer than the node waits ends the run at once', async () => {
			rig().cloud[name].settings.rateLimit = { ...none, retryAfter: 1e15 };
			const result = await upload(rig(), { items: files(100), ...carryOn });
			expect(errorsOf(result).map((error) => error?.path)).toEqual(files(100).map(() => path));
			expect(errorsOf(result)[99]?.description).toContain('Try again in 24 hours.');
			expect(rig().cloud.log.length).toBeLessThan(20);
		});
	});

	it('the run ends as well when Dropbox gives a reason that is new', async () => {
		// auth.RateLimitReason is an open union.
		const body = JSON.stringify({ error: { reason: { '.tag': 'other' }, retry_after: 1 } });
		const headers = { 'content-type': 'application/json' };
		const action = { kind: 'reply', status: 429, headers, body } as const;
		rig().cloud.faults.add({ route: dropbox.START, times: Infinity, action });
		const result = await dropbox.upload(rig(), { items: emptyFiles(40), ...carryOn });
		for (const error of errorsOf(result)) {
			expect(error).toMatchObject({ path: 'rate_limited', retryable: true, stored: 'no' });
		}
		expect(errorsOf(result)[39]?.description).toContain('no request got through');
		expect(rig().cloud.log.length).toBeLessThan(300);
	});

	it('a large file says where it can go on, and the next run does', async () => {
		const large = dropbox.file('large.bin', { sizeBytes: 40 * dropbox.MIB, seed: 1 });
		rig().cloud.dropbox.settings.rateLimit = { ...none, requests: 5, routes: /append_v2/ };
		const options = { partSizeMib: 4, parallel: 1 };
		const broken = await dropbox.upload(rig(), { items: [large], options, ...carryOn });
		expect(errorsOf(broken)[0]).toMatchObject({
			path: 'too_many_requests',
			stored: 'no',
			resume: { offset: 20 * dropbox.MIB },
		});
		rig().cloud.dropbox.settings.rateLimit = undefined;
		rig().cloud.resetCounters();
		const result = await dropbox.upload(rig(), { items: [large], options });
		expect(result.status).toBe('success');
		expect(rig().cloud.counters().requestsByRoute[dropbox.APPEND]).toBe(5);
	});

	it('a service that is away: the run ends, and asks no more', async () => {
		const action = { kind: 'reply', status: 503 } as const;
		rig().cloud.faults.add({ route: dropbox.START, times: Infinity, action });
		const options = { maxRetries: 20, parallel: 4 };
		const items = emptyFiles(200);
		const result = await dropbox.upload(rig(), { items, options, ...carryOn });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(items.map(() => 'http/503'));
		expect(errorsOf(result)[199]?.description).toContain('no request got through');
		expect(rig().calls(dropbox.START).length).toBeLessThan(150);
	});

	it('steps by hand have the same budget', async () => {
		rig().cloud.dropbox.settings.rateLimit = none;
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'start',
			parameters: { binaryPropertyName: '' },
			options: { root: 'home' },
			items: Array.from({ length: 50 }, () => ({ json: {} })),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			Array(50).fill('too_many_requests'),
		);
		expect(errorsOf(result)[49]?.description).toContain('no request got through');
		expect(rig().calls(dropbox.START).length).toBeLessThan(200);
	});

	it('a list in the editor does not wait for long', async () => {
		rig().cloud.dropbox.settings.rateLimit = none;
		await expect(rig().dropboxList('searchFolders')).rejects.toThrow(/too many requests/);
		expect(rig().cloud.log.length).toBeLessThan(10);
	});

	it('no timer is left when the execution is cancelled', async () => {
		rig().cloud.dropbox.settings.rateLimit = { ...none, retryAfter: 299 };
		const run = await dropbox.startUpload(rig(), { items: emptyFiles(5), ...carryOn });
		await until(() => rig().cloud.log.some(({ status }) => status === 429));
		await run.cancel();
		expect((await run.finished).status).toBe('canceled');
		await until(async () => {
			const { byType } = await rig().engine.openHandles();
			return (byType.Timeout ?? 0) === 0;
		});
	});
});
