import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { binarySource } from '../../../nodes/shared/source/binarySource';

/** n8n's store with one file, which may have told another size; notes how it is asked for chunks. */
function storeWith(content: Buffer, toldBytes: number, asked: number[]): IExecuteFunctions {
	const binary = { id: 'filesystem-v2:1', mimeType: 'text/plain', data: '', bytes: toldBytes };
	return {
		getNodeParameter: () => 'data',
		getInputData: () => [{ json: {}, binary: { data: binary as IBinaryData } }],
		getExecutionCancelSignal: () => undefined,
		helpers: {
			getBinaryMetadata: () => Promise.resolve({ fileSize: toldBytes }),
			getBinaryStream: (_id: string, chunkSizeBytes: number) => {
				asked.push(chunkSizeBytes);
				return [Buffer.from(content)];
			},
		},
	} as unknown as IExecuteFunctions;
}

async function chunkSizesOf(toldBytes: number, ...wanted: Array<number | undefined>) {
	const content = Buffer.alloc(10, 7);
	const asked: number[] = [];
	const source = await binarySource(storeWith(content, toldBytes, asked), 0);
	for (const chunkSizeBytes of wanted) {
		const read: Buffer[] = [];
		for await (const chunk of source.open(chunkSizeBytes)) read.push(Buffer.from(chunk));
		expect(Buffer.concat(read)).toEqual(content);
	}
	return asked;
}

test('a small file is not read in chunks that are larger than it', async () => {
	expect(await chunkSizesOf(20_000, undefined, 256 * 1024, 16_384)).toEqual([
		20_000, 20_000, 16_384,
	]);
});

test('a large file is read in the chunks that were asked for', async () => {
	expect(await chunkSizesOf(1e9, undefined, 4 * 1024 * 1024)).toEqual([
		1024 * 1024,
		4 * 1024 * 1024,
	]);
});

test('a size that is told too small does not lead to tiny chunks', async () => {
	expect(await chunkSizesOf(0, 256 * 1024)).toEqual([4096]);
	expect(await chunkSizesOf(1, 256 * 1024)).toEqual([4096]);
});
