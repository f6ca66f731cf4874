import { LOOK_EVERY_MS, onEachLook } from '../looks';
import { SLOWEST_BYTES_PER_SECOND } from './outageBudget';

/** However slow the line seems: bytes that take longer don't arrive. */
const LONGEST_ON_THE_WAY_MS = 20 * 60_000;
/** What the socket took hasn't arrived yet: the kernel and proxies buffer up to that much of a body. */
const MAX_HIDDEN_BYTES = 16 * 1024 * 1024;
/** Other traffic may make the line half as fast. */
const SLOWER_BY = 2;
/** After so long without a body, the machine may use another line. */
const FORGET_AFTER_MS = 60_000;

interface SilenceQuestion {
	/** How long the answer may take once everything has arrived. */
	readonly answerTimeoutMs: number;
	/** What all requests to the host had on their way when it fell silent. */
	readonly onTheWayBytes: number;
	/** How fast the host has acknowledged bytes; undefined while nobody knows. */
	readonly bytesPerSecond: number | undefined;
}

/** How long a request may show no progress before it counts as stuck. Pure. */
export function allowedSilenceMs(question: SilenceQuestion): number {
	const { answerTimeoutMs, onTheWayBytes, bytesPerSecond } = question;
	const expected =
		bytesPerSecond === undefined ? SLOWEST_BYTES_PER_SECOND : bytesPerSecond / SLOWER_BY;
	const onTheWayMs = (onTheWayBytes / expected) * 1_000;
	return answerTimeoutMs + Math.min(LONGEST_ON_THE_WAY_MS, onTheWayMs);
}

/** One body on its way. It is told what the socket takes, and how the request ended. */
export class BodyProgress {
	/** Taken by the socket since the body was begun, or begun again. */
	takenBytes = 0;
	private readonly stop = new AbortController();
	private silentLooks = 0;
	/** The most that has been on its way to the host in this silence. */
	private onTheWayBytes = 0;

	constructor(
		private readonly line: Line,
		private readonly answerTimeoutMs: number,
	) {}

	/** Aborts when the request is stuck. */
	get stuck(): AbortSignal {
		return this.stop.signal;
	}

	/** n8n sends the body again after it has renewed the token. */
	begun(): void {
		this.takenBytes = 0;
		this.took(0);
	}

	took(bytes: number): void {
		this.takenBytes += bytes;
		this.silentLooks = 0;
		this.onTheWayBytes = 0;
	}

	/** An answer is there, or none comes any more. */
	ended(isAnswered: boolean): void {
		this.line.end(this, isAnswered);
	}

	/** What may not have arrived yet. */
	get hiddenBytes(): number {
		return Math.min(this.takenBytes, MAX_HIDDEN_BYTES);
	}

	/** False when it is stuck. */
	lookAt(onTheWayBytes: number, bytesPerSecond: number | undefined): boolean {
		const { answerTimeoutMs, silentLooks } = this;
		this.onTheWayBytes = Math.max(this.onTheWayBytes, onTheWayBytes);
		const question = { answerTimeoutMs, onTheWayBytes: this.onTheWayBytes, bytesPerSecond };
		// The first look may come at once.
		if (silentLooks * LOOK_EVERY_MS >= allowedSilenceMs(question)) this.stop.abort();
		this.silentLooks += 1;
		return !this.stop.signal.aborted;
	}
}

/** The bodies on their way to one host, and how fast it has been getting them. */
class Line {
	private readonly bodies = new Set<BodyProgress>();
	private acknowledgedBytes = 0;
	private looks = 0;
	/** At the last acknowledgement: what is stuck now says nothing about the line. */
	private acknowledgedLooks = 0;
	private quietSinceMs = 0;
	private stopLooking: (() => void) | undefined;

	begin(answerTimeoutMs: number): BodyProgress {
		const isQuiet = this.bodies.size === 0;
		if (isQuiet && Date.now() - this.quietSinceMs > FORGET_AFTER_MS) this.forgetRate();
		const body = new BodyProgress(this, answerTimeoutMs);
		this.bodies.add(body);
		this.stopLooking ??= onEachLook(() => this.look());
		return body;
	}

	end(body: BodyProgress, isAnswered: boolean): void {
		if (!this.bodies.delete(body)) return;
		if (isAnswered) {
			this.acknowledgedBytes += body.takenBytes;
			this.acknowledgedLooks = Math.max(1, this.looks);
		}
		if (this.bodies.size > 0) return;
		this.quietSinceMs = Date.now();
		this.stopLooking?.();
		this.stopLooking = undefined;
	}

	private look(): void {
		this.looks += 1;
		const onTheWayBytes = [...this.bodies].reduce((sum, body) => sum + body.hiddenBytes, 0);
		for (const body of this.bodies) {
			// Either the line is slower now or this body is stuck: the others get the time to show which.
			if (!body.lookAt(onTheWayBytes, this.bytesPerSecond)) this.forgetRate();
		}
	}

	private get bytesPerSecond(): number | undefined {
		const { acknowledgedBytes, acknowledgedLooks } = this;
		if (acknowledgedLooks === 0) return undefined;
		return acknowledgedBytes / ((acknowledgedLooks * LOOK_EVERY_MS) / 1_000);
	}

	private forgetRate(): void {
		this.acknowledgedBytes = 0;
		this.looks = 0;
		this.acknowledgedLooks = 0;
	}
}

/** Of this process, by host: all executions share the line. */
const lines = new Map<string, Line>();

export function beginBody(host: string, answerTimeoutMs: number): BodyProgress {
	const line = lines.get(host) ?? new Line();
	lines.set(host, line);
	return line.begin(answerTimeoutMs);
}
