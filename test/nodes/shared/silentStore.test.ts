/** n8n's database does not answer, as for a file that it cannot read back: said after five minutes. */
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as box from '../boxUpload/uploads';
import * as dropbox from '../upload/uploads';
import { MIB, carryOn, errorsOf, file } from '../upload/uploads';

const NO_ANSWER = {
	path: 'input/no_answer',
	message: "n8n didn't return the file from its storage",
	stored: 'no',
	retryable: false,
};
const database = { binaryMode: 'database', databaseUnreadableFromBytes: MIB } as const;
const readable = file('a.txt', 'as always');
const unreadable = file('b.bin', { sizeBytes: 2 * MIB, seed: 2 });
const unreadableAndLarge = file('c.bin', { sizeBytes: 21 * MIB, seed: 3 });

describe('after five minutes, which are three seconds,', () => {
	const rig = useRig({ engine: database, pace: { timerSpeed: 100 } });

	it.each([
		['Dropbox', dropbox.upload],
		['Box', box.upload],
	] as const)('an upload to %s says so, and stores the other files', async (_, upload) => {
		const result = await upload(rig(), {
			items: [unreadable, readable, unreadableAndLarge],
			...carryOn,
		});
		expect(errorsOf(result)).toMatchObject([NO_ANSWER, undefined, NO_ANSWER]);
		expect(errorsOf(result)[0]?.description).toContain('docs/scaling.md');
		const { cloud } = rig();
		expect([...cloud.dropbox.files(), ...cloud.box.files()]).toMatchObject([{ path: '/a.txt' }]);
	});

	it('an upload goes on when the file was there in time', async () => {
		const content = { sizeBytes: MIB - 1, seed: 4 };
		const result = await dropbox.upload(rig(), { items: [file('a.bin', content)] });
		dropbox.expectAllStored(rig(), result, [['/a.bin', content]]);
	});

	it('a step by hand says so', async () => {
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'start',
			parameters: { binaryPropertyName: 'data' },
			items: [unreadable],
			...carryOn,
		});
		expect(errorsOf(result)).toMatchObject([NO_ANSWER]);
	});
});

describe('before that', () => {
	const rig = useRig({ engine: database });

	it.each([
		['Dropbox', dropbox.startUpload, dropbox.START_BATCH],
		['Box', box.startUpload, box.CREATE],
	] as const)('an upload to %s can be cancelled', async (_, start, route) => {
		const handle = await start(rig(), { items: [unreadableAndLarge], ...carryOn });
		await until(() =>
			rig()
				.calls(route)
				.some(({ endedAtMs }) => endedAtMs !== undefined),
		);
		await handle.cancel();
		const result = await handle.finished;
		expect(result.status).toBe('canceled');
		expect(errorsOf(result)).toMatchObject([{ path: 'canceled', stored: 'no' }]);
	});
});
