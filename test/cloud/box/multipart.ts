import type { BodyReader } from './body';
import { badRequest } from './errors';

export interface MultipartField {
	readonly name: string;
	readonly fileName: string | undefined;
	readonly contentType: string | undefined;
}

const longestHeaderBytes = 8192;

/** RFC 7578, streaming: `nextField`, then `content` to its end, and again. Nothing sloppy passes. */
export class MultipartReader {
	private readonly delimiter: Buffer;
	private pending: Buffer;
	private started = false;
	private finished = false;

	constructor(
		contentType: string,
		private readonly body: BodyReader,
	) {
		const match = /^multipart\/form-data\s*;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))$/i.exec(
			contentType,
		);
		const boundary = match?.[1] ?? match?.[2];
		if (boundary === undefined) throw badRequest('Not multipart/form-data with a boundary');
		this.delimiter = Buffer.from(`\r\n--${boundary}`);
		// The first delimiter has no line before it to end.
		this.pending = Buffer.from('\r\n');
	}

	/** The next field's headers; undefined after the last. The field before must have been read. */
	async nextField(): Promise<MultipartField | undefined> {
		if (this.finished) return undefined;
		if (!this.started) {
			await this.fill(this.delimiter.length);
			if (!this.pending.subarray(0, this.delimiter.length).equals(this.delimiter)) {
				throw badRequest('The multipart body does not begin with its boundary');
			}
			this.pending = this.pending.subarray(this.delimiter.length);
			this.started = true;
		}
		await this.fill(2);
		const afterDelimiter = this.pending.subarray(0, 2).toString('latin1');
		this.pending = this.pending.subarray(2);
		if (afterDelimiter === '--') {
			this.finished = true;
			const rest = await this.body.all(longestHeaderBytes);
			if (
				Buffer.concat([this.pending, rest ?? this.delimiter])
					.toString('latin1')
					.trim() !== ''
			) {
				throw badRequest('Bytes follow the end of the multipart body');
			}
			return undefined;
		}
		if (afterDelimiter !== '\r\n') throw badRequest('A multipart boundary is not a line');
		return parseHeaders(await this.readHeaderBlock());
	}

	/** The bytes of the field that `nextField` has just returned. */
	async *content(): AsyncGenerator<Buffer> {
		for (;;) {
			const at = this.pending.indexOf(this.delimiter);
			if (at >= 0) {
				if (at > 0) yield this.pending.subarray(0, at);
				this.pending = this.pending.subarray(at + this.delimiter.length);
				return;
			}
			// The last bytes may be the first of a delimiter.
			const safe = this.pending.length - this.delimiter.length + 1;
			if (safe > 0) {
				yield this.pending.subarray(0, safe);
				this.pending = this.pending.subarray(safe);
			}
			await this.more();
		}
	}

	private async readHeaderBlock(): Promise<string> {
		for (;;) {
			const end = this.pending.indexOf('\r\n\r\n');
			if (end >= 0) {
				const block = this.pending.subarray(0, end).toString('utf8');
				this.pending = this.pending.subarray(end + 4);
				return block;
			}
			if (this.pending.length > longestHeaderBytes) throw badRequest('Multipart headers too long');
			await this.more();
		}
	}

	private async fill(bytes: number): Promise<void> {
		while (this.pending.length < bytes) await this.more();
	}

	private async more(): Promise<void> {
		const chunk = await this.body.next();
		if (!chunk) throw badRequest('The multipart body ends early');
		this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
	}
}

function parseHeaders(block: string): MultipartField {
	const headers = new Map<string, string>();
	for (const line of block.split('\r\n')) {
		const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
		if (!match) throw badRequest(`"${line}" is no multipart header`);
		headers.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
	}
	const disposition = headers.get('content-disposition') ?? '';
	const name = /^form-data\s*;.*?\bname="([^"]+)"/i.exec(disposition)?.[1];
	if (name === undefined) throw badRequest('A multipart field has no name');
	return {
		name,
		fileName: /\bfilename="([^"]*)"/i.exec(disposition)?.[1],
		contentType: headers.get('content-type'),
	};
}
