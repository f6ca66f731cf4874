import type { Counters } from './contract';

/** Everything countable about the traffic. Bytes are those of bodies, without headers and TLS. */
export class Traffic {
	private counters = emptyCounters();
	private readonly serialCalls = new Map<string, number>();
	private idleWaiters: (() => void)[] = [];

	snapshot(): Counters {
		return structuredClone(this.counters);
	}

	/** What is under way stays under way. */
	reset(): void {
		const { inFlight } = this.counters;
		this.counters = { ...emptyCounters(), inFlight, peakInFlight: inFlight };
	}

	connection(): void {
		this.counters.connections += 1;
	}

	received(bytes: number): void {
		this.counters.bytesReceived += bytes;
	}

	sent(bytes: number): void {
		this.counters.bytesSent += bytes;
	}

	struck(kind: string): void {
		this.counters.faultsStruck[kind] = (this.counters.faultsStruck[kind] ?? 0) + 1;
	}

	/** Returns what to call when the request is over; calling it again does nothing. */
	request(route: string): () => void {
		const { counters } = this;
		counters.requests += 1;
		counters.requestsByRoute[route] = (counters.requestsByRoute[route] ?? 0) + 1;
		counters.inFlight += 1;
		counters.peakInFlight = Math.max(counters.peakInFlight, counters.inFlight);
		return once(() => {
			this.counters.inFlight -= 1;
			if (this.counters.inFlight === 0) this.wakeIdle();
		});
	}

	/** A call (or the job it launched) that should have no other of its key beside it. */
	serial(key: string): () => void {
		const underWay = this.serialCalls.get(key) ?? 0;
		this.counters.overlappingCommits += underWay;
		this.serialCalls.set(key, underWay + 1);
		return once(() => this.serialCalls.set(key, (this.serialCalls.get(key) ?? 1) - 1));
	}

	idle(): Promise<void> {
		if (this.counters.inFlight === 0) return Promise.resolve();
		return new Promise((resolve) => this.idleWaiters.push(resolve));
	}

	private wakeIdle(): void {
		const waiters = this.idleWaiters;
		this.idleWaiters = [];
		for (const wake of waiters) wake();
	}
}

function emptyCounters(): Counters {
	return {
		requests: 0,
		requestsByRoute: {},
		connections: 0,
		bytesReceived: 0,
		bytesSent: 0,
		peakInFlight: 0,
		inFlight: 0,
		overlappingCommits: 0,
		faultsStruck: {},
	};
}

function once(run: () => void): () => void {
	let done = false;
	return () => {
		if (done) return;
		done = true;
		run();
	};
}
