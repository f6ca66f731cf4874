import { readFileSync, writeFileSync } from 'node:fs';

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
