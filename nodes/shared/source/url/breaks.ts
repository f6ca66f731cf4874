import { TooLate, TooSlow } from '../timeouts';

/** A connection that brings less is none that the file gets on with. */
const WORTHWHILE_BYTES = 64 * 1024;
/** Each slow stretch takes minutes, so that few of them are enough. */
const TRIES_OF_A_SLOW_STRETCH = 3;

/** How often an answer has broken off since enough of the file came with one. */
export class Breaks {
	tries = 0;
	connections = 0;
	private worthwhileTo = 0;

	add(reason: ReturnType<typeof reasonOf>, offset: number): void {
		if (reason !== 'too_slow' && offset - this.worthwhileTo >= WORTHWHILE_BYTES) {
			this.worthwhileTo = offset;
			this.tries = 0;
			this.connections = 0;
		}
		this.tries += reason === 'too_slow' ? TRIES_OF_A_SLOW_STRETCH : 1;
		this.connections += 1;
	}
}

export function reasonOf(error: unknown): 'too_slow' | 'stalled' | 'broken' {
	if (error instanceof TooSlow) return 'too_slow';
	return error instanceof TooLate ? 'stalled' : 'broken';
}
