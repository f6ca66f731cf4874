import { rateLimited } from '../../cloud/dropbox/errors';
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import { answering, answeringHtml } from '../dropbox/replies';
import { errorsOf, jsonOf } from '../dropbox/uploads';

const START = 'files/upload_session/start';
const GET = 'sharing/get_file_metadata';

const rig = useRig();

const carryOn = { onError: 'continueRegularOutput' } as const;
/** One request per item, four at once. */
const start = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: '' },
	options: { root: 'home' },
};
const get = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '/a.txt' },
	options: { root: 'home' },
};

beforeEach(() => {
	rig().cloud.dropbox.putFile('/a.txt', 'text');
});

/** The pause between the first request of a route and the one after it. */
function pauseMs(route: string): number {
	const [first, second] = rig().calls(route);
	return second!.startedAtMs - first!.endedAtMs!;
}

describe('a request that Dropbox puts off (429)', () => {
	const reason = { reason: { '.tag': 'too_many_requests' } };
	const withRetryAfter = (json: unknown, headers: Record<string, string> = {}) => ({
		...answering(json, 429),
		headers: { 'content-type': 'application/json', ...headers },
	});

	it.each([
		['the header asks for', withRetryAfter({ error: reason }, { 'retry-after': '1' })],
		['the body asks for', withRetryAfter({ error: { ...reason, retry_after: 1 } })],
		['an HTML answer asks for', { ...answeringHtml(429), headers: { 'retry-after': '1' } }],
	])('is sent again after the time that %s', async (_, action) => {
		rig().cloud.faults.add({ route: GET, action: action });
		const result = await rig().dropbox(get);
		expect(jsonOf(result)[0]).toMatchObject({ name: 'a.txt' });
		expect(pauseMs(GET)).toBeGreaterThanOrEqual(990);
		expect(pauseMs(GET)).toBeLessThan(5_000);
	});

	it('holds back all requests of the account, also those of another execution', async () => {
		rig().cloud.faults.add({ route: START, action: rateLimited(1) });
		const items = Array.from({ length: 12 }, () => ({ json: {} }));
		const many = rig().dropbox({ ...start, items });
		await until(() =>
			rig()
				.calls(START)
				.some(({ status }) => status === 429),
		);
		const other = await rig().dropbox(get);
		expect((await many).status).toBe('success');
		expect(other.status).toBe('success');
		const pausedAtMs = rig()
			.calls(START)
			.find(({ status }) => status === 429)!.endedAtMs!;
		// Those already on their way could not know.
		const early = rig().cloud.log.filter(
			({ startedAtMs }) => startedAtMs > pausedAtMs + 400 && startedAtMs < pausedAtMs + 990,
		);
		expect(early).toEqual([]);
		expect(rig().calls(GET)[0]!.startedAtMs).toBeGreaterThanOrEqual(pausedAtMs + 990);
	});

	it('fails at once when Dropbox asks for more than 5 minutes, and says for how long', async () => {
		rig().cloud.faults.add({ route: GET, action: rateLimited(3_600) });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'too_many_requests',
			class: 'transient',
			retryable: true,
			stored: 'no',
			status: 429,
		});
		expect(errorsOf(result)[0]!.description).toContain('60 minutes');
		expect(errorsOf(result)[0]!.description).not.toContain('has tried');
		expect(rig().calls(GET)).toHaveLength(1);
	});

	it('hears a cancel while it waits', async () => {
		rig().cloud.faults.add({ route: GET, action: rateLimited(60) });
		const run = await rig().startDropbox(get);
		await until(() =>
			rig()
				.calls(GET)
				.some(({ status }) => status === 429),
		);
		const canceledAtMs = Date.now();
		await run.cancel();
		await run.finished;
		expect(Date.now() - canceledAtMs).toBeLessThan(1_000);
		expect(rig().calls(GET)).toHaveLength(1);
	});

	it('holds back the next call even when it has no try left itself', async () => {
		const once = { ...get, ...carryOn, options: { root: 'home', maxRetries: 0 } };
		rig().cloud.faults.add({ route: GET, action: rateLimited(1) });
		expect(errorsOf(await rig().dropbox(once))[0]?.path).toBe('too_many_requests');
		expect(jsonOf(await rig().dropbox(once))[0]).toMatchObject({ name: 'a.txt' });
		expect(pauseMs(GET)).toBeGreaterThanOrEqual(990);
	});

	it('is not sent again with Max Retries 0', async () => {
		rig().cloud.faults.add({ route: GET, action: rateLimited(1) });
		const result = await rig().dropbox({
			...get,
			...carryOn,
			options: { root: 'home', maxRetries: 0 },
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'too_many_requests' });
		expect(errorsOf(result)[0]!.description).not.toContain('has tried');
		expect(rig().calls(GET)).toHaveLength(1);
	});
});

describe('a request that fails for a moment', () => {
	it.each([
		['500', answeringHtml(500)],
		['502', answeringHtml(502)],
		['503', answeringHtml(503)],
		['503 with nothing', { kind: 'reply', status: 503 }],
		['a reset before it arrives', { kind: 'resetBefore' }],
		['a lost answer', { kind: 'loseReply' }],
		['half an answer', { kind: 'truncateReply', bytes: 20 }],
		['an answer that is no JSON', { kind: 'reply', status: 200, body: '{"name": ' }],
	] as const)('is sent again after %s', async (_, action) => {
		rig().cloud.faults.add({ route: GET, action });
		const result = await rig().dropbox(get);
		expect(jsonOf(result)[0]).toMatchObject({ name: 'a.txt' });
		expect(rig().calls(GET)).toHaveLength(2);
		expect(pauseMs(GET)).toBeGreaterThanOrEqual(200);
	});

	it('waits longer each time, and tries as often as Max Retries says', async () => {
		rig().cloud.faults.add({ route: GET, times: Infinity, action: answeringHtml(503, 'Down') });
		const result = await rig().dropbox({
			...get,
			...carryOn,
			options: { root: 'home', maxRetries: 2 },
		});
		const calls = rig().calls(GET);
		expect(calls).toHaveLength(3);
		expect(calls[1]!.startedAtMs - calls[0]!.endedAtMs!).toBeGreaterThanOrEqual(245);
		expect(calls[2]!.startedAtMs - calls[1]!.endedAtMs!).toBeGreaterThanOrEqual(495);
		const [error] = errorsOf(result);
		expect(error).toMatchObject({
			path: 'http/503',
			class: 'transient',
			retryable: true,
			status: 503,
		});
		expect(error!.description).toMatch(/The node has tried 3 times\. .* Reason: Down\.$/);
		expect(error!.description).not.toMatch(/[<>{}]/);
	});

	it('says in the log what happened and when it tries again', async () => {
		rig().cloud.faults.add({ route: GET, action: answeringHtml(503) });
		const { logs } = await rig().dropbox(get);
		expect(logs.map(({ message }) => message)).toContainEqual(
			expect.stringMatching(/POST \/2\/sharing\/get_file_metadata: http\/503, try 2 in \d+ ms/),
		);
	});

	it('is not sent again when the request itself was wrong', async () => {
		rig().cloud.faults.add({
			route: GET,
			action: { kind: 'reply', status: 400, body: 'Error in call to API function: bad "file"' },
		});
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/400', class: 'input', status: 400 });
		expect(errorsOf(result)[0]!.description).toContain('bad "file"');
		expect(rig().calls(GET)).toHaveLength(1);
	});
});
