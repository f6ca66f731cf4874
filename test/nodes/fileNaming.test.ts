/**
 * Every way to name a file, in both of n8n's modes for files, from every store, in every operation
 * that takes one.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { contentHash } from '../cloud/dropbox';
import type { BinaryMode } from '../engine/types';
import type { Rig } from '../support/rig';
import { useRig } from '../support/rig';
import { openSession, sha1 } from './box/steps';
import { append, finish, start, startedSession } from './dropbox/sessionSteps';

const CONTENT = 'ten bytes!';
const item = {
	json: { session_id: '' },
	binary: {
		data: { base64: Buffer.from(CONTENT).toString('base64'), fileName: 'report.txt' },
	},
};

type Mode = 'separate' | 'combined';
type Output = IDataObject | undefined;

/** What an operation has made of the file: the text is there only if its bytes arrived. */
interface FileOperation {
	readonly name: string;
	readonly run: (rig: Rig, binaryPropertyName: string, mode: Mode) => Promise<Output>;
	readonly expected: IDataObject;
}

const settingsOf = (binaryMode: Mode) => ({ binaryMode });

const operations: FileOperation[] = [
	{
		name: 'Dropbox: Upload',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'dropbox', {
				resource: 'file',
				operation: 'upload',
				parameters: { binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { content_hash: contentHash(Buffer.from(CONTENT)) },
	},
	{
		name: 'Dropbox: Start Session',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'dropbox', {
				...start,
				parameters: { binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { offset: 10 },
	},
	{
		name: 'Dropbox: Append to Session',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'dropbox', {
				...append,
				parameters: { sessionId: await startedSession(rig), offset: 0, binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { offset: 10 },
	},
	{
		name: 'Dropbox: Finish Session',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'dropbox', {
				...finish,
				parameters: {
					sessionId: await startedSession(rig),
					offset: 0,
					path: '/report.txt',
					binaryPropertyName,
				},
				settings: settingsOf(mode),
			}),
		expected: { content_hash: contentHash(Buffer.from(CONTENT)) },
	},
	{
		name: 'Box: Upload',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'box', {
				resource: 'file',
				operation: 'upload',
				parameters: { binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { sha1: sha1(CONTENT, 'hex') },
	},
	{
		name: 'Box: Create',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'box', {
				resource: 'uploadSession',
				operation: 'create',
				parameters: { binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { part_size: 10, total_parts: 1 },
	},
	{
		name: 'Box: Upload Part',
		run: async (rig, binaryPropertyName, mode) =>
			await outputOf(rig, 'box', {
				resource: 'uploadSession',
				operation: 'uploadPart',
				parameters: { sessionId: await openSession(rig, CONTENT), offset: 0, binaryPropertyName },
				settings: settingsOf(mode),
			}),
		expected: { part: expect.objectContaining({ sha1: sha1(CONTENT, 'hex') }) as IDataObject },
	},
	{
		name: 'Box: Commit Box Session',
		run: async (rig, binaryPropertyName, mode) => {
			const sessionId = await openSession(rig, CONTENT);
			await outputOf(rig, 'box', {
				resource: 'uploadSession',
				operation: 'uploadPart',
				parameters: { sessionId, offset: 0, binaryPropertyName: 'data' },
			});
			return await outputOf(rig, 'box', {
				resource: 'uploadSession',
				operation: 'commit',
				parameters: { sessionId, binaryPropertyName },
				settings: settingsOf(mode),
			});
		},
		expected: {
			entries: [expect.objectContaining({ sha1: sha1(CONTENT, 'hex') })] as IDataObject[],
		},
	},
];

async function outputOf(
	rig: Rig,
	vendor: 'dropbox' | 'box',
	run: Omit<Parameters<Rig['dropbox']>[0], 'items'> & { parameters: INodeParameters },
): Promise<Output> {
	const { outputs } = await rig[vendor]({
		...run,
		items: [item],
		onError: 'continueRegularOutput',
	});
	return outputs[0]?.[0]?.json;
}

/** With n8n's memory store the file stays beside the JSON, whatever the mode. */
const inJson = (mode: Mode, store: BinaryMode) => mode === 'combined' && store !== 'default';

/** How people name the file, where that reaches one. */
function namings(mode: Mode, store: BinaryMode): Array<[how: string, value: string]> {
	const json = inJson(mode, store);
	return [
		['its name', 'data'],
		['an expression', json ? '={{ $json._files.data }}' : '={{ $binary.data }}'],
		[
			'an expression for another node',
			mode === 'separate'
				? "={{ $('Items').item.binary.data }}"
				: json
					? "={{ $('Items').item._files.data }}"
					: '={{ $binary.data }}',
		],
		...(json ? [['a path in the JSON', '_files.data'] as [string, string]] : []),
		...(json ? [['a path with brackets', '_files["data"]'] as [string, string]] : []),
	];
}

const boxSettings = { minimumSessionBytes: 1, partSizeBytes: 10 };

describe.each<BinaryMode>(['filesystem', 'default', 'database', 's3'])(
	'files in the store %s',
	(store) => {
		const rig = useRig({ engine: { binaryMode: store }, cloud: { box: boxSettings } });

		test.each(operations)('$name takes a file by every name', async ({ run, expected }) => {
			for (const mode of ['separate', 'combined'] as const) {
				for (const [how, value] of namings(mode, store)) {
					await rig().reset();
					const output = await run(rig(), value, mode);
					expect({ mode, how, output }).toMatchObject({ mode, how, output: expected });
				}
			}
		});
	},
);

describe('a file that is not there', () => {
	const rig = useRig({ cloud: { box: boxSettings } });

	const upload = async (binaryPropertyName: string, mode: Mode) =>
		(await operations[0]!.run(rig(), binaryPropertyName, mode))?.error;

	test.each<[value: string, mode: Mode]>([
		['other', 'separate'],
		['other', 'combined'],
		['_files.other', 'combined'],
		['_files', 'combined'],
		['session_id', 'separate'],
		['__proto__', 'separate'],
		['constructor', 'combined'],
		['={{ $json }}', 'separate'],
		['={{ [$binary.data] }}', 'separate'],
		['={{ 42 }}', 'separate'],
		['=the file {{ $binary.data }}', 'separate'],
	])('%s in mode %s is told with the names of the files there are', async (value, mode) => {
		expect(await upload(value, mode)).toMatchObject({
			path: 'input/binaryPropertyName',
			message: 'The item has no file in this binary field',
			description: expect.stringContaining('(data)') as string,
			stored: 'no',
		});
		expect(rig().cloud.log).toEqual([]);
	});

	test.each([
		[
			'a file with an id that is no text, and its content',
			"={{ ({ mimeType: 'text/plain', fileName: 'a', id: 5, data: 'eA==' }) }}",
			true,
		],
		[
			'a name that is not a text',
			"={{ ({ mimeType: 'text/plain', fileName: 42, data: 'eA==' }) }}",
			false,
		],
		[
			'a MIME type that is not a text',
			"={{ ({ mimeType: {}, fileName: 'a', data: 'eA==' }) }}",
			false,
		],
	])('from an expression: %s', async (_, value, isFine) => {
		const error = await upload(value, 'separate');
		if (isFine) expect(error).toBeUndefined();
		else {
			expect(error).toMatchObject({
				path: 'input/binaryPropertyName',
				message: 'The file in this binary field is incomplete',
			});
		}
	});

	test('a size of 0 that is not true loses no content', async () => {
		const noted = '={{ ({ ...$binary.data, bytes: 0 }) }}';
		const output = await operations[0]!.run(rig(), noted, 'separate');
		expect(output).toMatchObject({ size: CONTENT.length });
	});

	test('a file whose content n8n no longer has is told', async () => {
		const gone = "={{ ({ mimeType: 'text/plain', fileName: 'a', id: 'filesystem-v2:gone' }) }}";
		expect(await upload(gone, 'separate')).toMatchObject({
			path: 'input/binaryPropertyName',
			message: 'n8n no longer has the content of this file',
		});
	});
});

describe('the single steps of a session', () => {
	const rig = useRig();

	test('hand the file on in combined mode, so that the next step can send more of it', async () => {
		const output = await operations[2]!.run(rig(), 'data', 'combined');
		expect(output).toMatchObject({ offset: 10, _files: { data: { fileName: 'report.txt' } } });
	});
});
