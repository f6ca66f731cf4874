import { Socket } from 'node:net';

import type { Pace } from '../types';

let pace = { timerSpeed: 1, clockSpeed: 1, sinceMs: 0 };

/** How fast time passes in this process, until this is called again. */
export function setPace({ clockSpeed = 1, timerSpeed }: Pace, sinceMs: number): void {
	pace = { timerSpeed: timerSpeed ?? clockSpeed, clockSpeed, sinceMs };
}

/** To be called before the nodes are loaded: none of them may keep the timers as they were. */
export function letPaceBeSet(): void {
	const later = globalThis.setTimeout;
	const sooner = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
		later(run, delayMs / pace.timerSpeed, ...args);
	// What util.promisify makes of it stays what it was.
	globalThis.setTimeout = Object.defineProperties(
		sooner,
		Object.getOwnPropertyDescriptors(later),
	) as typeof setTimeout;
	const abortedLater = AbortSignal.timeout.bind(AbortSignal);
	AbortSignal.timeout = (delayMs) => abortedLater(Math.ceil(delayMs / pace.timerSpeed));
	// Not reached by the above: a socket's timeout is a timer of Node's own.
	// eslint-disable-next-line @typescript-eslint/unbound-method
	const { setTimeout: timeoutAfter } = Socket.prototype;
	Socket.prototype.setTimeout = function (this: Socket, delayMs, callback) {
		return timeoutAfter.call(this, delayMs / pace.clockSpeed, callback);
	};
	const now = Date.now.bind(Date);
	Date.now = () => pace.sinceMs + (now() - pace.sinceMs) * pace.clockSpeed;
}
