import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CloudClient } from './client';
import { startCloud, type LoopbackCloud } from './index';

const name = 'n8n-nodes-example';
const version = '1.2.3';

let folder: string;
let tarball: Buffer;
let cloud: LoopbackCloud;
let client: CloudClient;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'loopback-registry-'));
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }));
	tarball = readFileSync(join(folder, await npm('pack', folder)));
	cloud = await startCloud();
	client = new CloudClient(cloud);
	cloud.npm.publish({ name, version }, tarball);
}, 120_000);

afterAll(async () => {
	expect(cloud.errors).toEqual([]);
	await client.close();
	await cloud.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** Where npm asks for the name of a file, it prints that name. */
async function npm(command: string, what: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
	const { stdout } = await promisify(execFile)('npm', [command, what, '--quiet'], {
		cwd: folder,
		env: { ...process.env, ...env, npm_config_cache: join(folder, 'cache') },
		// npm is a script of the shell's on Windows.
		shell: process.platform === 'win32',
	});
	return stdout.trim();
}

const get = (path: string) => client.send(`https://registry.npmjs.org/${path}`, { method: 'GET' });

test('names the version that was published, and where its tarball is', async () => {
	const { json } = await get(`${name}/latest`);
	expect(json).toMatchObject({ name, version });
	const { dist } = json as unknown as { dist: { tarball: string } };
	expect(await get(new URL(dist.tarball).pathname.slice(1))).toMatchObject({
		status: 200,
		text: tarball.toString(),
	});
});

test.each([
	`${name}/1.2.4`,
	'n8n-nodes-unknown',
	`${name}/-/${name}-1.2.4.tgz`,
	`-/package/${name}/dist-tags`,
])('knows no %s', async (path) => {
	expect(await get(path)).toMatchObject({ status: 404, json: { error: 'Not found' } });
});

test('is a registry to npm, which checks the tarball by its hash', async () => {
	const file = await npm('pack', `${name}@latest`, cloud.env);
	expect(readFileSync(join(folder, file))).toEqual(tarball);
}, 120_000);
