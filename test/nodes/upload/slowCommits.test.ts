/** Commits that take minutes, and turn away whoever comes meanwhile. The clock runs 100 times as fast. */
import { useRig } from '../../support/rig';
import { FINISH, carryOn, errorsOf, expectAllStored, file, storedPaths, upload } from './uploads';

const SPEED = 100;
const minutes = (count: number): number => (count * 60_000) / SPEED;

const rig = useRig({ engine: { clockSpeed: SPEED } });

beforeAll(() => rig().cloud.clock.run(SPEED));
beforeEach(() => {
	rig().cloud.dropbox.settings.commitMs = minutes(2.5);
	rig().cloud.dropbox.settings.overlapRefusedAs = 'entry';
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

it('looks when no answer has come for as long as a commit may take, and sends no second one', async () => {
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
