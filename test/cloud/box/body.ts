/** A request's body, read by whoever's turn it is: the multipart reader, a part, or all at once. */
export class BodyReader {
	private readonly chunks: AsyncIterator<Buffer>;

	constructor(body: AsyncIterable<Buffer>) {
		this.chunks = body[Symbol.asyncIterator]();
	}

	/** Undefined at the end, and again whenever asked after it. */
	async next(): Promise<Buffer | undefined> {
		const next = await this.chunks.next();
		return next.done ? undefined : next.value;
	}

	/** The whole body, or undefined when it is longer than this. */
	async all(limitBytes: number): Promise<Buffer | undefined> {
		const held: Buffer[] = [];
		let length = 0;
		for (let chunk = await this.next(); chunk; chunk = await this.next()) {
			length += chunk.length;
			if (length <= limitBytes) held.push(chunk);
		}
		return length <= limitBytes ? Buffer.concat(held) : undefined;
	}
}
