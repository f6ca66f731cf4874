import type { IDataObject } from 'n8n-workflow';

import type { ItemSpec } from '../../engine/types';
import { useRig, type NodeRun } from '../../support/rig';
import { errorsOf, filesToCommit, finishBatch, fromInput, jsonOf } from './uploads';

const rig = useRig();

const carryOn = { onError: 'continueRegularOutput' } as const;
const session = { session_id: 'abc', offset: 0, path: '/a.txt' };
const file = { base64: 'aGVsbG8=', fileName: 'a.txt' };

const finish: NodeRun = {
	resource: 'uploadSession',
	operation: 'finish',
	parameters: { ...fromInput, binaryPropertyName: '={{ $json.field }}' },
	options: {
		mode: '={{ $json.mode }}',
		rev: '={{ $json.rev }}',
		clientModified: '={{ $json.modified }}',
		propertyGroups: '={{ $json.groups }}',
	},
};
const append: NodeRun = {
	resource: 'uploadSession',
	operation: 'append',
	parameters: { sessionId: fromInput.sessionId, offset: fromInput.offset },
	options: { partSizeMib: '={{ $json.partSizeMib ?? 64 }}' },
};
const get: NodeRun = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '={{ $json.file }}' },
};
const checkJob: NodeRun = {
	resource: 'uploadBatch',
	operation: 'checkJob',
	parameters: { asyncJobId: '={{ $json.id }}' },
	options: { submitted: '={{ $json.submitted }}' },
};
const patient: NodeRun = {
	...checkJob,
	parameters: { asyncJobId: 'job' },
	options: {
		deadlineMinutes: '={{ $json.minutes ?? 1 }}',
		maxRetries: '={{ $json.retries ?? 1 }}',
	},
};

const item = (json: IDataObject): ItemSpec => ({
	json: { ...session, field: '', mode: 'add', modified: '', groups: '', ...json },
	binary: { data: file, second: file },
});

/** What is wrong: the operation, the item, the parameter that is named, words of the message. */
const mistakes: Array<[string, NodeRun, IDataObject, string, RegExp]> = [
	['an empty path', finish, { path: '' }, 'path', /'Destination Path' is empty/],
	['a path without a slash', finish, { path: 'a.txt' }, 'path', /doesn't begin with a slash/],
	['a path of another scheme', finish, { path: 'rev:a1c10ce0dd78' }, 'path', /slash/],
	['a folder as path', finish, { path: '/Folder/' }, 'path', /names a folder/],
	['the root as path', finish, { path: '/' }, 'path', /names a folder/],
	['a double slash', finish, { path: '/a//b.txt' }, 'path', /empty part/],
	['dots for a folder', finish, { path: '/a/../b.txt' }, 'path', /only dots/],
	['a name of 256 characters', finish, { path: `/${'x'.repeat(256)}` }, 'path', /too long/],
	['half an emoji', finish, { path: '/\ud83d.txt' }, 'path', /can't be sent/],
	['a refused name', finish, { path: '/a/Desktop.ini' }, 'path', /doesn't store files/],
	['a number that is no path', finish, { path: 7 }, 'path', /begin with a slash/],
	['a negative offset', finish, { offset: -1 }, 'offset', /whole number of bytes/],
	['half a byte as offset', finish, { offset: 1.5 }, 'offset', /whole number of bytes/],
	['an offset past counting', finish, { offset: 2 ** 53 }, 'offset', /whole number of bytes/],
	['text as offset', finish, { offset: 'ten' }, 'offset', /whole number of bytes/],
	['an empty session', finish, { session_id: ' ' }, 'sessionId', /'Session ID' is empty/],
	['no session', append, { session_id: null }, 'sessionId', /'Session ID' is empty/],
	['Update without a revision', finish, { mode: 'update' }, 'rev', /'Revision' is empty/],
	['a revision that is none', finish, { mode: 'update', rev: 'XYZ' }, 'rev', /isn't a Dropbox rev/],
	['a date that is none', finish, { modified: 'yesterday' }, 'clientModified', /isn't a date/],
	['a day that is none', finish, { modified: '2026-13-41' }, 'clientModified', /doesn't exist/],
	['broken JSON', finish, { groups: '[{' }, 'propertyGroups', /isn't valid JSON/],
	[
		'one group as no list',
		finish,
		{ groups: '{}' },
		'propertyGroups',
		/format that Dropbox expects/,
	],
	[
		'a group with a wrong template',
		finish,
		{ groups: [{ template_id: 'x', fields: [] }] },
		'propertyGroups',
		/format that Dropbox expects/,
	],
	[
		'a group with a number as value',
		finish,
		{ groups: [{ template_id: 'ptid:a', fields: [{ name: 'Case', value: 1 }] }] },
		'propertyGroups',
		/format that Dropbox expects/,
	],
	[
		'two files at once',
		finish,
		{ field: 'data,second' },
		'binaryPropertyName',
		/one file per item/,
	],
	['an unknown binary field', finish, { field: 'other' }, 'binaryPropertyName', /no file in this/],
	['a part of 2 MiB', append, { partSizeMib: 2 }, 'partSizeMib', /out of range/],
	['a part of 200 MiB', append, { partSizeMib: 200 }, 'partSizeMib', /out of range/],
	['text as time to wait', patient, { minutes: 'soon' }, 'deadlineMinutes', /'Max Wait' is out/],
	['a blank as time to wait', patient, { minutes: ' ' }, 'deadlineMinutes', /out of range/],
	['a time before now to wait', patient, { minutes: -1 }, 'deadlineMinutes', /out of range/],
	['more than 7 days to wait', patient, { minutes: 10_081 }, 'deadlineMinutes', /out of range/],
	[
		'yes as Max Retries',
		patient,
		{ retries: 'yes' },
		'maxRetries',
		/'Max Retries' is out of range/,
	],
	['21 retries', patient, { retries: 21 }, 'maxRetries', /out of range/],
	['an empty file', get, { file: '' }, 'file', /'File' is empty/],
	['a file that is neither', get, { file: 'a.txt' }, 'file', /neither a path nor an ID/],
	['an empty job', checkJob, { id: '' }, 'asyncJobId', /'Job ID' is empty/],
	[
		'broken entries of a job',
		checkJob,
		{ id: 'a', submitted: '[' },
		'submitted',
		/isn't valid JSON/,
	],
];

describe('a mistake in a parameter is found before any request', () => {
	it('each one, and all of them named', async () => {
		for (const [what, run, json, parameter, message] of mistakes) {
			const result = await rig().dropbox({ ...run, ...carryOn, items: [item(json)] });
			const [error] = errorsOf(result);
			expect([what, error?.path]).toEqual([what, `input/${parameter}`]);
			expect(error).toMatchObject({ class: 'input', retryable: false, stored: 'no' });
			expect(error!.message).toMatch(message);
			expect(error!.description).toMatch(/\S\.$/);
			expect(rig().cloud.log).toEqual([]);
		}
	});

	it('lists the binary fields that are there', async () => {
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			items: [item({ field: 'other' })],
		});
		expect(errorsOf(result)[0]!.description).toContain('data, second');
	});

	it('says what to do when there is no file at all', async () => {
		const result = await rig().dropbox({
			...append,
			...carryOn,
			items: [{ json: session }],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/binaryPropertyName' });
		expect(errorsOf(result)[0]!.description).toContain('Add a node that outputs a file');
	});

	it('names an expression that fails, and goes on with the others', async () => {
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
		const result = await rig().dropbox({
			...finishBatch,
			...carryOn,
			options: { mute: '={{ $itemIndex === 0 ? $("No such node").first().json.mute : false }}' },
			items,
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/parameters', class: 'input' });
		expect(jsonOf(result)[1]).toMatchObject({ name: 'b.txt' });
	});
});

describe('a mistake in the last of many items', () => {
	const [good, bad] = [['/1.txt', '/2.txt', '/3.txt'], 'no slash'];

	it('is told after the others are saved, and names the item', async () => {
		const items = await filesToCommit(rig(), good);
		const result = await rig().dropbox({
			...finishBatch,
			items: [...items, { json: { ...items[0]!.json, path: bad } }],
		});
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: "'Destination Path' doesn't begin with a slash",
		});
		expect(result.error!.context).toMatchObject({ itemIndex: 3 });
		expect(good.map((path) => rig().cloud.dropbox.file(path)?.size)).toEqual([17, 17, 17]);
	});

	it('fails that item alone with Continue On Fail', async () => {
		const items = await filesToCommit(rig(), good);
		const result = await rig().dropbox({
			...finishBatch,
			...carryOn,
			items: [...items, { json: { ...items[0]!.json, path: bad } }],
		});
		expect(
			jsonOf(result)
				.slice(0, 3)
				.map(({ path_display }) => path_display),
		).toEqual(good);
		expect(errorsOf(result)[3]).toMatchObject({ path: 'input/path' });
	});

	it.each([
		['Start Session', { resource: 'uploadSession', operation: 'start' }],
		['Append to Session', { ...append }],
		['Get Shared File Metadata', get],
		['Get Many', { ...get, operation: 'getMany' }],
	])('keeps %s from no other item', async (_, run) => {
		const fields = { file: '/a', id: 'job' };
		const result = await rig().dropbox({
			...run,
			parameters: { binaryPropertyName: 'data', ...run.parameters },
			items: [
				item(fields),
				item(fields),
				{ json: { ...session, session_id: '', file: '', id: '' } },
			],
		});
		expect(result.status).toBe('error');
		const told = `Item ${JSON.stringify(result.error!.context?.itemIndex)}. ${result.error!.description}`;
		expect(told).toMatch(/Items? [^.]*\b2\b/);
		expect(rig().cloud.log).not.toEqual([]);
	});
});
