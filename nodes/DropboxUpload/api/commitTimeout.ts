const FIRST_MS = 600_000;
const EACH_FILE_MS = 300;

/**
 * How long a commit of so many files may take. Dropbox names no limit; public reports have 2 to 9
 * minutes for a few files, and rclone waits 10 for a batch (its option batch-commit-timeout).
 */
export function commitTimeoutMs(files: number): number {
	return FIRST_MS + files * EACH_FILE_MS;
}
