/** Commits that take minutes, and turn away whoever comes meanwhile. The clock runs 100 times as fast. */
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import { filesToCommit, finishBatch } from '../dropbox/uploads';
import { FINISH, carryOn, errorsOf, expectAllStored, file, storedPaths, upload } from './uploads';

const SPEED = 100;
const minutes = (count: number): number => (count * 60_000) / SPEED;

const rig = useRig({ pace: { clockSpeed: SPEED } });

beforeEach(() => {
	rig().cloud.dropbox.settings.commitMs = minutes(2.5);
	rig().cloud.dropbox.settings.overlapRefusedAs = 'entry';
});
afterAll(() => {
	Object.assign(rig().cloud.dropbox.settings, { commitMs: 0, jobPolls: 1 });
});

const files = [
	['/a.txt', 'first'],
	['/b.txt', 'second'],
] as const;
const items = files.map(([path, content]) => file(path.slice(1), content));

it('waits for a commit of 150 seconds, and sends no second one', async () => {
	const result = await upload(rig(), { ifExists: 'rename', items });
	expectAllStored(rig(), result, files);
	expect(rig().calls(FINISH)).toHaveLength(1);
	expect(rig().cloud.counters().overlappingCommits).toBe(0);
});

it.each(['entry', 'path', '429'] as const)(
	'waits for one that goes on after its connection broke, and refuses the next with %s',
	async (overlapRefusedAs) => {
		rig().cloud.dropbox.settings.overlapRefusedAs = overlapRefusedAs;
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'cutOff', afterMs: minutes(1) } });
		const result = await upload(rig(), { ifExists: 'rename', items });
		expectAllStored(rig(), result, files);
	},
);

it('looks when no response has come for as long as a commit may take, and sends no second one', async () => {
	rig().cloud.dropbox.settings.commitMs = 0;
	rig().cloud.faults.add({ route: FINISH, action: { kind: 'cutOff', afterMs: minutes(12) } });
	const result = await upload(rig(), { ifExists: 'rename', items });
	expectAllStored(rig(), result, files);
	expect(rig().calls(FINISH)).toHaveLength(1);
});

it('says that nobody knows when it has waited for so long, and nothing is there', async () => {
	rig().cloud.dropbox.settings.commitMs = minutes(11);
	rig().cloud.faults.add({ route: FINISH, action: { kind: 'cutOff', afterMs: minutes(12) } });
	const result = await upload(rig(), { ifExists: 'rename', items, ...carryOn });
	expect(errorsOf(result)).toMatchObject(
		items.map(() => ({ path: 'network/answer_lost', stored: 'unknown' })),
	);
	await rig().cloud.idle();
	expect(storedPaths(rig())).toEqual(files.map(([path]) => path));
});

it('says that it waits for the batch job of another run, and what that waits for', async () => {
	Object.assign(rig().cloud.dropbox.settings, { commitMs: 0, jobPolls: 45 });
	const run = await rig().startDropbox({
		...finishBatch,
		options: { commitMethod: 'job', waitForJob: true, deadlineMinutes: 60 },
		items: await filesToCommit(rig(), ['/job 1.txt', '/job 2.txt']),
	});
	await until(() => rig().calls('files/upload_session/finish_batch').length === 1);
	const result = await upload(rig(), { items });
	const job = await run.finished;
	expect([result.status, job.status]).toEqual(['success', 'success']);
	expect(rig().cloud.counters().overlappingCommits).toBe(0);
	const lines = (logs: typeof result.logs) => logs.map(({ message }) => message).join('\n');
	expect(lines(result.logs)).toMatch(
		/Dropbox Upload: waiting for a batch job of 2 files, since Dropbox takes one at a time for an account \(5 s\)/,
	);
	expect(lines(result.logs)).toMatch(/waiting for a batch job of 2 files.*\(\d+ min\)/);
	expect(lines(job.logs)).toMatch(/Dropbox is still working on the batch job \(\d+ min\)/);
	expect(storedPaths(rig())).toHaveLength(4);
});
