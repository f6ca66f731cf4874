import { setTimeout as delay } from 'node:timers/promises';

import { dim, green, isInteractive, print, red, seconds } from './text';

const { stdout } = process;
const CLEAR_LINE = '\r\u001b[2K';
// A log that nobody watches grows slowly.
const INTERVAL_MS = isInteractive ? 100 : 2_000;
const TITLE_COLUMNS = 28;
const BAR_CELLS = 16;

export interface Step<T> {
	readonly title: string;
	run(): Promise<T>;
	/** How far it is. */
	state?(): string | Promise<string>;
	/** What came of it. */
	outcome?(result: T): string | Promise<string>;
}

/** One step of the demonstration: a line while it is at work, and a line when it is done. */
export async function take<T>(step: Step<T>): Promise<T> {
	const title = step.title.padEnd(TITLE_COLUMNS);
	const startedAtMs = performance.now();
	const elapsed = () => seconds(performance.now() - startedAtMs).padStart(7);
	const watching = new AbortController();
	const watched = watch(async () => {
		const state = await step.state?.();
		return `  … ${title} ${elapsed()}${state ? `   ${state}` : ''}`;
	}, watching.signal);
	try {
		const result = await step.run();
		const time = elapsed();
		const outcome = await step.outcome?.(result);
		watching.abort();
		await watched;
		print(`  ${green('✓')} ${title} ${time}${outcome ? dim(`   ${outcome}`) : ''}`);
		return result;
	} catch (error) {
		watching.abort();
		await watched;
		print(`  ${red('✗')} ${step.title}`);
		throw error;
	}
}

async function watch(line: () => Promise<string>, signal: AbortSignal): Promise<void> {
	for (;;) {
		await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
		if (signal.aborted) break;
		// What is watched may be going down, and the step itself says so better.
		const text = await line().catch(() => undefined);
		if (signal.aborted) break;
		if (text === undefined) continue;
		if (isInteractive) stdout.write(CLEAR_LINE + text.slice(0, (stdout.columns || 80) - 1));
		else print(text);
	}
	if (isInteractive) stdout.write(CLEAR_LINE);
}

export function bar(done: number, total: number): string {
	const part = Math.min(1, done / total);
	const cells = Math.round(part * BAR_CELLS);
	const percent = `${Math.floor(part * 100)} %`.padStart(5);
	return `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)} ${percent}`;
}
