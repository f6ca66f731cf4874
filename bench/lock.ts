/** Two benchmarks at once would measure each other, and share their files. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Throws while another living process holds it; returns what gives it back. */
export function takeLock(file: string): () => void {
	const holder = holderOf(file);
	if (holder !== undefined && isAlive(holder)) {
		throw new Error(`Another benchmark is running (process ${holder}): wait for it.`);
	}
	rmSync(file, { force: true });
	writeFileSync(file, String(process.pid), { flag: 'wx' });
	return () => rmSync(file, { force: true });
}

function holderOf(file: string): number | undefined {
	try {
		return Number(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Somebody else's process is alive, too.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
