import type { InputFile } from '../clients/job';
import type { AdminMethods } from '../../test/cloud/admin';

export interface Question {
	readonly id: number;
	readonly method: string;
	readonly args: readonly unknown[];
}

export interface Answer {
	readonly id: number;
	readonly result?: unknown;
	readonly error?: string;
}

export interface Ready {
	readonly env: Record<string, string>;
	readonly proxyUrl: string;
	readonly caPem: string;
}

export interface CloudMethods extends AdminMethods {
	/** Both directions, TLS and headers included. */
	wireBytes(): number;
	resetWire(): void;
	/**
	 * Box lets in 240 uploads and 1,000 calls a minute for a user, and tells how long the minute still takes
	 * (https://developer.box.com/guides/api-calls/permissions-and-errors/rate-limits/). Undefined: no limit.
	 */
	limitBox(minuteMs: number | undefined): void;
	/** Of the sessions that Box opens; undefined for 8 MiB. */
	setBoxPartSize(bytes: number | undefined): void;
	/** Box has the file under its name, and all of its parts but these. */
	putVersion(file: InputFile, changedParts: readonly number[]): void;
	/** The account of the vendor has the files, fifty in a folder. Their IDs (Box) or paths (Dropbox). */
	putSources(vendor: 'dropbox' | 'box', files: readonly InputFile[]): string[];
	/** How many requests were answered with 429. */
	refusals(): number;
	/** Content hashes (Dropbox) or SHA-1 (Box) of all files. */
	storedHashes(vendor: 'dropbox' | 'box'): string[];
}
