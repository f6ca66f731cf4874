/** One entry that Dropbox refuses with a 400 for the whole batch: it fails alone. */
import type { IDataObject } from 'n8n-workflow';

import { inPartsWhenRefused } from '../../../nodes/DropboxUpload/api/refusedBatch';
import { readErrorReply } from '../../../nodes/DropboxUpload/api/failures/read';
import { failed, success } from '../../../nodes/shared/failure';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { filesToCommit, finishBatch, jsonOf } from '../dropbox/uploads';
import { APPEND_BATCH, carryOn, FINISH, numbered, storedPaths, upload } from './uploads';

const LAUNCH = 'files/upload_session/finish_batch';

const rig = useRig({ pace: SHORT_WAITS });

afterEach(() => {
	rig().cloud.dropbox.settings.malformedText = undefined;
});

const failedItems = (json: readonly IDataObject[]) =>
	json.flatMap(({ error }, item) => (error === undefined ? [] : [{ item, error }]));

const refusal = { path: 'http/400', class: 'input', stored: 'no', retryable: false };

it('Upload: in the commit', async () => {
	rig().cloud.dropbox.settings.malformedText = '/37.bin';
	const result = await upload(rig(), { items: numbered(100, 20), ...carryOn });
	expect(failedItems(jsonOf(result))).toMatchObject([{ item: 37, error: refusal }]);
	expect(storedPaths(rig())).toHaveLength(99);
	expect(rig().calls(FINISH).length).toBeLessThanOrEqual(15);
	expect(rig().cloud.counters().overlappingCommits).toBe(0);
});

it('Upload: in a pack, which is no reason to pack less from then on', async () => {
	// The only file of its length.
	rig().cloud.dropbox.settings.malformedText = '"length":21,';
	const items = [
		...numbered(40, 20),
		...numbered(1, 21, () => 'odd.bin'),
		...numbered(80, 20, (n) => `more ${n}`),
	];
	const result = await upload(rig(), { items, ...carryOn });
	expect(failedItems(jsonOf(result))).toMatchObject([{ item: 40, error: refusal }]);
	expect(storedPaths(rig())).toHaveLength(120);
	expect(rig().calls(APPEND_BATCH).length).toBeLessThanOrEqual(16);
});

it.each(['commit', 'job'])('Finish Upload Batch by %s', async (commitMethod) => {
	rig().cloud.dropbox.settings.malformedText = '/bad';
	const paths = ['/a', '/bad 1', '/c', '/d', '/e', '/f', '/bad 2', '/h'];
	const items = await filesToCommit(rig(), paths);
	const options = { commitMethod, waitForJob: true };
	const result = await rig().dropbox({ ...finishBatch, ...carryOn, options, items });
	expect(failedItems(jsonOf(result))).toMatchObject([
		{ item: 1, error: refusal },
		{ item: 6, error: refusal },
	]);
	expect(storedPaths(rig())).toEqual(['/a', '/c', '/d', '/e', '/f', '/h']);
	expect(rig().cloud.counters().overlappingCommits).toBe(0);
	if (commitMethod === 'job') expect(rig().calls(LAUNCH).length).toBeLessThanOrEqual(11);
});

it('Get Many', async () => {
	rig().cloud.dropbox.settings.malformedText = '/bad';
	const names = Array.from({ length: 30 }, (_, index) => (index === 11 ? '/bad' : `/${index}`));
	for (const name of names) rig().cloud.dropbox.putFile(name, name);
	const result = await rig().dropbox({
		resource: 'sharedFile',
		operation: 'getMany',
		parameters: { file: '={{ $json.file }}' },
		...carryOn,
		items: names.map((name) => ({ json: { file: name } })),
	});
	expect(failedItems(jsonOf(result))).toMatchObject([{ item: 11, error: refusal }]);
	expect(jsonOf(result).filter(({ name }) => name !== undefined)).toHaveLength(29);
});

describe('the search for the guilty ones', () => {
	const text = 'Error in call to API function "x": entries[0]: did not match pattern';
	const refused = (status: number) =>
		failed(readErrorReply({ status, headers: {}, text }, { errorUnion: undefined }));
	const search = async (count: number, isGuilty: (n: number) => boolean, status = 400) => {
		let calls = 0;
		const entries = Array.from({ length: count }, (_, index) => index);
		const parts = await inPartsWhenRefused(entries, async (part) => {
			calls += 1;
			return await Promise.resolve(part.some(isGuilty) ? refused(status) : success(null));
		});
		expect(parts.flatMap((part) => part.entries)).toEqual(entries);
		const guilty = parts.flatMap((part) => (part.response.ok ? [] : part.entries));
		return { calls, guilty };
	};

	it.each([
		[1, [0]],
		[1_000, [0]],
		[1_000, [999]],
		[1_000, [1, 500, 998]],
	])('finds of %d entries %j', async (count, wanted) => {
		const { calls, guilty } = await search(count, (n) => wanted.includes(n));
		expect(guilty).toEqual(wanted);
		expect(calls).toBeLessThanOrEqual(1 + 20 * wanted.length);
	});

	it('ends when all are', async () => {
		const { calls, guilty } = await search(1_000, () => true);
		expect(guilty).toHaveLength(1_000);
		expect(calls).toBeLessThanOrEqual(101);
	});

	it('is for a 400 alone', async () => {
		expect(await search(10, () => true, 500)).toMatchObject({ calls: 1 });
	});
});
