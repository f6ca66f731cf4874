/** The recipes of the README that have a workflow of their own; test/examples.test.ts runs the others. */
import { createHash, randomBytes } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { contentHash } from './cloud/dropbox';
import type { RunResult } from './engine/types';
import { filesToCommit } from './nodes/dropbox/uploads';
import {
	expectReadable,
	expectSuccess,
	itemsOf,
	jsonOf,
	TRIGGER,
	useExampleRuns,
} from './support/exampleRuns';
import { listOf, readExample } from './support/exampleWorkflow';
import { NEW_FOLDER, Reader, readmeRecipes } from './support/readmeRecipes';

const examples = useExampleRuns();

describe('a large file from a form', () => {
	const run = (content: Buffer) =>
		examples().run('dropbox-from-form.json', {
			startNode: 'Send a File',
			pinData: {
				'Send a File': [
					{
						json: { File: { filename: 'für morgen.zip' } },
						binary: {
							File: {
								data: content.toString('base64'),
								mimeType: 'application/zip',
								fileName: 'für morgen.zip',
							},
						},
					},
				],
			},
		});

	test('is stored under its own name, and under another one when that is taken', async () => {
		const files = [randomBytes(9 * 1024 * 1024 + 1), Buffer.from('another one')];
		for (const content of files) {
			const result = await run(content);
			expectSuccess(result);
			expect(jsonOf(result, 'Stored Files')).toMatchObject([
				{ bytes: content.length, content_hash: contentHash(content) },
			]);
		}
		const { dropbox } = examples().rig.cloud;
		expect(dropbox.file('/From a form/für morgen.zip')).toMatchObject({ size: files[0]!.length });
		expect(dropbox.file('/From a form/für morgen (1).zip')).toMatchObject({ size: 11 });
	});

	test('that cannot be stored is named, with the reason', async () => {
		examples().rig.cloud.dropbox.putFile('/From a form', 'a file, where the folder should be');
		const result = await run(Buffer.from('content'));
		expectSuccess(result);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: 'für morgen.zip', already_stored: 'no' });
	});
});

describe('one large file', () => {
	const FILE = 'database.dump';

	const run = () =>
		examples().run('dropbox-one-file.json', {
			startNode: 'Every Night',
			parameters: { 'Read File': examples().readFrom(FILE) },
		});

	const sent = (result: RunResult) => jsonOf(result, 'Stored File').map((item) => item.sent);

	test('is stored at night, replaced when it has changed, and left alone when it has not', async () => {
		const { dropbox } = examples().rig.cloud;
		for (const content of [randomBytes(9 * 1024 * 1024 + 1), randomBytes(9 * 1024 * 1024 + 2)]) {
			examples().make({ [FILE]: content });
			for (const isSent of [true, false]) {
				const result = await run();
				expectSuccess(result);
				expect(sent(result)).toEqual([isSent]);
				expect(dropbox.file(`/From n8n/${FILE}`)).toMatchObject({
					contentHash: contentHash(content),
				});
			}
		}
		expect(dropbox.files()).toHaveLength(1);
	});

	test('that cannot be stored is named, with the reason', async () => {
		examples().make({ [FILE]: 'content' });
		examples().rig.cloud.dropbox.putFile('/From n8n', 'a file, where the folder should be');
		const result = await run();
		expectSuccess(result);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: FILE, already_stored: 'no' });
	});
});

describe('a new version of a Box file', () => {
	const FILE = 'price list.pdf';
	const sha1Of = (content: Buffer) => createHash('sha1').update(content).digest('hex');

	const run = (fileId: string, startNode = TRIGGER) => {
		const upload = readExample('box-new-version.json').nodes.find(
			({ name }) => name === 'Upload New Version',
		)!;
		return examples().run('box-new-version.json', {
			startNode,
			parameters: {
				'Read File': examples().readFrom(FILE),
				'Upload New Version': { ...upload.parameters, fileId },
			},
		});
	};

	const sent = (result: RunResult) => jsonOf(result, 'Stored Version').map((item) => item.sent);

	test.each([
		['small', TRIGGER, 300],
		['large', 'Every Night', 20_000_001],
	])('is stored under its ID: %s, started by %s', async (_, trigger, sizeBytes) => {
		const { box } = examples().rig.cloud;
		const { id } = box.putFile({ name: 'Prices.pdf', content: 'of last year' });
		const content = randomBytes(sizeBytes);
		examples().make({ [FILE]: content });
		const result = await run(id, trigger);
		expectSuccess(result);
		expect(sent(result)).toEqual([true]);
		expect(box.files()).toMatchObject([{ id, name: 'Prices.pdf', sha1: sha1Of(content) }]);

		const again = await run(id, trigger);
		expectSuccess(again);
		expect(sent(again)).toEqual([false]);
	});

	test('of a file that is not there is a failure with a reason', async () => {
		examples().make({ [FILE]: 'content' });
		const result = await run('404404404');
		expectSuccess(result);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: FILE, try_again: false, already_stored: 'no' });
	});
});

describe('a database that is backed up every night', () => {
	const FILE = 'shop.db';
	const PART = 8 * 1024 * 1024;
	const backUp = async (content: Buffer) => {
		examples().make({ [FILE]: content });
		const result = await examples().run('box-database-backup.json', {
			startNode: 'Every Night',
			parameters: { 'Read Backup': examples().readFrom(FILE) },
		});
		expectSuccess(result);
		return jsonOf(result, 'Stored Backup');
	};

	test('sends all of it the first night, then only the part that has changed', async () => {
		const content = randomBytes(3 * PART);
		const sizeBytes = content.length;
		expect(await backUp(content)).toMatchObject([{ bytes: sizeBytes, bytes_not_sent: 0 }]);
		content.write('changed', PART);
		const notSent = 2 * PART;
		expect(await backUp(content)).toMatchObject([{ bytes: sizeBytes, bytes_not_sent: notSent }]);
		expect(await backUp(content)).toMatchObject([{ bytes: sizeBytes, bytes_not_sent: sizeBytes }]);
		const { box } = examples().rig.cloud;
		const sha1 = createHash('sha1').update(content).digest('hex');
		expect(box.files()).toMatchObject([{ path: '/Backups/shop.db', sha1, versions: 2 }]);
	});
});

describe('a batch that was started elsewhere', () => {
	const FILE = 'dropbox-finish-elsewhere.json';

	/** What another program has sent: the sessions, as the workflow wants them. */
	const sentElsewhere = async (...paths: string[]) =>
		(await filesToCommit(examples().rig, paths)).map(({ json }) => json);

	const run = (sessions: IDataObject[]) => {
		const parameters = { Sessions: listOf('sessions', sessions) };
		return examples().run(FILE, { parameters });
	};

	test('is saved with one call', async () => {
		const paths = ['/From elsewhere/a.txt', '/From elsewhere/b/c.txt'];
		const result = await run(await sentElsewhere(...paths));
		expectSuccess(result);
		expect(jsonOf(result, 'Stored Files')).toMatchObject(
			paths.map((file) => ({ file, bytes: `content of ${file}`.length })),
		);
		expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
		const { cloud } = examples().rig;
		expect(cloud.dropbox.files().map(({ path }) => path)).toEqual(paths);
		const finish = 'files/upload_session/finish_batch_v2';
		expect(cloud.counters().requestsByRoute[finish]).toBe(1);
	});

	test('names the file whose session is not there any more, and saves the others', async () => {
		const [ended, fine] = await sentElsewhere('/a.txt', '/b.txt');
		const result = await run([{ ...ended, session_id: 'AAAAAAAAAcQ3yqE9' }, fine!]);
		expectSuccess(result);
		expect(jsonOf(result, 'Stored Files')).toMatchObject([{ file: '/b.txt' }]);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: '/a.txt', already_stored: 'no' });
	});
});

describe('followed word for word:', () => {
	const FILE = 'price list.pdf';
	const CONTENTS = { [FILE]: 'of this year', 'mine/a.txt': 'a', 'mine/b/c.txt': 'c' };
	const PATHS = ['/Mine/a.txt', '/Mine/c.txt'];
	const form = {
		'Send a File': [
			{
				json: {},
				binary: { File: { data: 'YQ==', mimeType: 'application/zip', fileName: 'a.zip' } },
			},
		],
	};

	test.each(readmeRecipes())('$title', async (recipe) => {
		const { cloud } = examples().rig;
		examples().make(CONTENTS);
		const { id: fileId } = cloud.box.putFile({ name: FILE, content: 'of last year' });
		for (const path of PATHS) cloud.dropbox.putFile(path, path);
		const { fileSelector: file } = examples().readFrom(FILE);
		const { fileSelector: folder } = examples().readFrom('mine');
		const sessions = (await filesToCommit(examples().rig, ['/E/a.txt', '/E/b.txt'])).map(
			({ json }) => json,
		);
		const results: RunResult[] = [];
		const mine = { file, folder, fileId, sessions, storedPaths: PATHS };
		const descriptions = await examples().nodeDescriptions();
		const reader = new Reader(recipe, mine, descriptions, async (start, parameters) => {
			const { nodes } = readExample(recipe.file);
			const isTrigger = ({ type }: { type: string }) => /(?:schedule|form)Trigger$/.test(type);
			const published = nodes.find(isTrigger)?.name;
			const byHand = nodes.find(({ name }) => name === TRIGGER)?.name;
			const startNode = start === 'published' ? published : (byHand ?? published);
			const pinData = startNode === 'Send a File' ? form : undefined;
			results.push(await examples().run(recipe.file, { parameters, startNode, pinData }));
		});
		await reader.follow();

		expect(results.length).toBeGreaterThan(0);
		for (const result of results) {
			expectSuccess(result);
			expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
		}
		const [, each, node] =
			/\*\*What comes out:\*\* one item( for each file)? in \*\*([^*]+)\*\*/.exec(recipe.remarks) ??
			[];
		if (node !== undefined) {
			for (const result of results) expect(itemsOf(result, node)).toHaveLength(each ? 2 : 1);
		}
		if (recipe.remarks.includes('`sent` is `false`')) {
			const sent = results.map((result) => jsonOf(result, node!).map((item) => item.sent));
			expect(new Set(sent.map((of) => of.map(Boolean).join()))).toEqual(
				new Set([each ? 'true,true' : 'true', each ? 'false,false' : 'false']),
			);
		}
		const files = [...cloud.dropbox.files(), ...cloud.box.files()];
		if (recipe.file === 'box-new-version.json') {
			expect(files.find(({ id }) => id === fileId)).toMatchObject({ versions: 2 });
		} else if (/\bchange \*/.test(recipe.steps.join())) {
			expect(files.some(({ path }) => String(path).startsWith(NEW_FOLDER))).toBe(true);
		}
	});

	test('a sentence that nobody can follow fails', async () => {
		const [recipe] = readmeRecipes();
		const odd = { ...recipe!, steps: ['**Read File**: hope for the best.'], remarks: '' };
		const mine = { file: '', folder: '', fileId: '', sessions: [], storedPaths: [] };
		const reader = new Reader(
			odd,
			mine,
			await examples().nodeDescriptions(),
			async () => undefined,
		);
		await expect(reader.follow()).rejects.toThrow('nobody can follow "hope for the best."');
	});
});
