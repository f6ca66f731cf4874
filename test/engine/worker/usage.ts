import { readFileSync, writeFileSync } from 'node:fs';
import type { NodeGCPerformanceDetail, PerformanceEntry } from 'node:perf_hooks';
import { PerformanceObserver, constants } from 'node:perf_hooks';

import type { OpenHandles, Usage } from '../types';

const SAMPLE_MS = 20;
// man 5 proc, /proc/pid/clear_refs
const RESET_HIGH_WATER_MARK = '5';

/** The highest resident memory since reset: the kernel's own mark on Linux, samples elsewhere. */
class PeakMeter {
	private sampled = process.memoryUsage.rss();

	constructor() {
		if (process.platform !== 'linux') setInterval(() => this.sample(), SAMPLE_MS).unref();
	}

	reset(): void {
		this.sampled = process.memoryUsage.rss();
		if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', RESET_HIGH_WATER_MARK);
	}

	read(): number {
		this.sample();
		if (process.platform !== 'linux') return this.sampled;
		const mark = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
		return Math.max(this.sampled, Number(mark?.[1]) * 1024);
	}

	private sample(): void {
		this.sampled = Math.max(this.sampled, process.memoryUsage.rss());
	}
}

export const peakMeter = new PeakMeter();

type CollectionEntry = PerformanceEntry & { readonly detail: NodeGCPerformanceDetail };

/** Collections of the whole heap, which stop everything else that n8n does. */
class CollectionCounter {
	private seen = 0;
	private readonly observer = new PerformanceObserver((list) => this.note(list.getEntries()));

	constructor() {
		this.observer.observe({ entryTypes: ['gc'] });
	}

	read(): number {
		this.note(this.observer.takeRecords());
		return this.seen;
	}

	private note(entries: readonly PerformanceEntry[]): void {
		for (const entry of entries) {
			const { kind } = (entry as CollectionEntry).detail;
			if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) this.seen++;
		}
	}
}

const collectionCounter = new CollectionCounter();

export function usage(): Usage {
	const cpu = process.cpuUsage();
	const memory = process.memoryUsage();
	return {
		cpuSeconds: (cpu.user + cpu.system) / 1e6,
		rssBytes: memory.rss,
		peakRssBytes: peakMeter.read(),
		heapUsedBytes: memory.heapUsed,
		externalBytes: memory.external,
		arrayBuffersBytes: memory.arrayBuffers,
		fullCollections: collectionCounter.read(),
	};
}

export function openHandles(): OpenHandles {
	const byType: Record<string, number> = {};
	for (const type of process.getActiveResourcesInfo()) byType[type] = (byType[type] ?? 0) + 1;
	return { sockets: byType.TCPSocketWrap ?? 0, byType };
}

export function collectGarbage(): void {
	if (!globalThis.gc) throw new Error('The engine was started without --expose-gc');
	globalThis.gc();
}
