import { readableDuration } from '../duration';
import type { FileCounts, RequestCount, Totals } from './totals';

const REPORT_EVERY_MS = 5_000;

/** Says how far the upload is, at most once in 5 seconds, and at its end what it amounts to. */
export class Progress {
	private readonly startedAtMs = Date.now();
	private reportedAtMs = Date.now();
	private bytesDone = 0;

	constructor(
		private readonly counts: () => FileCounts,
		/** Undefined where a file does not tell its size before its end. */
		private readonly bytes: number | undefined,
		private readonly requestCount: () => RequestCount,
		private readonly report: (line: string) => void,
	) {}

	bytesSent(sizeBytes: number): void {
		this.bytesDone += sizeBytes;
		this.maybeReport();
	}

	fileDone(): void {
		this.maybeReport();
	}

	/** Once all files have ended. */
	totals(): Totals {
		const counts = this.counts();
		const seconds = Math.round((Date.now() - this.startedAtMs) / 100) / 10;
		return { ...counts, ...this.requestCount(), seconds, text: this.summary(counts, seconds) };
	}

	private summary(
		{ stored, skipped, failed: filesFailed, bytesStored, bytesNotSent }: FileCounts,
		seconds: number,
	): string {
		const { requests, retriedFor, waitedMs } = this.requestCount();
		return [
			`${count(stored, 'file')} uploaded (${storedText(bytesStored, bytesNotSent)})`,
			...(skipped > 0 ? [`${count(skipped, 'file')} skipped`] : []),
			...(filesFailed > 0 ? [`${count(filesFailed, 'file')} failed`] : []),
			count(requests, 'request'),
			...(retriedFor.size > 0 ? [retriesText(retriedFor)] : []),
			...waitsTexts(waitedMs),
			`${seconds.toFixed(1)} s`,
		].join(', ');
	}

	private maybeReport(): void {
		const nowMs = Date.now();
		if (nowMs - this.reportedAtMs < REPORT_EVERY_MS) return;
		this.reportedAtMs = nowMs;
		const { bytes, bytesDone } = this;
		const { files, stored, skipped, failed: filesFailed } = this.counts();
		const bytesPerSecond = bytesDone / Math.max(0.001, (nowMs - this.startedAtMs) / 1_000);
		this.report(
			[
				`${grouped(stored + skipped + filesFailed)} of ${count(files, 'file')}`,
				bytes === undefined ? readableBytes(bytesDone) : shareText(bytesDone, bytes),
				`${readableBytes(bytesPerSecond)}/s`,
				count(this.requestCount().requests, 'request'),
				...waitsTexts(this.requestCount().waitedMs),
			].join(', '),
		);
	}
}

/** E.g. `1.07 GB, 1.05 GB of it already there`. */
function storedText(storedBytes: number, notSentBytes: number): string {
	const stored = readableBytes(storedBytes);
	return notSentBytes === 0
		? stored
		: `${stored}, ${readableBytes(notSentBytes)} of it already there`;
}

const LEAST_TOLD_MS = 1_000;

/** E.g. `waited 2 min 4 s for Box`. */
function waitsTexts(waitedMs: ReadonlyMap<string, number>): string[] {
	return [...waitedMs]
		.filter(([, durationMs]) => durationMs >= LEAST_TOLD_MS)
		.map(([whom, durationMs]) => `waited ${readableDuration(durationMs)} for ${whom}`);
}

function shareText(bytesDone: number, bytes: number): string {
	const percent = bytes === 0 ? 100 : Math.min(100, Math.floor((bytesDone / bytes) * 100));
	return `${readableBytes(bytesDone)} of ${readableBytes(bytes)} (${percent} %)`;
}

/** E.g. `3 retries (2 × too_many_requests, network/answer_lost)`, the most frequent reason first. */
function retriesText(retriedFor: ReadonlyMap<string, number>): string {
	const reasons = [...retriedFor].sort(([, one], [, other]) => other - one);
	const retries = reasons.reduce((sum, [, times]) => sum + times, 0);
	const named = reasons.map(([reason, times]) =>
		times > 1 ? `${grouped(times)} × ${reason}` : reason,
	);
	return `${retries === 1 ? '1 retry' : `${grouped(retries)} retries`} (${named.join(', ')})`;
}

function count(amount: number, noun: string): string {
	return `${grouped(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

function grouped(amount: number): string {
	return amount.toLocaleString('en-US');
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Decimal units, as vendors and file managers show them. */
export function readableBytes(bytes: number): string {
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < UNITS.length - 1) {
		value /= 1_000;
		unit += 1;
	}
	return `${unit === 0 ? Math.round(value) : value.toPrecision(3)} ${UNITS[unit] ?? ''}`;
}
