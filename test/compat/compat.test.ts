import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as box from '../nodes/boxUpload/uploads';
import { filesToCommit, finishBatch } from '../nodes/dropbox/uploads';
import * as dropbox from '../nodes/upload/uploads';
import { assertFreshBuild } from '../support/freshBuild';
import { installedDir } from '../support/installed';
import { packAndUnpack } from '../support/packed';
import { type Rig, useRig } from '../support/rig';
import { until } from '../support/until';

const { MIB } = dropbox;
const INSTALL_TIMEOUT_MS = 600_000;
const TOKEN = 'oauth2/token';
const PARALLEL = 3;

interface Manifest {
	version: string;
	dependencies: Record<string, string>;
}

const manifestIn = (folder: string) =>
	JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The latest is that of the registry, whose version shows when it is installed. */
const releases = (process.env.COMPAT_RELEASES ?? 'oldest,newest').split(',').map((which) => {
	if (which === 'latest') return { which, version: 'of the registry' };
	const version = manifestIn(join(__dirname, which)).dependencies['n8n-core'];
	if (version === undefined) throw new Error(`${which} names no n8n-core`);
	return { which, version };
});

let scratchDir: string;
let packageDir: string;

beforeAll(() => {
	assertFreshBuild();
	scratchDir = mkdtempSync(join(tmpdir(), 'upload-sessions-compat-'));
	({ packageDir } = packAndUnpack(scratchDir));
}, 60_000);

afterAll(() => {
	rmSync(scratchDir, { recursive: true, force: true });
});

/** All access tokens expire once so many requests of the route are under way at the same time. */
function expireAmid(rig: Rig, route: string): void {
	let expired: Promise<void> | undefined;
	const expire = async () => {
		await until(() => rig.cloud.counters().inFlight >= PARALLEL, 25_000);
		rig.cloud.dropboxTokens.expireAll();
		rig.cloud.boxTokens.expireAll();
	};
	const run = async () => await (expired ??= expire());
	rig.cloud.faults.add({ route, times: PARALLEL, action: { kind: 'before', run } });
}

/** Several requests were refused, and all that was missing afterwards was sent with one new token. */
function expectRenewedOnce(rig: Rig, route: string, parts: number): void {
	const statuses = rig.calls(route).map(({ status }) => status);
	const refused = statuses.filter((status) => status === 401);
	expect(refused.length).toBeGreaterThanOrEqual(PARALLEL);
	expect(statuses.filter((status) => status === 200)).toHaveLength(parts);
	expect(statuses).toHaveLength(refused.length + parts);
	expect(rig.calls(TOKEN)).toHaveLength(1);
}

describe.each(releases)('the tarball in n8n $version, the $which', ({ which, version }) => {
	let n8nDir: string;
	beforeAll(async () => {
		const install = 'test/compat/install.mjs';
		n8nDir = await installedDir(install, [which], `n8n-core ${version}`, INSTALL_TIMEOUT_MS);
	}, INSTALL_TIMEOUT_MS);
	const rig = useRig(() => ({ packageDir, engine: { n8nDir } }));

	afterEach(() => {
		expect(rig().cloud.box.schemaProblems).toEqual([]);
	});

	test('runs in that version', () => {
		const { version: installed } = manifestIn(join(n8nDir, 'node_modules', 'n8n-core'));
		expect(installed).toMatch(which === 'latest' ? /^\d+\.\d+\.\d+$/ : version);
		console.log(`The ${which} is n8n-core ${installed}.`);
	});

	describe('Dropbox Upload', () => {
		test('stores small files together and a large one in parts', async () => {
			const contents = [...Array(40).keys(), 40].map(
				(seed) => [`/${seed}.bin`, { sizeBytes: seed === 40 ? 40 * MIB : 1000, seed }] as const,
			);
			const items = contents.map(([path, content]) => dropbox.file(path.slice(1), content));
			const result = await dropbox.upload(rig(), { options: { partSizeMib: 4 }, items });
			dropbox.expectAllStored(rig(), result, contents);
			expect(rig().calls(dropbox.APPEND_BATCH).length).toBeLessThan(5);
			expect(rig().calls(dropbox.APPEND)).toHaveLength(10);
		});

		test('overwrites a file', async () => {
			const before = rig().cloud.dropbox.putFile('/a.txt', 'before');
			const items = [dropbox.file('a.txt', 'after')];
			const result = await dropbox.upload(rig(), { ifExists: 'overwrite', items });
			dropbox.expectAllStored(rig(), result, [['/a.txt', 'after']]);
			expect(rig().cloud.dropbox.file('/a.txt')?.rev).not.toBe(before.rev);
		});

		test('finishes a batch', async () => {
			const paths = ['/one.txt', '/two.txt'];
			const items = await filesToCommit(rig(), paths);
			const result = await rig().dropbox({ ...finishBatch, items });
			expect(dropbox.jsonOf(result).map(({ path_display: path }) => path)).toEqual(paths);
			expect(dropbox.storedPaths(rig()).sort()).toEqual(paths);
		});

		test('renews its sign-in once when it expires amid parallel parts', async () => {
			expireAmid(rig(), dropbox.APPEND);
			const content = { sizeBytes: 60 * MIB, seed: 7 };
			const result = await dropbox.upload(rig(), {
				options: { partSizeMib: 4 },
				items: [dropbox.file('a.bin', content)],
			});
			dropbox.expectAllStored(rig(), result, [['/a.bin', content]]);
			expectRenewedOnce(rig(), dropbox.APPEND, 15);
		});
	});

	describe('Box Upload', () => {
		test('stores small files and a large one in parts, in a folder by its path', async () => {
			const contents = [
				['/Reports/2026/a.txt', 'small'],
				['/Reports/2026/b.bin', { sizeBytes: 40 * MIB, seed: 1 }],
			] as const;
			const result = await box.upload(rig(), {
				parentFolderId: box.byPath('/Reports/2026'),
				items: contents.map(([path, content]) => box.file(path.slice(-5), content)),
			});
			box.expectAllStored(rig(), result, contents);
			expect(rig().calls(box.PUT_PART)).toHaveLength(5);
		});

		test('stores new versions, a small one and a large one', async () => {
			const large = { sizeBytes: box.LARGE, seed: 2 };
			for (const [index, items] of [
				[box.file('a.txt', 'before'), box.file('b.bin', 'before')],
				[box.file('a.txt', 'after'), box.file('b.bin', large)],
			].entries()) {
				const { status } = await box.upload(rig(), { ifExists: 'version', items });
				expect([index, status]).toEqual([index, 'success']);
			}
			expect(
				box.storedFiles(rig()).map(({ path, sha1, versions }) => [path, sha1, versions]),
			).toEqual([
				['/a.txt', box.sha1Of('after'), 2],
				['/b.bin', box.sha1Of(large), 2],
			]);
		});

		// A renewal key of Box works once, so a second renewal would end the connection.
		test('renews its sign-in once when it expires amid parallel parts', async () => {
			expireAmid(rig(), box.PUT_PART);
			const content = { sizeBytes: 64 * MIB, seed: 3 };
			const result = await box.upload(rig(), { items: [box.file('a.bin', content)] });
			box.expectAllStored(rig(), result, [['/a.bin', content]]);
			expectRenewedOnce(rig(), box.PUT_PART, 8);
		});
	});

	describe('a part that nobody answers', () => {
		const fast = useRig(() => ({ packageDir, engine: { n8nDir }, pace: { clockSpeed: 200 } }));

		// n8n's helper takes no signal from us but through the context.
		test('is given up with its connection, and sent again', async () => {
			const run = async () => await until(() => fast().calls(box.PUT_PART).length > 5, 25_000);
			const action = { kind: 'before', run } as const;
			fast().cloud.faults.add({ route: box.PUT_PART, skip: 1, action });
			const content = { sizeBytes: 40 * MIB, seed: 4 };
			const result = await box.upload(fast(), { items: [box.file('a.bin', content)] });
			box.expectAllStored(fast(), result, [['/a.bin', content]]);
			await fast().cloud.idle();
			const statuses = fast()
				.calls(box.PUT_PART)
				.map(({ status }) => status);
			expect(statuses.filter((status) => status === 200)).toHaveLength(5);
			expect(statuses.filter((status) => status === undefined)).toHaveLength(1);
		});
	});
});
