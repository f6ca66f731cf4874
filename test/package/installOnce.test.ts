import { execFile, spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(__dirname, 'installSample.mjs');

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'install-once-'));
	const manifest = { name: 'sample', version: '1.0.0' };
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
	writeFileSync(
		join(folder, 'package-lock.json'),
		JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { '': manifest } }),
	);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function install(...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, folder, ...args]);
	return stdout.trim();
}

const installations = () =>
	readFileSync(join(folder, 'installations'), 'utf8').trim().split('\n').length;

const cached = () => readdirSync(join(folder, 'cache'));

test('two starters at the same time install once', async () => {
	const [first, second] = await Promise.all([install(), install()]);
	expect(first).toBe(second);
	expect(existsSync(join(first, 'package.json'))).toBe(true);
	expect(installations()).toBe(1);
	expect(cached()).toHaveLength(1);
});

test('what a killed installation has left behind is done again', async () => {
	const target = await install();
	rmSync(target, { recursive: true });
	mkdirSync(`${target}.unfinished`);
	writeFileSync(join(`${target}.unfinished`, 'half'), '');
	const { pid } = spawnSync(process.execPath, ['--version']);
	writeFileSync(`${target}.lock`, String(pid));

	expect(await install()).toBe(target);
	expect(existsSync(join(target, 'half'))).toBe(false);
	expect(installations()).toBe(2);
	expect(cached()).toHaveLength(1);
});

test('a failed last step leaves nothing that looks installed', async () => {
	await expect(install('fail')).rejects.toThrow('The last step failed.');
	expect(cached()).toEqual([]);
	expect(existsSync(await install())).toBe(true);
});
