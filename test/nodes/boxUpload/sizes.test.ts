/** Files of every size: stored whole, once, in the way that suits them. */
import type { Content } from './uploads';
import {
	COMMIT,
	CREATE,
	DIRECT,
	LARGE,
	LIST_PARTS,
	MIB,
	PUT_PART,
	byId,
	expectAllStored,
	file,
	upload,
	useBox,
} from './uploads';

const rig = useBox();
const ROOT = byId('0');

async function expectStored(sizeBytes: number): Promise<void> {
	const content: Content = { sizeBytes, seed: sizeBytes % 1_000 };
	const result = await upload(rig(), { parentFolderId: ROOT, items: [file('a.bin', content)] });
	expectAllStored(rig(), result, [['/a.bin', content]]);
}

describe('Upload File, by size', () => {
	it.each([0, 1, 1_000, LARGE - 1])('%d bytes go in one request', async (sizeBytes) => {
		await expectStored(sizeBytes);
		expect(rig().calls(DIRECT)).toHaveLength(1);
		expect(rig().calls(CREATE)).toEqual([]);
	});

	it.each([
		['20,000,000 bytes', LARGE, 3],
		['an exact multiple of the part size', 24 * MIB, 3],
		['one byte over a multiple', 24 * MIB + 1, 4],
		['one byte under a multiple', 24 * MIB - 1, 3],
	])('%s go through a session', async (_, sizeBytes, parts) => {
		await expectStored(sizeBytes);
		expect(rig().calls(PUT_PART)).toHaveLength(parts);
		expect(rig().calls(COMMIT)).toHaveLength(1);
		expect(rig().calls(DIRECT)).toEqual([]);
		expect(rig().calls(LIST_PARTS)).toEqual([]);
	});
});
