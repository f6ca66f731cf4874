/** The check against the real services, against the loopback clouds: green there, and it names what is broken. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LoopbackCloud } from '../cloud';
import { startCloud } from '../cloud';
import { CloudClient } from '../cloud/client';
import { boxEnterpriseId } from '../cloud/box/accounts';
import { consent } from '../cloud/consent';
import type { Vendor } from '../cloud/core/contract';
import { startEngine } from '../engine';
import { assertFreshBuild, repositoryDir } from '../support/freshBuild';
import { freePort } from '../support/freePort';
import { until } from '../support/until';
import { announcement } from './announcement';
import { broken } from './broken';
import { assumptions } from './page';
import { livePage, readReports, statusSentence, writeReport } from './report';
import { FolderExists } from './scratch';
import { NoSignIn, signIn } from './signIn';
import type { Verified, VerifyOptions } from './verify';
import { verify } from './verify';

const VENDORS: readonly Vendor[] = ['dropbox', 'box'];
const KIB = 1024;
const FOLDER = 'check 1a2b3c';

/** A session of the loopback Box: its probes send whole ones. */
const BOX_SESSION_BYTES = 200 * KIB;

let cloud: LoopbackCloud;
let client: CloudClient;

beforeAll(async () => {
	assertFreshBuild();
	cloud = await startCloud({
		box: { minimumSessionBytes: BOX_SESSION_BYTES, partSizeBytes: 64 * KIB },
	});
	client = new CloudClient(cloud);
});

afterEach(() => {
	expect(cloud.errors.map(String)).toEqual([]);
	cloud.reset();
	Object.assign(cloud.dropbox.settings, {
		unknownFunctionStatus: 400,
		maxArgumentHeaderBytes: 8192,
	});
});

afterAll(async () => {
	await client.close();
	await cloud.stop();
});

async function check(vendor: Vendor, options: Partial<VerifyOptions> = {}): Promise<Verified> {
	return await verify({
		vendor,
		accessToken: cloud.issueToken(vendor).accessToken,
		folder: FOLDER,
		version: '0.0.0',
		say: () => {},
		plan: { small: 4, largeBytes: 0 },
		dispatcher: client.dispatcher,
		boxSessionBytes: BOX_SESSION_BYTES,
		pollMs: 1,
		...options,
	});
}

const filesLeft = (): number => cloud.dropbox.files().length + cloud.box.files().length;

function brokenIn({ report }: Verified): string[] {
	return report.assumptions.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id);
}

describe.each([
	['dropbox', 9 * KIB * KIB],
	['box', 20_000_000],
] as const)('against the loopback %s', (vendor, largeBytes) => {
	it('everything that is probed holds, the nodes upload, and nothing is left', async () => {
		const other = vendor === 'dropbox' ? cloud.dropbox.putFile('/mine.txt', 'mine') : undefined;
		const mine =
			vendor === 'box' ? cloud.box.putFile({ name: 'mine.txt', content: 'mine' }) : other;
		const { left, report } = await check(vendor, {
			plan: { small: 4, largeBytes },
			startEngine: async () =>
				await startEngine({ packageDirs: [repositoryDir], env: { ...cloud.env } }),
		});
		const probed = assumptions.filter(
			({ checked, id }) => checked === 'probed' && id.startsWith(`${vendor}/`),
		);
		expect(report.assumptions.filter(({ verdict }) => verdict === 'broken')).toEqual([]);
		const held = report.assumptions.filter(({ verdict }) => verdict === 'held').map(({ id }) => id);
		expect(held).toEqual(expect.arrayContaining(probed.map(({ id }) => id)));
		expect(report.uploads.map(({ said, verdict }) => [verdict, said])).toEqual(
			report.uploads.map(() => ['held', '']),
		);
		expect(report.uploads).toHaveLength(5);
		expect([left, report.complete]).toEqual([[], true]);
		expect(filesLeft()).toBe(1);
		expect(mine).toBeDefined();
		expect(cloud.box.folders().filter(({ name }) => name === FOLDER)).toEqual([]);
	}, 120_000);
});

describe('a cloud in which one assumption is not so', () => {
	const probed = assumptions.filter(({ checked }) => checked === 'probed').map(({ id }) => id);

	it('is there for each that is probed', () => {
		expect(Object.keys(broken).sort()).toEqual([...probed].sort());
		expect(probed.length).toBeGreaterThanOrEqual(25);
	});

	/** What sends megabytes is run for itself alone. */
	const isHeavy = (id: string): boolean => /^dropbox\/(concurrent|stored-hash)/.test(id);

	it.each(probed)('%s is named, and nothing else', async (id) => {
		broken[id]?.(cloud);
		const vendor = id.startsWith('dropbox/') ? 'dropbox' : 'box';
		const found = await check(vendor, { only: (other) => other === id || !isHeavy(other) });
		expect(brokenIn(found)).toEqual([id]);
		expect(found.left).toEqual([]);
		expect(filesLeft()).toBe(0);
	});
});

describe('the command', () => {
	it.each(VENDORS)('says what it does: %s', (vendor) => {
		const said = announcement(vendor, FOLDER, { small: 30, largeBytes: 12 * KIB * KIB });
		expect(said).toContain(FOLDER);
		expect(said).toMatch(/\d+ MiB/);
		expect(said).toContain(`docs/live/${vendor}.json`);
	});

	it.each(VENDORS)('refuses a folder that exists, and leaves it alone: %s', async (vendor) => {
		if (vendor === 'dropbox') cloud.dropbox.putFile(`/${FOLDER}/mine.txt`, 'mine');
		else {
			const { id } = cloud.box.putFolder({ name: FOLDER });
			cloud.box.putFile({ name: 'mine.txt', parentId: id, content: 'mine' });
		}
		await expect(check(vendor)).rejects.toThrow(FolderExists);
		expect(filesLeft()).toBe(1);
	});

	it.each(VENDORS)('removes its folder when it is stopped: %s', async (vendor) => {
		const stop = new AbortController();
		let findings = 0;
		const { left, report } = await check(vendor, {
			signal: stop.signal,
			only: (id) => !id.includes('concurrent'),
			say: () => {
				findings += 1;
				if (findings === 5) stop.abort();
			},
		});
		const taken = report.assumptions.filter(({ verdict }) => verdict === 'held');
		expect([report.complete, taken.length]).toEqual([false, 5]);
		expect([left, filesLeft()]).toEqual([[], 0]);
	});

	it.each(VENDORS)('lists what it could not remove: %s', async (vendor) => {
		const route = vendor === 'dropbox' ? 'files/delete_v2' : 'DELETE /folders/:id';
		cloud.faults.add({ route, action: { kind: 'reply', status: 403 } });
		const { left, report } = await check(vendor, {
			only: (id) => id.endsWith('/conflict') || id.endsWith('/direct'),
		});
		expect(left).toHaveLength(2);
		expect(left[0]).toBe(`/${FOLDER}`);
		expect(report.left).toBe(2);
	});

	it('lets a probe fail alone', async () => {
		cloud.faults.add({ route: 'files/upload', action: { kind: 'resetBefore' } });
		const { report } = await check('dropbox', { only: (id) => !id.includes('concurrent') });
		const lost = report.assumptions.filter(
			({ said, verdict }) => verdict === 'not seen' && said.startsWith('no answer'),
		);
		expect(lost.map(({ id }) => id)).toEqual(['dropbox/files-upload']);
	});

	it('tells of a 429 that it was seen, and waits', async () => {
		const headers = { 'retry-after': '0' };
		cloud.faults.add({
			route: 'files/get_metadata',
			action: { kind: 'reply', status: 429, headers },
		});
		const { report } = await check('dropbox', { only: (id) => id === 'dropbox/absent' });
		const verdicts = Object.fromEntries(report.assumptions.map(({ id, verdict }) => [id, verdict]));
		expect(verdicts).toMatchObject({
			'dropbox/absent': 'held',
			'dropbox/rate-limit': 'held',
			'dropbox/busy': 'not seen',
			'dropbox/session-lifetime': 'not seen',
		});
	});
});

describe('from the command line', () => {
	function start(args: readonly string[], input = '') {
		const dir = mkdtempSync(join(tmpdir(), 'live-'));
		const main = ['--import', 'tsx', 'test/live/main.ts', ...args, '--out', dir];
		const { accessToken } = cloud.issueToken('dropbox');
		const env = { ...process.env, ...cloud.env, DROPBOX_ACCESS_TOKEN: accessToken };
		const child = spawn(process.execPath, main, { cwd: repositoryDir, env });
		let output = '';
		child.stdin.end(input);
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text: string) => (output += text));
		}
		const ended = once(child, 'close').then(([code]) => Number(code));
		return { accessToken, child, dir, ended, output: () => output };
	}

	it('asks, and sends nothing without a yes', async () => {
		const run = start(['--dropbox'], 'no\n');
		expect(await run.ended).toBe(1);
		expect(run.output()).toContain('Nothing was sent.');
		expect(cloud.log).toHaveLength(0);
		rmSync(run.dir, { recursive: true });
	}, 120_000);

	// Windows has no such signal.
	const onPosix = process.platform === 'win32' ? it.skip : it;
	onPosix(
		'removes its folder after Ctrl+C, and writes what it has seen',
		async () => {
			const run = start(['--dropbox', '--yes']);
			await until(() => run.output().includes('dropbox/start-batch'), 60_000);
			run.child.kill('SIGINT');
			expect(await run.ended).toBe(1);
			expect(filesLeft()).toBe(0);
			const text = readFileSync(join(run.dir, 'live', 'dropbox.json'), 'utf8');
			expect(JSON.parse(text)).toMatchObject({ vendor: 'dropbox', complete: false, left: 0 });
			const page = readFileSync(join(run.dir, 'live.md'), 'utf8');
			expect(page).toContain('stopped before its end');
			expect((text + page + run.output()).includes(run.accessToken)).toBe(false);
			rmSync(run.dir, { recursive: true });
		},
		120_000,
	);
});

describe('the report', () => {
	it('has no token, no name and no account in it', async () => {
		const { accessToken } = cloud.issueToken('dropbox');
		const { report } = await check('dropbox', {
			accessToken,
			only: (id) => !id.includes('concurrent'),
		});
		const dir = mkdtempSync(join(tmpdir(), 'live-'));
		try {
			const text = readFileSync(writeReport(report, dir), 'utf8') + livePage(readReports(dir));
			for (const secret of [accessToken, FOLDER, 'dbid:', 'pid_upload_session', '@', 'id:']) {
				expect(text.includes(secret)).toBe(false);
			}
			expect(text).toMatch(/"requestId": "[0-9a-f]{32}"/);
			expect(statusSentence(readReports(dir))).toMatch(
				/^The nodes have been checked against the real Dropbox on .*, but not against the real Box\.$/,
			);
		} finally {
			rmSync(dir, { recursive: true });
		}
	});

	it('is what the README says', () => {
		const readme = readFileSync(join(repositoryDir, 'README.md'), 'utf8');
		expect(readme).toContain(statusSentence(readReports()));
	});

	it.each(assumptions.map(({ id, test }) => [id, test]))('%s names a test: %s', (_, test) => {
		expect(existsSync(join(repositoryDir, test))).toBe(true);
	});
});

describe('the sign-in', () => {
	const quiet = { browser: false, say: () => {}, ask: async () => await Promise.resolve('') };
	const through = () => ({ ...quiet, dispatcher: client.dispatcher });
	const app = { id: 'test-app', secret: 'test-app-secret' };

	it('takes a token from the environment', async () => {
		const env = { DROPBOX_ACCESS_TOKEN: 'given', BOX_ACCESS_TOKEN: 'other' };
		expect(await signIn('dropbox', { ...quiet, env })).toBe('given');
		expect(await signIn('box', { ...quiet, env })).toBe('other');
	});

	it('says how when nothing is given', async () => {
		for (const vendor of VENDORS) {
			await expect(signIn(vendor, { ...quiet, env: {} })).rejects.toThrow(NoSignIn);
		}
	});

	it('to Dropbox, with a code to paste', async () => {
		let address = '';
		const token = await signIn('dropbox', {
			...through(),
			env: { DROPBOX_APP_KEY: app.id },
			say: (line) => (address = /https:\S+/.exec(line)?.[0] ?? ''),
			ask: async () => {
				const reply = await client.send(address, {
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
					body: 'decision=allow',
				});
				return `${/Access code: (\w+)/.exec(reply.text)?.[1]}\n`;
			},
		});
		expect(cloud.dropboxTokens.authenticate({ authorization: `Bearer ${token}` }).ok).toBe(true);
	});

	it('to Box, as a server app', async () => {
		const env = {
			BOX_CLIENT_ID: app.id,
			BOX_CLIENT_SECRET: app.secret,
			BOX_ENTERPRISE_ID: boxEnterpriseId,
		};
		const token = await signIn('box', { ...through(), env });
		expect(cloud.boxTokens.authenticate({ authorization: `Bearer ${token}` }).ok).toBe(true);
		const wrong = { ...env, BOX_CLIENT_SECRET: 'wrong' };
		await expect(signIn('box', { ...through(), env: wrong })).rejects.toThrow(/HTTP 400/);
	});

	it.each(VENDORS)('to %s, through the browser', async (vendor) => {
		const port = await freePort();
		const env = { DROPBOX_APP_KEY: app.id, BOX_CLIENT_ID: app.id, BOX_CLIENT_SECRET: app.secret };
		let back: Promise<unknown> | undefined;
		const token = await signIn(vendor, {
			...through(),
			env,
			browser: true,
			port,
			say: (line) => {
				const address = /https:\S+/.exec(line)?.[0] ?? '';
				back = consent(client, address, 'allow').then(async (url) => await fetch(url));
			},
		});
		await back;
		const tokens = vendor === 'dropbox' ? cloud.dropboxTokens : cloud.boxTokens;
		expect(tokens.authenticate({ authorization: `Bearer ${token}` }).ok).toBe(true);
	});
});
