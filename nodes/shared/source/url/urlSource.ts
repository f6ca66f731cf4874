import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../../failure';
import { failed, success } from '../../failure';
import type { Download } from '../../http/download';
import { createFetch } from '../../http/download';
import { codeOf } from '../../http/rejection';
import type { RetryPolicy } from '../../http/retry';
import type { HttpClient } from '../../http/types';
import { hostOf } from '../../http/outageBudget';
import { releaseMemory } from '../../releaseMemory';
import type { ByteSource } from '../byteSource';
import { StartOver } from '../restart';
import { SourceProblem } from '../sourceProblem';
import { Breaks, reasonOf } from './breaks';
import type { Downloader } from './request';
import { ask } from './request';
import { contentLengthOf, isPage, isPageName, restFrom, validatorOf } from './response';
import { chunksOf } from './chunks';
import type { Problem } from './failures';
import { sourceFailure } from './failures';
import { fileNameOf } from './fileName';
import { pauseAfterBreak } from './pause';

/** What a vendor's connection lends to downloads: its cancel signal, its counts, its patience. */
export interface Account {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
}

export function createDownloader(
	context: IExecuteFunctions,
	vendor: Failure['vendor'],
	{ client: { cancelSignal, outage, traffic }, policy }: Account,
): Downloader {
	const retried = (reason: string) => traffic.retried(reason);
	return { vendor, fetch: createFetch(context), policy, cancelSignal, outage, retried };
}

/** Stands for a file that has not been asked for yet, so that what its parameters are can be checked. */
export const NOT_KNOWN_YET = {
	fileName: 'file',
	directory: undefined,
	sizeBytes: 0,
	readsWhole: false,
	open: () => {
		throw new Error('Nothing can be read before the file has been asked for');
	},
};

export interface Wanted {
	readonly url: string;
	/** The name that the file will have, where the item says so. */
	readonly givenName: string | undefined;
	/** Whether a file of unknown size is of no use. */
	readonly needsSize: boolean;
}

/** By what a file is known to be the same one. */
interface Version {
	/** Undefined where the server does not say so before the end. */
	readonly sizeBytes: number | undefined;
	readonly tag: string | undefined;
	readonly etag: string | undefined;
	/** What the rest of it can be asked for with. */
	readonly validator: string | undefined;
}

/**
 * A file on another server, streamed. A broken answer is gone on with where the server can give the rest
 * of the very same file; elsewhere the source starts over.
 */
export class UrlSource implements ByteSource {
	readonly readsWhole = false;
	readonly directory = undefined;
	/** n8n has unpacked what the server had packed in spite of us: sizes and offsets are not those of the file. */
	private isUnpacked = false;
	/** The last answer to a request for the whole file, as long as nobody has read from it. */
	private unread: Download | undefined;
	private version: Version;

	private constructor(
		private readonly downloader: Downloader,
		private readonly wanted: Wanted,
		readonly fileName: string | undefined,
		answer: Download,
	) {
		this.unread = answer;
		this.version = this.versionOf(answer);
	}

	/** Asks for the file, and keeps the answer for whoever opens the source. */
	static async look(downloader: Downloader, wanted: Wanted): Promise<Outcome<UrlSource>> {
		const answer = await ask(downloader, wanted.url);
		if (!answer.ok) return answer;
		const fileName = fileNameOf(answer.value.headers['content-disposition'], wanted.url);
		const source = new UrlSource(downloader, wanted, fileName, answer.value);
		const problem = source.problemWith(answer.value, source.version);
		if (problem === undefined) return success(source);
		source.close();
		return failed(problem);
	}

	get sizeBytes(): number | undefined {
		return this.version.sizeBytes;
	}

	async *open(): AsyncGenerator<Buffer> {
		if (this.unread === undefined && !this.adopt(await this.ask())) throw new StartOver(true);
		let answer = this.takeUnread();
		let offset = 0;
		const breaks = new Breaks();
		while (answer !== undefined) {
			try {
				for await (const chunk of chunksOf(answer)) {
					offset += chunk.length;
					if (offset > (this.sizeBytes ?? Infinity)) break;
					yield chunk;
					releaseMemory(chunk);
				}
				if (offset === (this.sizeBytes ?? offset)) return;
				// Node.js lets no answer end in order before its Content-Length.
				this.isUnpacked = true;
			} catch (error) {
				// The rest of something packed cannot be unpacked.
				if (/^Z_|BROTLI|ZSTD/i.test(codeOf(error) ?? '')) this.isUnpacked = true;
				const reason = reasonOf(error);
				breaks.add(reason, offset);
				await this.rest(breaks, reason);
			}
			answer = await this.from(offset);
		}
	}

	readFailure(error: unknown): Failure {
		if (error instanceof SourceProblem) return error.failure;
		const isBroken = error instanceof StartOver && !error.isOtherFile;
		return this.failure(isBroken ? 'broken' : 'changed');
	}

	/** Lets go of an answer that nobody will read. */
	close(): void {
		this.takeUnread()?.close();
	}

	private takeUnread(): Download | undefined {
		const { unread } = this;
		this.unread = undefined;
		return unread;
	}

	private failure(reason: Problem): Failure {
		return sourceFailure(this.downloader.vendor, reason, this.wanted.url);
	}

	private async rest(breaks: Breaks, reason: Problem): Promise<void> {
		const { url } = this.wanted;
		await pauseAfterBreak(this.downloader, hostOf(url), breaks, this.failure(reason));
	}

	/** The answer with the bytes from `offset` on. Throws StartOver when there is none. */
	private async from(offset: number): Promise<Download> {
		const { validator } = this.version;
		let whole: Download | undefined;
		if (offset > 0 && validator !== undefined && !this.isUnpacked) {
			const answer = await this.ask({ Range: `bytes=${offset}-`, 'If-Range': validator });
			if (this.isRestOf(answer, offset)) return answer;
			if (answer.status === 200) whole = answer;
			else answer.close();
		}
		const isSame = this.adopt(whole ?? (await this.ask()));
		throw new StartOver(!isSame);
	}

	/** Whether an answer is the rest of the very same file. */
	private isRestOf({ headers, status }: Download, offset: number): boolean {
		const { etag, validator, sizeBytes } = this.version;
		const total = status === 206 ? restFrom(offset, headers) : undefined;
		const isSame =
			etag === undefined
				? (headers['last-modified'] ?? validator) === validator
				: (headers.etag ?? etag) === etag;
		return isSame && total !== undefined && total === (sizeBytes ?? total);
	}

	private async ask(range?: Readonly<Record<string, string>>): Promise<Download> {
		const answer = await ask(this.downloader, this.wanted.url, range);
		if (!answer.ok) throw new SourceProblem(answer.failure);
		return answer.value;
	}

	/** Takes an answer to be read next; false when it is another file than before. */
	private adopt(answer: Download): boolean {
		const { sizeBytes, tag } = this.version;
		const version = this.versionOf(answer);
		const problem = this.problemWith(answer, version);
		if (problem !== undefined) {
			// What is known of the file stays: whoever needs its size has asked for that before.
			answer.close();
			throw new SourceProblem(problem);
		}
		this.unread = answer;
		this.version = version;
		return version.sizeBytes === sizeBytes && version.tag === tag;
	}

	private problemWith({ headers }: Download, { sizeBytes }: Version): Failure | undefined {
		const { givenName, needsSize } = this.wanted;
		const mayBePage = isPageName(givenName ?? this.fileName ?? '');
		if (!mayBePage && isPage(headers)) return this.failure('web_page');
		return needsSize && sizeBytes === undefined ? this.failure('no_size') : undefined;
	}

	private versionOf({ headers }: Download): Version {
		return {
			sizeBytes: this.isUnpacked ? undefined : contentLengthOf(headers),
			tag: headers.etag ?? headers['last-modified'],
			etag: headers.etag,
			validator: validatorOf(headers),
		};
	}
}
