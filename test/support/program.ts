import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { withDeadline } from '../engine/deadline';

const STOP_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT_CHARS = 200_000;

/** A server in a process of its own, and what it prints. */
export class Program {
	/** Resolves when the process is gone, whoever ended it. */
	readonly exited: Promise<void>;

	private text = '';

	private readonly listeners = new Set<() => void>();

	constructor(
		private readonly name: string,
		private readonly child: ChildProcess,
	) {
		this.exited = once(child, 'close').then(() => undefined);
		for (const stream of [child.stdout!, child.stderr!]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				this.text = (this.text + text).slice(-KEPT_OUTPUT_CHARS);
				for (const listener of this.listeners) listener();
			});
		}
	}

	get pid(): number {
		return this.child.pid!;
	}

	/** What the process has printed so far, its end if that was much. */
	output(): string {
		return this.text;
	}

	/** Resolves when it has printed this; a program that does not is ended. */
	async until(line: string, timeoutMs: number): Promise<void> {
		const printed = new Promise<void>((resolve, reject) => {
			const look = () => this.text.includes(line) && resolve();
			this.listeners.add(look);
			look();
			const failed = () => reject(new Error(`${this.name} has exited.\n${this.text}`));
			this.exited.then(failed, failed);
		});
		try {
			await withDeadline(printed, timeoutMs, `${this.name} did not start.\n${this.text}`);
		} catch (error) {
			await this.kill();
			throw error;
		} finally {
			this.listeners.clear();
		}
	}

	/** As Ctrl+C does: what it is at work on may end. */
	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		this.child.kill(signal);
		try {
			await withDeadline(this.exited, STOP_TIMEOUT_MS, `${this.name} did not stop`);
		} catch {
			await this.kill();
		}
	}

	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.exited;
	}
}
