/** Works through the tasks, at most `parallel` at a time. */
export async function inParallel<Task>(
	tasks: Iterable<Task>,
	parallel: number,
	work: (task: Task) => Promise<void>,
): Promise<void> {
	const queue = tasks[Symbol.iterator]();
	const worker = async (): Promise<void> => {
		for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
	};
	await Promise.all(Array.from({ length: parallel }, worker));
}

/** So many buffers, each used again and again: first come, first served. */
export class ConcurrencyLimiter {
	private readonly free: Buffer[];
	private readonly waiting: Array<(buffer: Buffer) => void> = [];

	constructor(count: number) {
		this.free = Array.from({ length: count }, () => Buffer.alloc(0));
	}

	async use(bytes: number, work: (buffer: Buffer) => Promise<void>): Promise<void> {
		const given = this.free.pop() ?? (await new Promise<Buffer>((take) => this.waiting.push(take)));
		const buffer = given.length < bytes ? Buffer.allocUnsafe(bytes) : given;
		try {
			await work(buffer);
		} finally {
			const next = this.waiting.shift();
			if (next) next(buffer);
			else this.free.push(buffer);
		}
	}
}
