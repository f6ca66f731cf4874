/** What this process spends from one moment to another; used inside n8n and outside. */
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { readProfile, startProfile } = require('./profile');

const SAMPLE_MS = 20;
/** The histogram holds the time between two of its turns, which are so far apart when nothing is late. */
const LOOP_RESOLUTION_MS = 10;
const isLinux = process.platform === 'linux';
/** Profiling slows what it looks at, so it is asked for. */
const isProfiled = process.env.BENCH_PROFILE === '1';

let start;
let timer;
let loop;

function startMeter() {
	globalThis.gc?.();
	const rssBytes = process.memoryUsage.rss();
	// man 5 proc: 5 resets the peak resident set size to the current one.
	if (isLinux) writeFileSync('/proc/self/clear_refs', '5');
	start = {
		rssBytes,
		peakBytes: rssBytes,
		writtenBytes: writtenBytes(),
		cpu: process.cpuUsage(),
		atMs: performance.now(),
	};
	clearInterval(timer);
	if (!isLinux) timer = setInterval(sample, SAMPLE_MS).unref();
	loop?.disable();
	loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
	loop.enable();
	if (isProfiled) startProfile();
}

function readMeter() {
	const wallMs = performance.now() - start.atMs;
	const { user, system } = process.cpuUsage(start.cpu);
	loop.disable();
	sample();
	const peakBytes = Math.max(start.peakBytes, isLinux ? peakMarkBytes() : 0);
	return {
		wallMs,
		cpuSeconds: (user + system) / 1e6,
		peakGrowthBytes: peakBytes - start.rssBytes,
		...(loop.count > 0 && {
			loopP99Ms: lateMs(loop.percentile(99)),
			loopLongestMs: lateMs(loop.max),
		}),
		...(isProfiled && { mainThreadSeconds: readProfile() }),
		...(isLinux && { diskBytes: writtenBytes() - start.writtenBytes }),
	};
}

function lateMs(ns) {
	return Math.max(0, ns / 1e6 - LOOP_RESOLUTION_MS);
}

function sample() {
	start.peakBytes = Math.max(start.peakBytes, process.memoryUsage.rss());
}

/** man 5 proc: what this process has caused to be written to a disk. */
function writtenBytes() {
	if (!isLinux) return 0;
	const io = /^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'));
	return Number(io[1]);
}

/** The kernel's own mark: no peak is missed. */
function peakMarkBytes() {
	const mark = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
	return Number(mark[1]) * 1024;
}

module.exports = { startMeter, readMeter };
