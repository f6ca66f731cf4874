/** Let Dropbox Fetch It: Dropbox downloads the file, and no byte of it passes through n8n. */
import { SHORT_WAITS, useRig } from '../../support/rig';
import { errorsOf, hashOf, jsonOf, storedPaths } from '../upload/uploads';
import type { FromUrl } from './uploads';
import { toDropbox } from './uploads';

const rig = useRig({ pace: SHORT_WAITS });

const SAVE_URL = 'files/save_url';
const CHECK = 'files/save_url/check_job_status';
const content = Buffer.from('what Dropbox has found there');
const URL = 'https://files.example/report.pdf?key=1';

const fetched: string[] = [];

beforeEach(() => {
	fetched.length = 0;
	const { settings } = rig().cloud.dropbox;
	settings.jobPolls = 1;
	settings.fetchUrl = async (url) => {
		fetched.push(url);
		return content;
	};
});

const send = async (run: Partial<FromUrl> = {}) =>
	await toDropbox(rig(), {
		urls: [URL],
		...run,
		parameters: { letDropboxFetch: true, ...run.parameters },
	});

it.each([0, 1, 3])('waits until it is there, after %d questions', async (jobPolls) => {
	rig().cloud.dropbox.settings.jobPolls = jobPolls;
	const [json] = jsonOf(await send({ parameters: { path: '/in/' } }));
	expect(json).toMatchObject({ path_display: '/in/report.pdf', size: content.length });
	expect(rig().cloud.dropbox.file('/in/report.pdf')?.contentHash).toBe(hashOf(content));
	expect(fetched).toEqual([URL]);
	expect(rig().calls(CHECK)).toHaveLength(jobPolls === 0 ? 0 : jobPolls + 1);
	const sent = rig().cloud.log.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
	expect(sent).toBeLessThan(1_000);
});

it('leaves a file that is there, or makes another name, as it was told', async () => {
	const there = rig().cloud.dropbox.putFile('/report.pdf', 'another one');
	expect(errorsOf(await send())[0]).toMatchObject({ path: 'path/conflict/file', stored: 'no' });
	const skipped = await send({ parameters: { ifExists: 'skip' } });
	expect(jsonOf(skipped)).toMatchObject([{ skipped: 'exists' }]);
	expect(rig().calls(SAVE_URL)).toEqual([]);
	const renamed = await send({ parameters: { ifExists: 'rename' } });
	expect(jsonOf(renamed)).toMatchObject([{ path_display: '/report (1).pdf' }]);
	expect(rig().cloud.dropbox.file('/report.pdf')).toMatchObject({ rev: there.rev });
});

it('says so when a file comes to the path meanwhile', async () => {
	const { cloud } = rig();
	cloud.dropbox.settings.fetchUrl = async () => {
		cloud.dropbox.putFile('/report.pdf', 'quicker');
		return content;
	};
	const [error] = errorsOf(await send());
	expect(error).toMatchObject({ path: 'path/conflict/file', stored: 'yes' });
	expect(error?.description).toContain('/report (1).pdf');
});

it('takes many links, and fails only those that fail', async () => {
	rig().cloud.dropbox.settings.fetchUrl = async (url) => {
		if (url.includes('bad')) throw new Error('not there');
		return content;
	};
	const urls = ['a', 'bad', 'c', 'd', 'e', 'f'].map((name) => `https://files.example/${name}.txt`);
	const result = await send({ urls });
	expect(errorsOf(result).map((error) => error?.path)).toEqual([
		...[undefined, 'download_failed', undefined, undefined, undefined, undefined],
	]);
	expect(storedPaths(rig())).toHaveLength(5);
});

it.each<[string, FromUrl['parameters'], FromUrl['options']]>([
	['replacing', { ifExists: 'overwrite' }, {}],
	['a revision', { ifExists: 'update', rev: 'a1c10ce0dd78' }, {}],
	['a date', {}, { clientModified: '2026-05-12' }],
	['mute', {}, { mute: true }],
	['what is unchanged', { skipUnchanged: true }, {}],
])(
	"refuses %s, which Dropbox doesn't offer, before anything is sent",
	async (_, parameters, options) => {
		const [error] = errorsOf(await send({ parameters, options }));
		expect(error).toMatchObject({ path: 'input/letDropboxFetch', stored: 'no' });
		expect(rig().cloud.counters().requests).toBe(0);
	},
);

it('asks for a name where the link has none', async () => {
	const [error] = errorsOf(await send({ urls: ['https://files.example/'] }));
	expect(error).toMatchObject({ path: 'input/fileName' });
});

it('never asks twice for a file that Dropbox may be downloading', async () => {
	rig().cloud.faults.add({ route: SAVE_URL, action: { kind: 'loseReply' } });
	const [error] = errorsOf(await send());
	expect(error).toMatchObject({ path: 'network/answer_lost', stored: 'unknown' });
	expect(error!.description).not.toContain('has tried');
	expect(rig().calls(SAVE_URL)).toHaveLength(1);
	expect(fetched).toHaveLength(1);
});

it('does not wait for ever', async () => {
	rig().cloud.dropbox.settings.jobPolls = 1_000;
	const [error] = errorsOf(await send({ options: { deadlineMinutes: 0.0001 } }));
	expect(error).toMatchObject({ path: 'job/in_progress', stored: 'unknown' });
});

describe('several items with one path', () => {
	const urls = [URL, 'https://mirror.example/REPORT.pdf'];

	it.each([
		['fail', [undefined, 'items/same_place'], ['/report.pdf']],
		['skip', [undefined, undefined], ['/report.pdf']],
		['rename', [undefined, undefined], ['/report.pdf', '/REPORT (1).pdf']],
	])('%s: none is stored under a name that nobody asked for', async (ifExists, paths, stored) => {
		rig().cloud.dropbox.settings.fetchUrl = async (url) => {
			fetched.push(url);
			return Buffer.from(url);
		};
		const result = await send({ urls, parameters: { ifExists } });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(paths);
		expect(storedPaths(rig()).sort()).toEqual([...stored].sort());
		expect(fetched).toHaveLength(stored.length);
		if (ifExists === 'skip') expect(jsonOf(result)[1]).toMatchObject({ skipped: 'exists' });
		if (ifExists === 'fail') {
			const [, error] = errorsOf(result);
			expect(error).toMatchObject({ stored: 'no' });
			// Dropbox cannot overwrite with what it fetches.
			expect(error?.description).not.toContain('Overwrite');
		}
	});

	it('the next one is not begun while Dropbox may be at the one before', async () => {
		const accepted = JSON.stringify({ '.tag': 'async_job_id', async_job_id: 'lost' });
		rig().cloud.faults.add({
			route: SAVE_URL,
			action: { kind: 'reply', status: 200, body: accepted },
		});
		const result = await send({ urls });
		expect(errorsOf(result)).toMatchObject([
			{ path: 'invalid_async_job_id', stored: 'unknown' },
			{ path: 'job/same_path', stored: 'no' },
		]);
		expect(rig().calls(SAVE_URL)).toHaveLength(1);
	});

	it('nor by Retry On Fail', async () => {
		const accepted = JSON.stringify({ '.tag': 'async_job_id', async_job_id: 'lost' });
		rig().cloud.faults.add({
			route: SAVE_URL,
			action: { kind: 'reply', status: 200, body: accepted },
		});
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		expect(errorsOf(await send({ urls, node }))).toMatchObject([
			{ path: 'invalid_async_job_id', stored: 'unknown' },
			{ path: 'job/same_path', stored: 'no' },
		]);
		expect(rig().calls(SAVE_URL)).toHaveLength(1);
	});

	it.each(['fail', 'skip'])('%s: a folder at the path is said', async (ifExists) => {
		rig().cloud.dropbox.putFile('/report.pdf/inside.txt', 'a folder above it');
		const [error] = errorsOf(await send({ parameters: { ifExists } }));
		expect(error).toMatchObject({ path: 'path/conflict/folder', stored: 'no' });
		expect(rig().calls(SAVE_URL)).toEqual([]);
	});
});

describe('a dry run', () => {
	const planned = async (run: Partial<FromUrl>) =>
		jsonOf(await send({ ...run, options: { ...run.options, planOnly: true } }));

	it.each<[string, string[], string[], string[]]>([
		['fail', [], ['new', 'new'], [undefined!, undefined!]],
		['fail', ['/a.txt'], ['refuse', 'new'], ['path/conflict/file', undefined!]],
		['skip', ['/a.txt'], ['skip', 'new'], [undefined!, undefined!]],
		['rename', ['/a.txt'], ['rename', 'new'], [undefined!, undefined!]],
	])('%s, with %j there: as many requests as the run', async (ifExists, there, actions, errors) => {
		const { cloud } = rig();
		for (const path of there) cloud.dropbox.putFile(path, 'another one');
		const run = {
			urls: ['a', 'b'].map((name) => `https://files.example/${name}.txt`),
			parameters: { ifExists },
		};
		const plans = await planned(run);
		expect(plans.map(({ plan }) => (plan as { action: string }).action)).toEqual(actions);
		expect(rig().calls(SAVE_URL)).toEqual([]);
		await cloud.idle();
		cloud.resetCounters();
		expect(errorsOf(await send(run)).map((error) => error?.path)).toEqual(errors);
		// How often a job is asked for depends on how long it takes, so the plan says that it counts one check.
		const fetches = rig().calls(SAVE_URL).length;
		const checks = rig().calls(CHECK).length;
		expect(plans[0]?.run).toEqual({
			requests: cloud.counters().requests - checks + fetches,
			bytes: 0,
			requestsAssume: 'one status check for each download of Dropbox',
		});
	});
});
