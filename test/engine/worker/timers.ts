/** Makes the timers of this process so many times as fast, so that deadlines of minutes can be reached. */
export function speedUpTimers(times: number): void {
	const later = globalThis.setTimeout;
	const sooner = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
		later(run, delayMs / times, ...args);
	// What util.promisify makes of it stays what it was.
	globalThis.setTimeout = Object.defineProperties(
		sooner,
		Object.getOwnPropertyDescriptors(later),
	) as typeof setTimeout;
	const abortedLater = AbortSignal.timeout.bind(AbortSignal);
	AbortSignal.timeout = (delayMs) => abortedLater(Math.ceil(delayMs / times));
}
