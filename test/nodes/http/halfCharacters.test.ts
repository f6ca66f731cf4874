/** IDs with half a surrogate pair in an answer: encoding such a text throws, and a run waited for its end for ever. */
import type { ItemSpec } from '../../engine/types';
import type { NodeRun } from '../../support/rig';
import { useRig } from '../../support/rig';
import { closedSessions, errorsOf, finishBatch } from '../dropbox/uploads';
import { answering } from '../dropbox/replies';

const rig = useRig({ cloud: { box: { minimumSessionBytes: 1, partSizeBytes: 10 } } });
const HALF = 'A1\ud83d';
const MIB = 1024 * 1024;

const file = (sizeBytes: number): ItemSpec => ({
	binary: { data: { generated: { sizeBytes, seed: 1 }, fileName: 'a.bin' } },
});
const upload = (
	sizeBytes: number,
	parameters: NodeRun['parameters'] = {},
	options = {},
): NodeRun => ({
	resource: 'file',
	operation: 'upload',
	parameters,
	options: { maxRetries: 0, ...options },
	items: [file(sizeBytes)],
});
const inBox = (sizeBytes: number, options = {}): NodeRun =>
	upload(sizeBytes, { parentFolderId: { __rl: true, mode: 'path', value: '/New' } }, options);

const sessionOfBox = {
	id: HALF,
	type: 'upload_session',
	part_size: 8 * MIB,
	total_parts: 3,
	num_parts_processed: 0,
	session_endpoints: {},
};

describe.each<['dropbox' | 'box', string, string, unknown, number, NodeRun]>([
	[
		'dropbox',
		'the session of a small file',
		'files/upload_session/start_batch',
		{ session_ids: [HALF] },
		200,
		upload(5),
	],
	[
		'dropbox',
		'the session of a large file',
		'files/upload_session/start_batch',
		{ session_ids: [HALF] },
		200,
		upload(9 * MIB, {}, { partSizeMib: 4 }),
	],
	[
		'dropbox',
		'the namespace of the team',
		'users/get_current_account',
		{ root_info: { '.tag': 'team', root_namespace_id: HALF, home_namespace_id: HALF } },
		200,
		upload(5),
	],
	[
		'dropbox',
		'a job that fetches a link',
		'files/save_url',
		{ '.tag': 'async_job_id', async_job_id: HALF },
		200,
		{
			...upload(5, {
				source: 'url',
				url: 'https://files.example/a.txt',
				letDropboxFetch: true,
			}),
			items: [{ json: {} }],
		},
	],
	[
		'box',
		'a folder that was made',
		'POST /folders',
		{ type: 'folder', id: HALF, name: 'New' },
		201,
		inBox(5),
	],
	[
		'box',
		'a folder that is there',
		'GET /folders/:id/items',
		{
			total_count: 1,
			entries: [{ type: 'folder', id: HALF, name: 'New' }],
			offset: 0,
			limit: 1000,
		},
		200,
		inBox(5),
	],
	['box', 'a session', 'POST /files/upload_sessions', sessionOfBox, 201, inBox(20_000_000)],
	[
		'box',
		'a file that gets a link',
		'POST /files/content',
		{ total_count: 1, entries: [{ type: 'file', id: HALF, name: 'a.bin' }] },
		201,
		inBox(5, { sharedLink: true }),
	],
])('%s: %s', (vendor, _, route, answer, status, run) => {
	it('the run ends, and its item is told', async () => {
		rig().cloud.faults.add({ route, times: Infinity, action: answering(answer, status) });
		const result = await rig()[vendor]({ ...run, onError: 'continueRegularOutput' });
		expect(result.status).toBe('success');
		expect(rig().calls(route).length).toBeGreaterThan(0);
		expect(result.outputs[0]).toHaveLength(1);
		const json = result.outputs[0]![0]?.json;
		const told = json?.error ?? json?.shared_link_error;
		expect(told).toMatchObject({ path: expect.stringMatching(/./) as string });
	}, 20_000);
});

it('dropbox: the job of a batch', async () => {
	const [cursor] = await closedSessions(rig(), ['content']);
	rig().cloud.faults.add({
		route: 'files/upload_session/finish_batch',
		times: Infinity,
		action: answering({ '.tag': 'async_job_id', async_job_id: HALF }),
	});
	const result = await rig().dropbox({
		...finishBatch,
		options: { commitMethod: 'job', maxRetries: 0 },
		onError: 'continueRegularOutput',
		items: [{ json: { ...cursor, path: '/a.txt' } }],
	});
	expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown', resume: { asyncJobId: HALF } });
});
