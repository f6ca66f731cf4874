import type { RateLimit } from '../core/rateWindow';

const mebibyte = 1024 * 1024;
const dayMs = 24 * 60 * 60 * 1000;

/** What a test can turn. The defaults are Dropbox's own numbers where Dropbox publishes them. */
export interface DropboxSettings {
	/** Files up to here keep their bytes, so that a test can compare them; all have their hash. */
	keepBytesUpTo: number;
	maxRequestBytes: number;
	maxFileBytes: number;
	/** Dropbox does not publish this limit; 8 KiB is what common front ends allow a header line. */
	maxArgumentHeaderBytes: number;
	oversizedHeaderStatus: 400 | 431;
	sessionIdLength: number;
	sessionLifetimeMs: number;
	/** How a function that is not there is answered; Dropbox's own is 400. */
	unknownFunctionStatus: 400 | 404;
	/**
	 * Never Dropbox's own: an account that gets no concurrent sessions, or whose sessions take their parts in order
	 * whatever they were opened as.
	 */
	concurrentSessions: 'given' | 'refused' | 'inOrder';
	/** Whether the entries of a batch are committed in the order given. Dropbox promises none. */
	commitsInOrder: boolean;
	/** Into so many shared folders one batch may commit; Dropbox does not publish this limit. */
	maxSharedFoldersInBatch: number;
	/** So long a commit, or the launch of a job, is at work before it stores anything. */
	commitMs: number;
	/**
	 * How a commit is answered while another of the account is at work, a running job included. Public
	 * reports have all three (rclone's issues 1539 and 5491); undefined: both are committed.
	 */
	overlapRefusedAs: 'entry' | 'path' | '429' | undefined;
	/**
	 * Stands for whatever a pattern of the specification does not let through: an argument with this text in it is
	 * refused as a whole, with a 400 in plain text, as `malformed` arguments are anyway.
	 */
	malformedText: string | undefined;
	/** `in_progress` answers before a job is complete; 0 makes launches answer `complete` at once. */
	jobPolls: number;
	listFolderPageSize: number;
	sharedLinksPageSize: number;
	/** So many members, or shared folders, at most, whatever a client asks for. */
	membersPageSize: number;
	sharedFoldersPageSize: number;
	quotaBytes: number;
	/** How many requests a window of time lets in; no limit when undefined. */
	rateLimit: RateLimit | undefined;
	/** Property templates that exist. */
	templateIds: string[];
	/** The app has access to its own folder only. */
	isAppFolderApp: boolean;
	/** The permissions that are ticked in the app; all when undefined. */
	appScopes?: readonly string[];
	/** Somebody has disabled the app. */
	isAppDisabled: boolean;
	/** https://www.dropbox.com/developers/documentation/http/documentation#files-get_temporary_link: four hours. */
	temporaryLinkMs: number;
	/** What `save_url` finds at an address; without it nothing can be downloaded. */
	fetchUrl?: (url: string) => Promise<Buffer>;
}

export function defaultSettings(): DropboxSettings {
	return {
		keepBytesUpTo: mebibyte,
		maxRequestBytes: 150 * mebibyte,
		maxFileBytes: 2 ** 41 - 2 ** 22,
		maxArgumentHeaderBytes: 8192,
		oversizedHeaderStatus: 431,
		sessionIdLength: 69,
		sessionLifetimeMs: 7 * dayMs,
		concurrentSessions: 'given',
		unknownFunctionStatus: 400,
		commitsInOrder: true,
		maxSharedFoldersInBatch: Infinity,
		malformedText: undefined,
		commitMs: 0,
		overlapRefusedAs: undefined,
		jobPolls: 1,
		listFolderPageSize: 2000,
		sharedLinksPageSize: 100,
		membersPageSize: 1000,
		sharedFoldersPageSize: 1000,
		quotaBytes: Infinity,
		rateLimit: undefined,
		templateIds: [],
		isAppFolderApp: false,
		isAppDisabled: false,
		temporaryLinkMs: 4 * 60 * 60 * 1000,
	};
}
