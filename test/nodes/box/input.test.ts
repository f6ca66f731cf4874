/** Mistakes that are found before anything is sent. */
import type { INodeParameters } from 'n8n-workflow';

import type { ItemSpec } from '../../engine/types';
import type { NodeRun } from '../../support/rig';
import type { StepOptions } from './steps';
import { commitOf, failureOf, fileItem, partOf, sha1, step, text, useBox } from './steps';

const rig = useBox();
const sessionId = 'F971964745A5CD0C001BBE4E58196BFD';

async function refusal(run: NodeRun) {
	const failure = failureOf(await rig().box(run));
	expect(rig().cloud.log).toEqual([]);
	expect(failure).toMatchObject({ class: 'input', retryable: false, stored: 'no', vendor: 'Box' });
	expect(failure.message).toMatch(/^('?[A-Z]|n8n )/);
	return failure;
}

const create = (parameters: INodeParameters, more: StepOptions = {}) =>
	step('create', { items: [fileItem(text)], ...more, parameters });

describe('Session ID', () => {
	const operations = ['get', 'uploadPart', 'listParts', 'commit', 'abort'];

	test.each(operations)('that is empty stops %s', async (operation) => {
		const parameters = { sessionId: '  ' };
		const failure = await refusal(step(operation, { items: [fileItem(text)], parameters }));
		expect(failure).toMatchObject({ path: 'input/sessionId', message: "'Session ID' is empty" });
	});

	test.each(operations)('that the item does not have stops %s', async (operation) => {
		const failure = await refusal(step(operation, { items: [fileItem(text, { other: 1 })] }));
		expect(failure.path).toBe('input/sessionId');
	});
});

describe('Digest', () => {
	test.each([
		['hexadecimal', sha1(text, 'hex')],
		['too short', sha1(text).slice(1)],
		['too long', `A${sha1(text)}`],
		['of SHA-256 length', 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='],
		['without its padding', sha1(text).slice(0, 27)],
		['in the alphabet of URLs', '_'.repeat(27) + '='],
		['with a line end, which would begin another header', `${sha1(text)}\r\nX-Other: 1`],
		['a number', '={{ 12 }}'],
	])('that is %s stops the commit', async (_what, digest) => {
		const failure = await refusal(commitOf(sessionId, { digest }));
		expect(failure).toMatchObject({
			path: 'input/digest',
			message: "'Digest' isn't a SHA-1 in Base64",
		});
	});

	test('and file both missing stop the commit', async () => {
		const parameters = { sessionId, binaryPropertyName: '' };
		const failure = await refusal(step('commit', { parameters }));
		expect(failure.message).toBe("The file's digest is missing");
	});
});

describe('Offset', () => {
	test.each([
		'={{ -10 }}',
		'={{ 1.5 }}',
		'={{ "ten" }}',
		'={{ NaN }}',
		'={{ 2 ** 60 }}',
		'={{ [] }}',
	])('stops the part when it is %s', async (offset) => {
		const failure = await refusal(partOf(sessionId, 0, {}, { parameters: { offset } }));
		expect(failure).toMatchObject({
			path: 'input/offset',
			message: "'Offset' isn't a whole number of bytes",
		});
	});
});

describe('File Size', () => {
	test.each(['={{ -1 }}', '={{ 0.5 }}', '={{ "big" }}'])(
		'stops when it is %s',
		async (fileSize) => {
			expect((await refusal(partOf(sessionId, 0, { fileSize }))).path).toBe('input/fileSize');
			expect((await refusal(step('create', { options: { fileSize } }))).path).toBe(
				'input/fileSize',
			);
		},
	);
});

describe('File Name', () => {
	test.each([
		['a slash', 'Reports/a.txt', "'File Name' has a slash or backslash"],
		['a backslash', 'Reports\\a.txt', "'File Name' has a slash or backslash"],
		['256 characters', 'a'.repeat(256), "'File Name' is too long for Box"],
		['a blank at its start', ' a.txt', "'File Name' begins or ends with a space"],
		['a blank at its end', 'a.txt ', "'File Name' begins or ends with a space"],
		['a line end at its end', 'a.txt\n', "'File Name' begins or ends with a space"],
		['one dot only', '.', "'File Name' is only dots"],
		['two dots only', '..', "'File Name' is only dots"],
		['blanks only', '   ', "'File Name' is empty"],
	])('with %s stops the session', async (_what, fileName, message) => {
		const failure = await refusal(create({ fileName }));
		expect(failure).toMatchObject({ path: 'input/fileName', message });
	});

	test('of the file itself is checked as well', async () => {
		const binary = { data: { base64: 'YQ==', fileName: 'a'.repeat(256) } };
		const failure = await refusal(create({}, { items: [{ binary }] }));
		expect(failure.path).toBe('input/fileName');
	});

	test('missing everywhere stops the session', async () => {
		const binary = { data: { base64: 'YQ==', fileName: '' } };
		const failure = await refusal(create({}, { items: [{ binary }] }));
		expect(failure).toMatchObject({ path: 'input/fileName', message: "'File Name' is empty" });
	});

	test('of 255 characters is fine', async () => {
		await rig().box(create({ fileName: 'ä'.repeat(255) }));
		expect(rig().cloud.box.sessions()).toMatchObject([{ name: 'ä'.repeat(255) }]);
	});
});

describe('an ID', () => {
	test.each(['abc', '12 3', '-1', '1.5', 'https://app.box.com/file/1'])(
		'of a file cannot be %s',
		async (fileId) => {
			const failure = await refusal(create({ uploadAs: 'newVersion', fileId }));
			expect(failure.path).toBe('input/fileId');
		},
	);

	const folder = (mode: 'id' | 'url', value: string) =>
		create({ parentFolderId: { __rl: true, mode, value } });

	test.each(['abc', '', '../0', '0x10'])('of a folder cannot come out as "%s"', async (id) => {
		const failure = await refusal(folder('id', `={{ "${id}" }}`));
		expect(failure.path).toBe('input/parentFolderId');
	});

	test('of a folder is not read out of any URL', async () => {
		const failure = await refusal(folder('url', '={{ "https://evil.example/folder/12" }}'));
		expect(failure.description).toContain('Check the expressions and the input of this item.');
	});

	test.each([
		['id', 'abc', 'A folder ID has only digits'],
		['url', 'https://evil.example/folder/12', 'Copy the URL of the folder from your browser'],
	] as const)('of a folder typed wrong is told by n8n itself: %s %s', async (mode, value, hint) => {
		await expect(rig().box(folder(mode, value))).rejects.toThrow(hint);
	});

	test.each(['user@', 'X\r\nX-Other: 1', '={{ true }}'])(
		'of a user to act as cannot be %j',
		async (asUser) => {
			const failure = await refusal(
				step('get', { parameters: { sessionId }, options: { asUser } }),
			);
			expect(failure.path).toBe('input/asUser');
		},
	);
});

describe('File Details', () => {
	test.each(['yesterday', '2026-13-40', '={{ true }}', '={{ {} }}'])(
		'have no date like %s',
		async (date) => {
			for (const name of ['contentCreatedAt', 'contentModifiedAt']) {
				const parameters = { attributes: { [name]: date } };
				const failure = await refusal(commitOf(sessionId, {}, { parameters }));
				expect(failure.path).toBe(`input/${name}`);
			}
		},
	);

	test('have no description of more than 256 characters', async () => {
		const parameters = { attributes: { description: 'x'.repeat(257) } };
		const failure = await refusal(commitOf(sessionId, {}, { parameters }));
		expect(failure.path).toBe('input/description');
	});
});

describe('the list of parts', () => {
	const part = { part_id: 'BFDF5379', offset: 0, size: 10, sha1: '00' };
	const fromJson = (partsJson: string) => commitOf(sessionId, { partsFrom: 'json', partsJson });

	test.each(['', '[]', '{}', '7', '{"parts":[]}', '[{'])('cannot be %j', async (partsJson) => {
		expect((await refusal(fromJson(partsJson))).path).toBe('input/partsJson');
	});

	test.each([
		['its ID', { ...part, part_id: undefined }],
		['its offset', { ...part, offset: undefined }],
		['its size', { ...part, size: undefined }],
		['a number as size', { ...part, size: '10' }],
		['an offset of 0 or more', { ...part, offset: -1 }],
		['everything', 'BFDF5379'],
	])('has no part without %s', async (_what, incomplete) => {
		const failure = await refusal(fromJson(JSON.stringify([part, incomplete])));
		expect(failure).toMatchObject({ path: 'input/parts', message: 'A part is incomplete' });
		expect(failure.description).toContain("entry 2 of 'Parts (JSON)'");
	});

	test('is not made of items that are no parts', async () => {
		const items: ItemSpec[] = [fileItem(text, { name: 'other' })];
		const run = commitOf(sessionId, { partsFrom: 'items' }, { items });
		expect((await refusal(run)).path).toBe('input/parts');
	});
});

describe('an etag', () => {
	test.each(['ifMatch', 'ifNoneMatch'])('in %s cannot break out of its header', async (name) => {
		const failure = await refusal(commitOf(sessionId, { [name]: '1\r\nX-Other: 1' }));
		expect(failure.path).toBe(`input/${name}`);
	});
});

describe('the binary field', () => {
	test.each([
		[
			'that the item does not have',
			'other',
			"Set 'Input Binary Field' to a file of the item (data)",
		],
		[
			'that every object has',
			'constructor',
			"Set 'Input Binary Field' to a file of the item (data)",
		],
		['that are two', 'data,other', 'Name one binary field.'],
	])('cannot be one %s', async (_what, binaryPropertyName, remedy) => {
		const parameters = { sessionId, binaryPropertyName };
		for (const operation of ['create', 'uploadPart', 'commit']) {
			const failure = await refusal(step(operation, { items: [fileItem(text)], parameters }));
			expect(failure.path).toBe('input/binaryPropertyName');
			expect(failure.description).toContain(remedy);
		}
	});

	test('is asked for when the item has no file at all', async () => {
		const failure = await refusal(step('uploadPart', { parameters: { sessionId } }));
		expect(failure.description).toContain('Add a node that outputs a file');
	});
});

test('a mistake in one item keeps no other from being sent, and stops the run afterwards', async () => {
	const items = [fileItem(text, { offset: -1 }), fileItem(text, { offset: 0 })];
	const parameters = { offset: '={{ $json.offset }}' };
	const result = await rig().box(partOf(sessionId, 0, {}, { items, parameters }));
	expect(failureOf(result).path).toBe('input/offset');
	expect(result.error?.itemIndex).toBe(0);
	expect(rig().cloud.log.map(({ route }) => route)).toEqual(['GET /files/upload_sessions/:id']);
});

test('an operation of a later version of the node is named', async () => {
	const { status, error } = await rig().box(step('teleport'));
	expect(status).toBe('error');
	expect(error?.message).toBe("This version of the node doesn't have the chosen operation");
	expect(error?.description).toContain('operation "teleport"');
});
