import type { Failure } from '../../failure';
import type { Download } from '../../http/download';
import { releaseMemory } from '../../releaseMemory';
import type { SizedSource } from '../byteSource';
import type { Origin, StreamDigest } from '../origin';
import { StartOver } from '../restart';
import { SourceProblem } from '../sourceProblem';
import { Breaks, reasonOf } from '../url/breaks';
import { chunksOf } from '../url/chunks';
import { sourceFailure } from '../url/failures';
import { pauseAfterBreak } from '../url/pause';
import type { Downloader } from '../url/request';
import { contentLengthOf, restFrom } from '../url/response';
import type { CloudFile } from './cloudFile';
import { cloudFailure } from './failures';

/** How often content with another hash than its cloud says is read. */
const MAX_MISMATCHES = 2;

/**
 * The content of a file in a cloud, streamed and verified: its last byte comes only if all of them hash to
 * what the cloud says. A broken answer is gone on with at the byte where it broke off.
 */
export class CloudContent implements SizedSource {
	readonly readsWhole = false;
	readonly origin: Origin;
	readonly sizeBytes: number;
	readonly fileName: string;
	readonly directory: string | undefined;
	private mismatches = 0;

	constructor(
		private readonly file: CloudFile,
		private readonly downloader: Downloader,
	) {
		this.origin = file;
		this.sizeBytes = file.sizeBytes;
		this.fileName = file.name;
		this.directory = file.directory;
	}

	async *open(): AsyncGenerator<Buffer> {
		const { sizeBytes } = this;
		const digest = this.origin.claim?.newDigest();
		const breaks = new Breaks();
		// The last chunk waits until the hash of the whole is known.
		let last: Buffer | undefined;
		for (let offset = 0; offset < sizeBytes;) {
			const answer = await this.from(offset);
			let problem: unknown = new Error('The response ended early');
			try {
				for await (const chunk of chunksOf(answer)) {
					offset += chunk.length;
					if (offset > sizeBytes) break;
					digest?.update(chunk);
					if (offset === sizeBytes) {
						last = Buffer.from(chunk);
						break;
					}
					yield chunk;
					releaseMemory(chunk);
				}
			} catch (error) {
				problem = error;
			}
			if (offset > sizeBytes) throw new SourceProblem(this.otherSize());
			if (offset < sizeBytes) await this.pause(breaks, offset, problem);
		}
		this.verify(digest);
		if (last !== undefined) yield last;
	}

	readFailure(error: unknown): Failure {
		if (error instanceof SourceProblem) return error.failure;
		return error instanceof StartOver ? this.broken('broken') : this.changed();
	}

	private async from(offset: number): Promise<Download> {
		const answer = await this.file.content.from(offset);
		if (!answer.ok) throw new SourceProblem(answer.failure);
		const { headers, status } = answer.value;
		if (offset > 0 && status === 200) {
			answer.value.close();
			throw new StartOver(false);
		}
		const { sizeBytes } = this;
		const told = status === 206 ? restFrom(offset, headers) : contentLengthOf(headers);
		if (status === 416 || (told ?? sizeBytes) !== sizeBytes) {
			answer.value.close();
			throw new SourceProblem(this.otherSize());
		}
		return answer.value;
	}

	private verify(digest: StreamDigest | undefined): void {
		const { claim } = this.origin;
		if (claim === undefined || digest?.hex() === claim.hash) return;
		this.mismatches += 1;
		this.downloader.retried('source/hash_mismatch');
		if (this.mismatches < MAX_MISMATCHES) throw new StartOver(false);
		throw new SourceProblem(cloudFailure(this.downloader.vendor, 'hash_mismatch', this.file.place));
	}

	private async pause(breaks: Breaks, offset: number, error: unknown): Promise<void> {
		const reason = reasonOf(error);
		breaks.add(reason, offset);
		await pauseAfterBreak(this.downloader, this.file.content.host, breaks, this.broken(reason));
	}

	private broken(reason: 'broken' | 'stalled' | 'too_slow'): Failure {
		const { place } = this.file;
		return sourceFailure(this.downloader.vendor, reason, '', { subject: place });
	}

	/** The version is fixed, so it can't have grown. */
	private otherSize(): Failure {
		return cloudFailure(this.downloader.vendor, 'other_size', this.file.place);
	}

	private changed(): Failure {
		return cloudFailure(this.downloader.vendor, 'changed', this.file.place);
	}
}
