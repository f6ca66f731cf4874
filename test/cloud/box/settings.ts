import type { RateLimit } from '../core/rateWindow';

/** What a test can turn. Times and sizes as Box documents them unless a test says otherwise. */
export interface BoxSettings {
	/** Dictated by every new upload session. */
	partSizeBytes: number;
	/** Smaller files are refused a session. */
	minimumSessionBytes: number;
	/** Larger files are refused a direct upload. */
	maximumDirectBytes: number;
	/** The account's limit for one file. */
	maximumFileBytes: number;
	/** The account's storage; every version of every file counts. */
	quotaBytes: number;
	/** Larger files are hashed, their bytes forgotten. */
	keepBytesUpTo: number;
	/** Where session endpoints and upload URLs point. Box names regional hosts, never upload.box.com. */
	endpointOrigin: string;
	sessionLifetimeMs: number;
	/** How many times a commit is answered 202 before a session's file exists. */
	commit202: number;
	/** The Retry-After of those answers, and of 429. */
	retryAfterSec: number;
	/** How many times a session's commit is answered `parts_mismatch` although its parts are right. */
	partsMismatchTimes: number;
	/** How many of the next writes into a folder are refused with `operation_blocked_temporary`. */
	blockedTemporary: number;
	/** How many of the next writes of a name are refused with `name_temporarily_reserved`. */
	nameReserved: number;
	/** How many of the next requests are refused with 429. */
	rateLimited: number;
	/** How many requests a window of time lets in; no limit when undefined. */
	rateLimit: RateLimit | undefined;
	/** Box documents 409 for an overlapping part; 416 is what clients report to have seen. */
	overlapStatus: 409 | 416;
	/** Uploads answer with one conflicting item, the documented schema says a list. */
	conflictsAs: 'object' | 'array';
	/** Creating a session again while an untouched one is open: 409 `session_conflict` with that session. */
	sessionConflicts: boolean;
}

export const defaultSettings: Readonly<BoxSettings> = {
	partSizeBytes: 8 * 1024 * 1024,
	minimumSessionBytes: 20_000_000,
	maximumDirectBytes: 50_000_000,
	maximumFileBytes: 500 * 1024 ** 3,
	quotaBytes: 10 * 1024 ** 4,
	keepBytesUpTo: 1024 * 1024,
	endpointOrigin: 'https://upload-las.app.box.com',
	sessionLifetimeMs: 7 * 24 * 60 * 60 * 1000,
	commit202: 0,
	retryAfterSec: 1,
	partsMismatchTimes: 0,
	blockedTemporary: 0,
	nameReserved: 0,
	rateLimited: 0,
	rateLimit: undefined,
	overlapStatus: 416,
	conflictsAs: 'object',
	sessionConflicts: false,
};
