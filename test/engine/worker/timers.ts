import { Socket } from 'node:net';

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

/**
 * Minutes pass in seconds for everything in this process: timers, timeouts of sockets, and `Date.now`.
 * The cloud's clock has to run as fast (`Clock.run`), from the same moment.
 */
export function speedUpClock(times: number, sinceMs = Date.now()): void {
	speedUpTimers(times);
	// Not reached by the above: a socket's timeout is a timer of Node's own.
	// eslint-disable-next-line @typescript-eslint/unbound-method
	const { setTimeout: timeoutAfter } = Socket.prototype;
	Socket.prototype.setTimeout = function (this: Socket, delayMs, callback) {
		return timeoutAfter.call(this, delayMs / times, callback);
	};
	const now = Date.now.bind(Date);
	Date.now = () => sinceMs + (now() - sinceMs) * times;
}
