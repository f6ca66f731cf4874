/** Files that an item carries itself, as base64. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { binarySource } from '../../../nodes/shared/source/binarySource';

const CONTENT = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 37) % 256));
const plain = CONTENT.toString('base64');

const itemWith = (data: string): IExecuteFunctions =>
	({
		getNodeParameter: () => 'data',
		getInputData: () => [
			{ json: {}, binary: { data: { data, mimeType: 'text/plain' } as IBinaryData } },
		],
	}) as unknown as IExecuteFunctions;

test.each([
	['in one line', plain],
	['in lines, as GitHub and mail have it', plain.replace(/.{60}/g, '$&\n')],
	['in lines of Windows', plain.replace(/.{76}/g, '$&\r\n')],
	['without padding', plain.replace(/=+$/, '')],
	['for URLs', CONTENT.toString('base64url')],
])('base64 %s has the size of what is in it', async (_, data) => {
	const source = await binarySource(itemWith(data), 0);
	const read: Buffer[] = [];
	for await (const chunk of source.open()) read.push(Buffer.from(chunk));
	expect(Buffer.concat(read)).toEqual(CONTENT);
	expect(source.sizeBytes).toBe(CONTENT.length);
});

test('nothing is a file without bytes', async () => {
	expect((await binarySource(itemWith(''), 0)).sizeBytes).toBe(0);
});

test.each(['%%%', 'Y', 'filesystem-v2', 'YQ==x', 'data:text/plain;base64,YQ=='])(
	'%j is no base64, and no file is made of what could be read of it',
	async (data) => {
		await expect(binarySource(itemWith(data), 0)).rejects.toThrow("isn't valid Base64");
	},
);
