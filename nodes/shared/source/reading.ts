import { CANCELED } from '../canceled';
import type { Explanation } from '../catalogue';
import { forUser } from '../catalogue';
import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { failureOf } from '../failureOf';
import { Canceled, TooLate } from './timeouts';
import type { Part } from './parts';
import { cutIntoParts, SizeMismatch } from './parts';
import type { BinarySource } from './binarySource';

/** All bytes of a file that is small enough for memory; none when there is no file. */
export async function readAll(
	vendor: Failure['vendor'],
	source: BinarySource | undefined,
): Promise<Outcome<Buffer>> {
	if (source === undefined) return success(Buffer.alloc(0));
	let content: Buffer = Buffer.alloc(0);
	const read = await eachPart(vendor, source, Math.max(1, source.sizeBytes), (part) => {
		content = part.content;
		return Promise.resolve(success(null));
	});
	return read.ok ? success(content) : read;
}

/** The bytes from `offset` on. No store can start in the middle, so those before are read and dropped. */
export async function readRange(
	vendor: Failure['vendor'],
	source: BinarySource,
	offset: number,
	lengthBytes: number,
): Promise<Outcome<Buffer>> {
	const pieces: Buffer[] = [];
	let position = 0;
	let missingBytes = lengthBytes;
	try {
		for await (const chunk of source.open()) {
			const piece = chunk.subarray(Math.max(0, offset - position)).subarray(0, missingBytes);
			if (piece.length > 0) pieces.push(Buffer.from(piece));
			missingBytes -= piece.length;
			position += chunk.length;
			if (missingBytes === 0) break;
		}
		if (missingBytes > 0) throw new SizeMismatch(source.sizeBytes, position);
		return success(Buffer.concat(pieces));
	} catch (error) {
		return failed(readingFailure(vendor, error));
	}
}

/**
 * Hands the parts of a file to `use`, one after the other, until one fails. A file that cannot be
 * read, or is not as long as declared, is a failure as well.
 */
export async function eachPart(
	vendor: Failure['vendor'],
	source: BinarySource,
	partSizeBytes: number,
	use: (part: Part) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
	try {
		const chunks = source.open(partSizeBytes);
		for await (const part of cutIntoParts(chunks, source.sizeBytes, { partSizeBytes })) {
			const used = await use(part);
			if (!used.ok) return used;
		}
		return success(null);
	} catch (error) {
		return failed(readingFailure(vendor, error));
	}
}

/** What went wrong when a file was read. */
export function readingFailure(vendor: Failure['vendor'], error: unknown): Failure {
	return failureOf(vendor, ...explain(error), { stored: 'no', subject: subjectOf(error) });
}

const RUN_AGAIN = "Run the node that makes the file again. The file wasn't committed.";

function explain(error: unknown): readonly [path: string, Explanation] {
	if (error instanceof Canceled) return CANCELED;
	if (error instanceof TooLate) {
		return [
			'input/no_answer',
			forUser(
				"n8n didn't return the file from its storage",
				"Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem on the n8n server, as in docs/scaling.md of this package: n8n can't read files of 256 MiB and more from PostgreSQL. If n8n already keeps files elsewhere, check that disk, bucket or database, and run this again. The file wasn't committed.",
			),
		];
	}
	return error instanceof SizeMismatch
		? ['input/size_mismatch', forUser("The file's size isn't what n8n says it is", RUN_AGAIN)]
		: ['input/unreadable', forUser("n8n couldn't read the file from its storage", RUN_AGAIN)];
}

function subjectOf(error: unknown): string | undefined {
	if (error instanceof Canceled) return undefined;
	if (error instanceof SizeMismatch) {
		return `${error.declaredBytes} bytes declared, ${error.readBytes} read`;
	}
	return error instanceof Error ? error.message : undefined;
}
