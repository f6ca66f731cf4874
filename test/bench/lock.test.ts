import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '../../bench/lock';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'bench-lock-'));
});
afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

test('a second benchmark is refused until the first has ended', () => {
	const file = join(folder, 'lock');
	const unlock = takeLock(file);
	expect(() => takeLock(file)).toThrow(`Another benchmark is running (process ${process.pid})`);
	unlock();
	expect(existsSync(file)).toBe(false);
	takeLock(file)();
});

test('what a killed benchmark has left behind stops nobody', () => {
	const file = join(folder, 'lock');
	const { pid } = spawnSync(process.execPath, ['--version']);
	writeFileSync(file, String(pid));
	const unlock = takeLock(file);
	expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
	unlock();
});
