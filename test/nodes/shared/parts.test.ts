import {
	cutIntoParts,
	isBetweenParts,
	SizeMismatch,
	type Part,
} from '../../../nodes/shared/source/parts';

const PART = 8;

async function cut(
	content: Buffer,
	chunkSize: number,
	declaredBytes = content.length,
): Promise<Part[]> {
	const parts: Part[] = [];
	for await (const part of cutIntoParts(chunksOf(content, chunkSize), declaredBytes, {
		partSizeBytes: PART,
	})) {
		parts.push(part);
	}
	return parts;
}

async function* chunksOf(content: Buffer, chunkSize: number): AsyncGenerator<Buffer> {
	for (let at = 0; at < content.length; at += chunkSize) {
		yield content.subarray(at, at + chunkSize);
		// A store may hand out nothing for a while.
		yield await Promise.resolve(Buffer.alloc(0));
	}
}

const bytes = (size: number) =>
	Buffer.from(Array.from({ length: size }, (_, index) => index % 251));

describe('cutIntoParts', () => {
	it.each([
		['an empty file', 0, [0]],
		['one byte', 1, [1]],
		['one part', PART, [PART]],
		['an exact multiple', 3 * PART, [PART, PART, PART]],
		['a multiple plus one', 2 * PART + 1, [PART, PART, 1]],
		['a multiple less one', 2 * PART - 1, [PART, PART - 1]],
	])('cuts %s, whatever the chunks', async (_, size, expected) => {
		const content = bytes(size);
		for (const chunkSize of [1, 3, PART - 1, PART, PART + 1, 2 * PART, 100]) {
			const parts = await cut(content, chunkSize);
			expect(parts.map((part) => part.content.length)).toEqual(expected);
			expect(parts.map(({ offset }) => offset)).toEqual(
				expected.map((_size, index) => index * PART),
			);
			expect(parts.map(({ last }) => last)).toEqual(
				expected.map((_size, index) => index === expected.length - 1),
			);
			expect(Buffer.concat(parts.map((part) => part.content)).equals(content)).toBe(true);
		}
	});

	it.each([0, 1, PART, 3 * PART - 1, 3 * PART])(
		'hands on the bytes of each part as they come, before the part, of %d bytes',
		async (size) => {
			const content = bytes(size);
			for (const declaredBytes of [size, undefined]) {
				for (const chunkSize of [1, 3, PART, PART + 1, 100]) {
					const copied: Buffer[] = [];
					const chunks = chunksOf(content, chunkSize);
					const parts = cutIntoParts(
						chunks,
						declaredBytes,
						{ partSizeBytes: PART },
						undefined,
						(piece) => copied.push(piece),
					);
					for await (const part of parts) {
						expect(Buffer.concat(copied.splice(0)).equals(part.content)).toBe(true);
					}
					expect(copied).toEqual([]);
				}
			}
		},
	);

	it.each([0, 1, PART - 1, PART, PART + 1, 2 * PART, 3 * PART - 1])(
		'cuts %d bytes of which nobody has said how many they are',
		async (size) => {
			const content = bytes(size);
			for (const chunkSize of [1, 3, PART, PART + 1, 100]) {
				const parts: Part[] = [];
				for await (const part of cutIntoParts(chunksOf(content, chunkSize), undefined, {
					partSizeBytes: PART,
				})) {
					parts.push(part);
				}
				const count = Math.max(1, Math.ceil(size / PART));
				expect(parts.map(({ last }) => last)).toEqual(
					Array.from({ length: count }, (_, index) => index === count - 1),
				);
				expect(parts.map(({ offset }) => offset)).toEqual(parts.map((_, index) => index * PART));
				expect(Buffer.concat(parts.map((part) => part.content)).equals(content)).toBe(true);
			}
		},
	);

	it.each([
		['one byte short', 2 * PART - 1],
		['a part short', PART],
		['empty', 0],
	])('gives no last part of a file that is %s', async (_, size) => {
		const parts: Part[] = [];
		const cutting = async () => {
			for await (const part of cutIntoParts(chunksOf(bytes(size), 5), 2 * PART, {
				partSizeBytes: PART,
			})) {
				parts.push(part);
			}
		};
		await expect(cutting()).rejects.toThrow(SizeMismatch);
		expect(parts.filter(({ last }) => last)).toEqual([]);
	});

	it.each([
		['one byte', PART + 1, PART],
		['a part', 2 * PART, PART],
		['anything where nothing was declared', 1, 0],
	])('gives no last part of a file that is %s too long', async (_, size, declaredBytes) => {
		const parts: Part[] = [];
		const cutting = async () => {
			for await (const part of cutIntoParts(chunksOf(bytes(size), 5), declaredBytes, {
				partSizeBytes: PART,
			})) {
				parts.push(part);
			}
		};
		await expect(cutting()).rejects.toMatchObject({ declaredBytes });
		expect(parts.filter(({ last }) => last)).toEqual([]);
	});

	it('holds one part at a time: it reads no further than it must', async () => {
		let pulled = 0;
		async function* counted(): AsyncGenerator<Buffer> {
			for (const chunk of [bytes(PART), bytes(PART), bytes(PART)]) {
				pulled += 1;
				yield await Promise.resolve(chunk);
			}
		}
		const parts = cutIntoParts(counted(), 3 * PART, { partSizeBytes: PART });
		await parts.next();
		expect(pulled).toBe(1);
		await parts.return(undefined);
	});

	it.each([
		[0, [0]],
		[4, [4]],
		[5, [4, 1]],
		[8, [4, 4]],
		[9, [8, 1]],
		[12, [8, 4]],
		[14, [8, 4, 2]],
		[24, [8, 8, 4, 4]],
	])('cuts %d bytes so that the last part is a short one', async (size, lengths) => {
		const sizes = { partSizeBytes: 8, lastPartBytes: 4 };
		for (const chunkSize of [1, 3, 8, 100]) {
			const parts: Part[] = [];
			for await (const part of cutIntoParts(chunksOf(bytes(size), chunkSize), size, sizes)) {
				parts.push(part);
			}
			expect(parts.map(({ content }) => content.length)).toEqual(lengths);
			expect(parts.map(({ last }) => last).indexOf(true)).toBe(lengths.length - 1);
			const offsets = new Set([...parts.map(({ offset }) => offset), size]);
			const between = Array.from({ length: size + 9 }, (_, offset) => offset).filter((offset) =>
				isBetweenParts(offset, size, sizes),
			);
			expect(between).toEqual([...offsets]);
		}
	});
});
