import type { Vendor } from './contenders';
import type { NetworkName } from './networks';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

export interface Case {
	readonly id: string;
	readonly title: string;
	readonly sizes: () => number[];
	/** Part of `--quick`, of a full run, or of both. */
	readonly runs: readonly ('quick' | 'full')[];
	/** The files lie on another server: for contenders that get them from there. */
	readonly isFromUrl?: boolean;
	/** The files lie in the account of the other vendor: for contenders that copy them from there. */
	readonly isFromCloud?: boolean;
	/** Where the lines of a home are the question; else loopback and the line of an office. */
	readonly networks?: readonly NetworkName[];
	readonly vendors?: readonly Vendor[];
	/** How large the parts are that Box wants; 8 MiB without it. */
	readonly boxPartBytes?: number;
	/** New versions of files that Box has, but for these parts: for contenders that store a new version. */
	readonly changedParts?: readonly number[];
}

export function networksOf({ networks = ['loopback', 'line'] }: Case): readonly NetworkName[] {
	return networks;
}

export function vendorsOf({ vendors = ['dropbox', 'box'] }: Case): readonly Vendor[] {
	return vendors;
}

export const CASES: readonly Case[] = [
	alike('small-100', '100 files of 20 KB', 100, 20_000, 'quick'),
	alike('small-1000', '1,000 files of 20 KB', 1000, 20_000, 'full'),
	{
		...alike('limited-1000', '1,000 files of 20 KB, at the limits of Box', 1000, 20_000, 'full'),
		networks: ['limited'],
		// Dropbox has published none.
		vendors: ['box'],
	},
	alike('small-10000', '10,000 files of 20 KB', 10_000, 20_000, 'full'),
	{
		id: 'mixed',
		title: '2,000 mixed files, 1 GiB',
		sizes: () => mixedSizes(2000, 10e6, GIB),
		runs: ['full'],
	},
	alike('one-100mb', '1 file of 100 MB', 1, 100e6, 'quick', 'full'),
	alike('one-256mib', '1 file of 256 MiB', 1, 256 * MIB, 'quick'),
	alike('one-1gib', '1 file of 1 GiB', 1, GIB, 'full'),
	{
		...alike('one-1gib-64', '1 file of 1 GiB, in parts of 64 MiB', 1, GIB, 'full'),
		networks: ['line'],
		vendors: ['box'],
		boxPartBytes: 64 * MIB,
	},
	alike('one-8gib', '1 file of 8 GiB', 1, 8 * GIB, 'full'),
	alike('large-50', '50 files of 50 MB', 50, 50e6, 'full'),
	{ ...alike('one-40mib', '1 file of 40 MiB', 1, 40 * MIB, 'full'), networks: ['home', 'slow'] },
	fromUrl('url-1gib', '1 file of 1 GiB from a URL', GIB),
	fromCloud('copied-1000', '1,000 files of 20 KB from the other cloud', 1000, 20_000),
	fromCloud('copied-1gib', '1 file of 1 GiB from the other cloud', 1, GIB),
	changed('changed-1gib', 'A new version of 1 GiB, 3 of 128 parts changed', GIB, [0, 40, 127]),
	changed('rewritten-1gib', 'A new version of 1 GiB, all parts changed', GIB, undefined),
	{
		...changed('changed-256mib', 'A new version of 256 MiB, 1 of 32 parts changed', 256 * MIB, [0]),
		networks: ['home'],
	},
];

function alike(
	id: string,
	title: string,
	count: number,
	sizeBytes: number,
	...runs: Case['runs']
): Case {
	return { id, title, sizes: () => Array<number>(count).fill(sizeBytes), runs };
}

function fromUrl(id: string, title: string, sizeBytes: number): Case {
	return { ...alike(id, title, 1, sizeBytes, 'full'), isFromUrl: true };
}

function fromCloud(id: string, title: string, count: number, sizeBytes: number): Case {
	return { ...alike(id, title, count, sizeBytes), isFromCloud: true, networks: ['line'] };
}

/** `parts`: those that have changed; undefined for all. */
function changed(
	id: string,
	title: string,
	sizeBytes: number,
	parts: readonly number[] | undefined,
): Case {
	const all = Array.from({ length: Math.ceil(sizeBytes / (8 * MIB)) }, (_, index) => index);
	return {
		...alike(id, title, 1, sizeBytes, 'full'),
		vendors: ['box'],
		changedParts: parts ?? all,
	};
}

/** Log-uniform from 0 bytes up: as many files of some hundred bytes as of some megabytes. */
export function mixedSizes(count: number, maxBytes: number, totalBytes: number): number[] {
	const random = mulberry32(20_260_101);
	const drawn = Array.from({ length: count }, () => Math.expm1(random() * Math.log1p(maxBytes)));
	const scale = totalBytes / drawn.reduce((sum, size) => sum + size, 0);
	const sizes = drawn.map((size) => Math.min(maxBytes, Math.floor(size * scale)));
	// Rounding has cost some bytes.
	const missing = totalBytes - sizes.reduce((sum, size) => sum + size, 0);
	const smallest = sizes.indexOf(Math.min(...sizes.filter((size) => size > missing)));
	sizes[smallest] = (sizes[smallest] ?? 0) + missing;
	return sizes;
}

/** A small generator with a seed; Math.random has none. */
function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
