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
	/** Content hashes (Dropbox) or SHA-1 (Box) of all files. */
	storedHashes(vendor: 'dropbox' | 'box'): string[];
}
