import { homedir } from 'node:os';
import path from 'node:path';

/** What is large, and the same for every clone: kept once per user. */
export function userCacheDir() {
	return path.join(cacheRoot(), 'n8n-nodes-upload-sessions');
}

function cacheRoot() {
	if (process.platform === 'win32') {
		return process.env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local');
	}
	if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches');
	return process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
}
