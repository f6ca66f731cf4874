import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ERRORS_PAGE } from '../../../nodes/shared/issues';
import { repositoryDir } from '../../support/freshBuild';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { file, upload } from '../upload/uploads';
import { errorsOf, filesToCommit, finishBatch, jsonOf } from './uploads';

const rig = useRig({ pace: SHORT_WAITS });

/** A name that n8n would make another message of, if it were part of one. */
const TAKEN = '/Taken/EEXIST secret.txt';

async function oneTaken() {
	rig().cloud.dropbox.putFile(TAKEN, 'something else');
	return await filesToCommit(rig(), ['/a.txt', TAKEN, '/c.txt']);
}

describe('a failed item', () => {
	it('says all there is to say in `error`, with Continue On Fail', async () => {
		const items = await oneTaken();
		const result = await rig().dropbox({
			...finishBatch,
			onError: 'continueRegularOutput',
			items,
		});
		expect(result.status).toBe('success');
		expect(result.outputs).toHaveLength(1);
		// Dropbox gives one for the whole batch.
		const requestId = errorsOf(result)[1]!.requestId;
		expect(requestId).toMatch(/^[0-9a-f]{32}$/);
		expect(result.outputs[0]![1]).toEqual({
			json: {
				error: {
					path: 'path/conflict/file',
					message: 'A file is already there',
					description: `Set 'If File Exists' to Overwrite or Rename, or choose another path. In the session steps, use 'Mode' and 'Autorename'. ${TAKEN}: path/conflict/file. Request ID: ${requestId}`,
					class: 'user',
					retryable: false,
					stored: 'no',
					vendor: 'Dropbox',
					requestId,
					documentationUrl: `${ERRORS_PAGE}#dropbox-path-conflict-file`,
					resume: { sessionId: items[1]!.json.session_id, offset: items[1]!.json.offset },
				},
			},
			pairedItem: { item: 1 },
		});
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', undefined, 'c.txt']);
	});

	it('has the fields that the page of errors tells of, and no other', async () => {
		const page = readFileSync(join(repositoryDir, 'docs', 'errors.md'), 'utf8');
		const [, table = ''] = /\n\| Field \| Type .*\n\| -.*\n([\s\S]*?)\n\n/.exec(page) ?? [];
		const documented = [...table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)];
		const required = documented
			.filter(([, , type]) => !type!.includes(', if '))
			.map(([, name]) => name);
		rig().cloud.faults.add({
			route: 'files/upload_session/finish',
			action: { kind: 'reply', status: 503 },
		});
		const finish = {
			resource: 'uploadSession',
			operation: 'finish',
			onError: 'continueRegularOutput',
			options: { maxRetries: 0 },
		} as const;
		const parameters = { sessionId: 'unknown', offset: 3, path: '/a.txt' };
		const bare = errorsOf(await rig().dropbox({ ...finish, parameters }))[0]!;
		const full = errorsOf(await rig().dropbox({ ...finish, parameters }))[0]!;
		expect(Object.keys(bare)).toEqual([...required, 'status', 'resume']);
		expect(Object.keys(full)).toEqual(documented.map(([, name]) => name));
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'says so when n8n cannot read the credential: %s',
		async (onError) => {
			rig().use('dropboxUploadOAuth2Api', 'gone');
			const result = await upload(rig(), {
				items: [file('a.txt', 'a'), file('b.txt', 'b')],
				onError,
			});
			expect(result.status).toBe('success');
			const output = onError === 'continueErrorOutput' ? 1 : 0;
			expect(result.outputs.map((items) => items?.length ?? 0)[1 - output] ?? 0).toBe(0);
			expect(errorsOf(result, output)).toMatchObject([
				{ path: 'auth/not_connected', stored: 'no' },
				{ path: 'auth/not_connected', stored: 'no' },
			]);
		},
	);

	it.each([
		['continueRegularOutput', [1]],
		['continueErrorOutput', [0, 1]],
	] as const)(
		'goes there as well where n8n keeps files in the JSON: %s',
		async (onError, counts) => {
			const result = await rig().dropbox({
				resource: 'uploadSession',
				operation: 'append',
				parameters: { sessionId: 'unknown', offset: 0, binaryPropertyName: 'data' },
				items: [file('a.txt', 'a')],
				settings: { binaryMode: 'combined' },
				onError,
			});
			expect(result.outputs.map((items) => items?.length ?? 0)).toEqual(counts);
			if (counts.length === 1) expect(Object.keys(jsonOf(result)[0]!)).toEqual(['error']);
		},
	);

	it('goes to the error output, and the others to the first', async () => {
		const items = await oneTaken();
		const result = await rig().dropbox({ ...finishBatch, onError: 'continueErrorOutput', items });
		expect(result.status).toBe('success');
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'c.txt']);
		expect(errorsOf(result, 1)).toMatchObject([{ path: 'path/conflict/file', stored: 'no' }]);
		// n8n puts the failed item's own fields beside the error.
		expect(jsonOf(result, 1)[0]).toMatchObject({ path: TAKEN });
	});

	it('holds status and request ID when the whole call failed', async () => {
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'finish',
			parameters: { sessionId: 'unknown', offset: 3, path: '/a.txt' },
			onError: 'continueRegularOutput',
		});
		expect(Object.keys(jsonOf(result)[0]!)).toEqual(['error']);
		const [error] = errorsOf(result);
		expect(error).toEqual({
			path: 'lookup_failed/not_found',
			message: expect.any(String) as unknown,
			description: expect.stringContaining(`Request ID: ${error!.requestId}`) as unknown,
			class: 'input',
			retryable: false,
			stored: 'no',
			vendor: 'Dropbox',
			status: 409,
			requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
			documentationUrl: `${ERRORS_PAGE}#dropbox-lookup_failed-not_found`,
			resume: { sessionId: 'unknown', offset: 3 },
		});
	});

	it('ends the run with one error otherwise, after the others were stored', async () => {
		const items = await oneTaken();
		const { status, error, outputs } = await rig().dropbox({ ...finishBatch, items });
		expect(status).toBe('error');
		expect(outputs.flat()).toEqual([]);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'A file is already there',
			errorResponse: { error: { path: 'path/conflict/file', stored: 'no' } },
		});
		expect(error!.context).toMatchObject({ itemIndex: 1 });
		expect(error!.description).toContain(`${TAKEN}: path/conflict/file.`);
		expect(error!.description).toContain('The other items succeeded.');
		expect(`${error!.message} ${(error!.messages ?? []).join(' ')}`).not.toContain('secret');
		expect(
			rig()
				.cloud.dropbox.files()
				.map(({ path }) => path)
				.sort(),
		).toEqual(['/a.txt', TAKEN, '/c.txt'].sort());
	});

	it('lists further failures, each with its file', async () => {
		const paths = Array.from({ length: 25 }, (_, index) => `/${index}.txt`);
		for (const path of paths) rig().cloud.dropbox.putFile(path, 'something else');
		const items = await filesToCommit(rig(), paths);
		const { error } = await rig().dropbox({ ...finishBatch, items });
		expect(error!.description).toContain('All 25 items failed for this reason.');
		expect(error!.description).toContain('19 (/19.txt), 20 (/20.txt) and 4 more.');
		expect(error!.description).not.toContain('/21.txt');
	});

	it('says of a wrong option once that it is the same for all items', async () => {
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt', '/c.txt']);
		const options = { maxRetries: 99 };
		const { error } = await rig().dropbox({ ...finishBatch, options, items });
		expect(error!.description).toMatch(/ All 3 items failed for this reason\. <a /);
	});

	it('keeps its secrets: an error that quotes the vendor holds no token', async () => {
		const { tokens } = await rig().connectDropbox();
		const body = `You sent Authorization: Bearer ${tokens.accessToken}`;
		rig().cloud.faults.add({
			route: 'files/upload_session/finish',
			action: { kind: 'reply', status: 400, body },
		});
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'finish',
			parameters: { sessionId: 'a', offset: 0, path: '/a.txt' },
			onError: 'continueRegularOutput',
		});
		expect(errorsOf(result)[0]!.description).toContain('You sent Authorization: Bearer …');
	});
});
