import type { BentHits } from './bentHits';
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
	/** Whether the last of them has made the file all the same, so that the next commit meets it (assumed). */
	storesBehind202: boolean;
	/**
	 * How many of the next commits are refused with `digest_mismatch` although all parts are right, as reported
	 * in https://github.com/box/box-windows-sdk-v2/issues/767.
	 */
	digestMismatchTimes: number;
	/** How many of the next questions for content are answered 202. */
	content202: number;
	/** https://developer.box.com/guides/api-calls/permissions-and-errors/expiration/: 15 minutes. */
	downloadUrlMs: number;
	/** What an address that has expired is answered; Box documents no status (assumed). */
	expiredDownloadStatus: number;
	/** The Retry-After of the 202 answers, and of 429. */
	retryAfterSec: number;
	/** How many times a session's commit is answered `parts_mismatch` although its parts are right. */
	partsMismatchTimes: number;
	/** How many of the next writes into a folder are refused with `operation_blocked_temporary`. */
	blockedTemporary: number;
	/** How many of the next writes of a name are refused with `name_temporarily_reserved`. */
	nameReserved: number;
	/**
	 * How many of the next lists of a folder lack the folders in it, although making one is refused with 409
	 * (https://github.com/duplicati/duplicati/pull/7099).
	 */
	unlistedFolders: number;
	/** How many calls do not find a folder that has just been made (404). */
	newFolderMisses: number;
	/** How many of the next lists of parts lack the newest part (assumed, as 202 and parts_mismatch show such a lag). */
	unlistedParts: number;
	/** Whether a session says where it can be planned, and the call is there. */
	plans: boolean;
	/** Parts of committed files are known up to so many bytes; larger files are not. */
	knownPartsBytes: number;
	/** Whether a list of parts shows those that the session has by a hit (not documented). */
	listsHits: boolean;
	/** How many of the next commits with hits find that Box has lost them. */
	vanishingHits: number;
	/** How many of the next commits with hits find other bytes in them. */
	spoiltHits: number;
	/** Never Box's own, as far as is known: how the hits of a plan are wrong. */
	bentHits: BentHits | undefined;
	/** How many of the next requests are refused with 429. */
	rateLimited: number;
	/** How many requests a window of time lets in; no limit when undefined. */
	rateLimit: RateLimit | undefined;
	/** Box documents 409 for an overlapping part; 416 is what clients report to have seen. */
	overlapStatus: 409 | 416;
	/** Uploads answer with one conflicting item, the documented schema says a list; either may be left out. */
	conflictsAs: 'object' | 'array' | 'none';
	/** Creating a session again while an untouched one is open: 409 `session_conflict` with that session. */
	sessionConflicts: boolean;
	/** Whether the app may manage the users of the enterprise. */
	mayManageUsers: boolean;
	/** However many are asked for: https://developer.box.com/guides/api-calls/pagination/offset-based/ */
	usersPage: number;
	/** The same for the parts of a session. */
	partsPage: number;
	/** Never Box's own: fields of its sessions as a client gets to see them. */
	bentSession: Readonly<Record<string, unknown>>;
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
	storesBehind202: false,
	digestMismatchTimes: 0,
	content202: 0,
	downloadUrlMs: 15 * 60 * 1000,
	expiredDownloadStatus: 404,
	retryAfterSec: 1,
	partsMismatchTimes: 0,
	blockedTemporary: 0,
	nameReserved: 0,
	unlistedFolders: 0,
	newFolderMisses: 0,
	unlistedParts: 0,
	plans: true,
	knownPartsBytes: 64 * 1024 * 1024,
	listsHits: false,
	vanishingHits: 0,
	spoiltHits: 0,
	bentHits: undefined,
	rateLimited: 0,
	rateLimit: undefined,
	overlapStatus: 416,
	conflictsAs: 'object',
	sessionConflicts: false,
	mayManageUsers: true,
	usersPage: 1_000,
	partsPage: 1_000,
	bentSession: {},
};
