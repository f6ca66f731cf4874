/** What a real line costs, modeled in the server itself: no root rights, no kernel settings. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface NetworkModel {
	requestLatencyMs?: number;
	connectionLatencyMs?: number;
	/** TCP slow start, for each connection: the rate doubles with every round trip. */
	slowStart?: {
		initialBytesPerRoundTrip: number;
		roundTripMs: number;
		maxBytesPerSecond: number;
	};
	/** All connections together. */
	totalBytesPerSecond?: number;
}

/** A line such as an office has: 50 ms a request, 100 ms a connection, 20 MB/s each, 100 MB/s in all. */
export const officeLine: NetworkModel = {
	requestLatencyMs: 50,
	connectionLatencyMs: 100,
	slowStart: { initialBytesPerRoundTrip: 14_000, roundTripMs: 50, maxBytesPerSecond: 20e6 },
	totalBytesPerSecond: 100e6,
};

/** A home: 10 Mbit/s up for everything together. */
export const homeLine: NetworkModel = {
	requestLatencyMs: 40,
	connectionLatencyMs: 80,
	totalBytesPerSecond: 1.25e6,
};

/** A line that is hardly one: 60 kB/s for everything together. */
export const slowLine: NetworkModel = {
	requestLatencyMs: 80,
	connectionLatencyMs: 160,
	totalBytesPerSecond: 60_000,
};

/** Timers wake late; a line may catch up that much, or its rate would drift below the model's. */
const catchUpMs = 20;

/** Bytes handed out no faster than a changing rate allows. */
class Line {
	private readyAtMs = 0;
	private windowBytes: number;
	private leftInWindow: number;

	constructor(
		initialBytesPerRoundTrip: number,
		private readonly roundTripMs: number,
		private readonly maxWindowBytes: number,
	) {
		this.windowBytes = Math.min(initialBytesPerRoundTrip, maxWindowBytes);
		this.leftInWindow = this.windowBytes;
	}

	/** When these bytes have arrived, in the same clock as `nowMs`. */
	take(bytes: number, nowMs: number): number {
		this.readyAtMs = Math.max(this.readyAtMs, nowMs - catchUpMs);
		let left = bytes;
		while (left > 0) {
			if (this.windowBytes === this.maxWindowBytes) {
				this.readyAtMs += (left / this.windowBytes) * this.roundTripMs;
				break;
			}
			const now = Math.min(left, this.leftInWindow);
			this.readyAtMs += (now / this.windowBytes) * this.roundTripMs;
			this.leftInWindow -= now;
			left -= now;
			if (this.leftInWindow === 0) {
				this.windowBytes = Math.min(this.windowBytes * 2, this.maxWindowBytes);
				this.leftInWindow = this.windowBytes;
			}
		}
		return this.readyAtMs;
	}
}

export class Network {
	private model: NetworkModel = {};
	private total: Line | undefined;
	private down: Line | undefined;
	private connections = new WeakMap<object, Line>();

	set(model: NetworkModel): void {
		this.model = model;
		this.connections = new WeakMap();
		const rate = model.totalBytesPerSecond;
		const line = () => (rate === undefined ? undefined : new Line(rate / 1000, 1, rate / 1000));
		this.total = line();
		this.down = line();
	}

	async connect(): Promise<void> {
		if (this.model.connectionLatencyMs) await sleep(this.model.connectionLatencyMs);
	}

	async request(): Promise<void> {
		if (this.model.requestLatencyMs) await sleep(this.model.requestLatencyMs);
	}

	/** Undefined when bytes cost nothing, so that the fast path has no promise for each chunk. */
	receive(connection: object, bytes: number): Promise<void> | undefined {
		const { slowStart } = this.model;
		if (!slowStart && !this.total) return undefined;
		const nowMs = performance.now();
		let readyAtMs = this.total?.take(bytes, nowMs) ?? nowMs;
		if (slowStart) {
			readyAtMs = Math.max(readyAtMs, this.lineOf(connection, slowStart).take(bytes, nowMs));
		}
		const waitMs = readyAtMs - nowMs;
		return waitMs < 1 ? undefined : sleep(waitMs);
	}

	/** What the cloud sends of a file; a line carries as much down as up, both at a time. */
	send(bytes: number): Promise<void> | undefined {
		if (!this.down) return undefined;
		const nowMs = performance.now();
		const waitMs = this.down.take(bytes, nowMs) - nowMs;
		return waitMs < 1 ? undefined : sleep(waitMs);
	}

	private lineOf(connection: object, slowStart: NonNullable<NetworkModel['slowStart']>): Line {
		let line = this.connections.get(connection);
		if (!line) {
			const { initialBytesPerRoundTrip, roundTripMs, maxBytesPerSecond } = slowStart;
			const maxWindowBytes = (maxBytesPerSecond * roundTripMs) / 1000;
			line = new Line(initialBytesPerRoundTrip, roundTripMs, maxWindowBytes);
			this.connections.set(connection, line);
		}
		return line;
	}
}
