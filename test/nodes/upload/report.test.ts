/** The report of a run: one item for a message or a log sheet. */
import { useRig } from '../../support/rig';
import { file as boxFile, upload as uploadToBox } from '../boxUpload/uploads';
import { APPEND_BATCH, carryOn, file, hintOf, jsonOf, upload } from './uploads';

const rig = useRig();

const items = [file('a.txt', 'aaa'), file('b.txt', 'bb'), file('c.txt', 'c'), file('d//', 'd')];
const options = { output: 'report' };

it('counts files, bytes, failures by their class, retries, requests and seconds', async () => {
	rig().cloud.dropbox.putFile('/a.txt', 'something else');
	rig().cloud.faults.add({ route: APPEND_BATCH, action: { kind: 'reply', status: 500 } });
	const result = await upload(rig(), {
		...carryOn,
		items,
		options,
		path: '={{ $json.path ?? "/" }}',
	});
	expect(result.status).toBe('success');
	expect(jsonOf(result)).toEqual([
		{
			report: {
				vendor: 'Dropbox',
				files: 4,
				stored: 3,
				skipped: 0,
				bytesStored: 4,
				requests: rig().cloud.counters().requests,
				seconds: expect.any(Number) as number,
				text: hintOf(result),
				failed: 1,
				failedByClass: { transient: 0, user: 1, input: 0, internal: 0 },
				retries: 1,
				retriedFor: { 'http/500': 1 },
				waitedSeconds: { Dropbox: expect.any(Number) as number },
				failures: [
					{
						item: 0,
						path: 'path/conflict/file',
						message: 'A file is already there',
						description: expect.stringContaining('/a.txt') as string,
					},
				],
			},
		},
	]);
	expect(result.outputs[0]?.[0]?.pairedItem).toEqual([0, 1, 2, 3].map((item) => ({ item })));
});

it('comes after the files when both are wanted', async () => {
	const result = await upload(rig(), { items, options: { output: 'filesAndReport' } });
	expect(jsonOf(result)).toHaveLength(5);
	expect(jsonOf(result)[4]).toMatchObject({ report: { files: 4, stored: 4, failed: 0 } });
	const again = await upload(rig(), { items, ifExists: 'skip', options });
	expect(jsonOf(again)).toMatchObject([{ report: { stored: 0, skipped: 4, bytesStored: 0 } }]);
});

it('goes to the other output than the failures', async () => {
	rig().cloud.dropbox.putFile('/a.txt', 'something else');
	const result = await upload(rig(), {
		items,
		options: { output: 'filesAndReport' },
		onError: 'continueErrorOutput',
	});
	expect(result.outputs.map((output) => output.length)).toEqual([4, 1]);
	expect(jsonOf(result)[3]).toMatchObject({ report: { failed: 1 } });
});

it('is none for a run that stops', async () => {
	rig().cloud.dropbox.putFile('/a.txt', 'something else');
	const result = await upload(rig(), { items, options });
	expect(result).toMatchObject({ status: 'error', error: { message: 'A file is already there' } });
});

it('is what Box Upload gives, too', async () => {
	const result = await uploadToBox(rig(), { items: [boxFile('a.txt', 'aaa')], options });
	expect(jsonOf(result)).toMatchObject([
		{ report: { vendor: 'Box', files: 1, stored: 1, bytesStored: 3 } },
	]);
});
