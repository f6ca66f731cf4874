import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const LOOK_AGAIN_MS = 500;

/** Runs the action while no other process holds the lock; waits for one that does. */
export function withFileLock(file, waiting, action) {
	let told = false;
	while (!take(file)) {
		const holder = holderOf(file);
		// Without a number the holder has only just made the file.
		if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
		else {
			if (!told) waiting(holder);
			told = true;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
		}
	}
	try {
		return action();
	} finally {
		rmSync(file, { force: true });
	}
}

function take(file) {
	try {
		writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (error.code === 'EEXIST') return false;
		throw error;
	}
}

function holderOf(file) {
	try {
		return Number(readFileSync(file, 'utf8')) || undefined;
	} catch {
		return undefined;
	}
}

function isAlive(pid) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Somebody else's process is alive, too.
		return error.code === 'EPERM';
	}
}
