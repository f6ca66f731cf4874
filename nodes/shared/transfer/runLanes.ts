/** The requests of one run: those under way, and those that wait for a lane. */
export class Run {
	busy = 0;
	readonly waiting: Array<() => void> = [];

	/** `isOver`: what it still begins sends nothing. */
	constructor(readonly isOver: () => boolean) {}

	get isActive(): boolean {
		return this.busy + this.waiting.length > 0;
	}
}

/** A place for one request. */
export interface Lane {
	/** Waits until the request may begin, so that not all begin together; no longer than one request takes. */
	begin(): Promise<void>;
	/** To be called exactly once. */
	leave(): void;
}

/** How one run takes its share of the lanes. */
export interface RunLanes {
	/** Waits for a lane, first come, first served. */
	enter(sizeBytes: number): Promise<Lane>;
}
