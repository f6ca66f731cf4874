/** An animated PNG from pictures of one size: https://www.w3.org/TR/png-3/#apng-frame-based-animation */

export interface Frame {
	/** 8-bit PNG without an interlace, as a browser takes it. */
	readonly png: Buffer;
	readonly durationMs: number;
}

interface Chunk {
	readonly type: string;
	readonly data: Buffer;
}

const SIGNATURE_BYTES = 8;

/** Plays for ever. Throws where the pictures differ in size or format. */
export function animatedPng(frames: readonly Frame[]): Buffer {
	const [first, ...others] = frames.map(({ png }) => chunksOf(png));
	if (first === undefined) throw new Error('no picture to animate');
	const header = chunkOf(first, 'IHDR');
	if (others.some((chunks) => !chunkOf(chunks, 'IHDR').data.equals(header.data))) {
		throw new Error('the pictures differ in size or format');
	}
	let sequence = 0;
	const parts = [first, ...others].flatMap((chunks, index) => {
		const control = frameControl(header.data, sequence++, frames[index]!.durationMs);
		const content = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
		// The first one is the picture for viewers that know no animation.
		if (index === 0) return [control, ...content.map((data) => ({ type: 'IDAT', data }))];
		return [
			control,
			...content.map((data) => ({
				type: 'fdAT',
				data: Buffer.concat([numbers([sequence++]), data]),
			})),
		];
	});
	return Buffer.concat([
		frames[0]!.png.subarray(0, SIGNATURE_BYTES),
		...[
			header,
			{ type: 'acTL', data: numbers([frames.length, 0]) },
			...parts,
			{ type: 'IEND', data: Buffer.alloc(0) },
		].map(written),
	]);
}

function chunksOf(png: Buffer): Chunk[] {
	const chunks: Chunk[] = [];
	for (let at = SIGNATURE_BYTES; at < png.length;) {
		const length = png.readUInt32BE(at);
		const type = png.toString('latin1', at + 4, at + 8);
		chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
		at += length + 12;
	}
	return chunks;
}

function chunkOf(chunks: readonly Chunk[], type: string): Chunk {
	const chunk = chunks.find((other) => other.type === type);
	if (chunk === undefined) throw new Error(`a picture has no ${type}`);
	return chunk;
}

/** A whole frame, which replaces the one before it. */
function frameControl(header: Buffer, sequence: number, durationMs: number): Chunk {
	const size = [header.readUInt32BE(0), header.readUInt32BE(4)];
	const timing = Buffer.alloc(6);
	timing.writeUInt16BE(durationMs, 0);
	timing.writeUInt16BE(1_000, 2);
	return { type: 'fcTL', data: Buffer.concat([numbers([sequence, ...size, 0, 0]), timing]) };
}

function numbers(values: readonly number[]): Buffer {
	const buffer = Buffer.alloc(values.length * 4);
	for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4);
	return buffer;
}

function written({ type, data }: Chunk): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	return Buffer.concat([numbers([data.length]), body, numbers([crc32(body)])]);
}

/** https://www.w3.org/TR/png-3/#5CRC-algorithm */
function crc32(bytes: Buffer): number {
	let crc = 0xffff_ffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
	}
	return (crc ^ 0xffff_ffff) >>> 0;
}
