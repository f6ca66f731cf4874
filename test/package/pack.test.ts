import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';
import { spawnSync } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { packAndUnpack } from '../support/packed';

const ROOT = path.resolve(__dirname, '..', '..');
const MAX_TARBALL_BYTES = 250_000;

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

interface Loaded {
	/** What our compiled files asked for that is not one of themselves. */
	requested: string[];
	/** The dev dependencies that could be found from the unpacked package. */
	resolvable: string[];
	nodes: INodeTypeDescription[];
	credentials: ICredentialType[];
}

const readJson = (...parts: string[]): unknown =>
	JSON.parse(readFileSync(path.join(...parts), 'utf8'));

/** Paths of the files below a folder, with forward slashes. */
function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => statSync(path.join(folder, file)).isFile())
		.map((file) => file.split(path.sep).join('/'));
}

const sourceFiles = () =>
	['nodes', 'credentials'].flatMap((folder) =>
		filesBelow(path.join(ROOT, folder)).map((file) => `${folder}/${file}`),
	);

const builtFile = (source: string) => `dist/${source.replace(/\.ts$/, '.js')}`;

/** The tarball is made of dist/: without this a test of old output would look like a result. */
function refuseOldBuild(): void {
	const isOld = (source: string) => {
		const built = path.join(ROOT, builtFile(source));
		return (
			!existsSync(built) || statSync(built).mtimeMs < statSync(path.join(ROOT, source)).mtimeMs
		);
	};
	const old = sourceFiles().filter((file) => file.endsWith('.ts') && isOld(file));
	if (old.length > 0) throw new Error(`Run "npm run build" first: ${old.join(', ')} changed.`);
}

function runNode(args: string[]): string {
	// Without NODE_PATH: nothing but the folders above the package may serve its requires.
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => name.toUpperCase() !== 'NODE_PATH'),
	);
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

describe('the published package', () => {
	const manifest = readJson(ROOT, 'package.json') as Manifest;
	let folder: string;
	let packageDir: string;
	let tarballBytes: number;
	let loaded: Loaded;

	beforeAll(() => {
		refuseOldBuild();
		folder = mkdtempSync(path.join(realpathSync.native(tmpdir()), 'upload-sessions-pack-'));
		({ packageDir, tarballBytes } = packAndUnpack(folder));

		mkdirSync(path.join(folder, 'node_modules'));
		symlinkSync(
			path.join(ROOT, 'node_modules', 'n8n-workflow'),
			path.join(folder, 'node_modules', 'n8n-workflow'),
			'junction',
		);
		loaded = JSON.parse(runNode([path.join(__dirname, 'loadPackage.cjs'), packageDir])) as Loaded;
	}, 120_000);

	afterAll(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	const iconFile = (iconUrl: string) => path.join(packageDir, ...iconUrl.split(/[\\/]/).slice(2));

	test('holds the compiled sources, their icons and codex files, and four documents', () => {
		expect(filesBelow(packageDir).sort()).toEqual(
			[
				'CHANGELOG.md',
				'LICENSE.md',
				'README.md',
				'package.json',
				...sourceFiles().map(builtFile),
			].sort(),
		);
	});

	test('is small', () => {
		expect(tarballBytes).toBeLessThan(MAX_TARBALL_BYTES);
	});

	test('needs n8n-workflow and node:crypto only', () => {
		expect(loaded.requested).toEqual(['n8n-workflow', 'node:crypto']);
	});

	test('was loaded where no other dev dependency could have helped it', () => {
		expect(loaded.resolvable).toEqual(['n8n-workflow']);
	});

	test('gives n8n every node and credential it lists', () => {
		const { nodes, credentials } = manifest.n8n;
		const expectedName = (file: string) => {
			const name = path.posix.basename(file).split('.')[0] ?? '';
			return name.charAt(0).toLowerCase() + name.slice(1);
		};
		expect(loaded.nodes.map(({ name }) => name).sort()).toEqual(nodes.map(expectedName).sort());
		expect(loaded.credentials.map(({ name }) => name).sort()).toEqual(
			credentials.map(expectedName).sort(),
		);
	});

	test('gives each node and credential a light and a dark icon that is in the package', () => {
		const icons = [...loaded.nodes, ...loaded.credentials].map(({ name, iconUrl }) => {
			const files = iconUrl as { light: string; dark: string };
			return { name, files: [iconFile(files.light), iconFile(files.dark)] };
		});
		for (const { name, files } of icons) {
			expect({ name, exist: files.map((file) => existsSync(file)) }).toEqual({
				name,
				exist: [true, true],
			});
			expect(new Set(files.map((file) => readFileSync(file, 'utf8'))).size).toBe(2);
		}
	});

	test('places each node in a category of the nodes panel, with a page to read', () => {
		for (const { codex } of loaded.nodes) {
			expect(codex?.categories).toEqual(['Data & Storage']);
			expect(codex?.resources?.primaryDocumentation).toHaveLength(1);
			expect(codex?.resources?.credentialDocumentation).toHaveLength(1);
		}
	});

	test('links each credential to a node that uses it', () => {
		const used = loaded.nodes.flatMap(({ credentials }) => credentials ?? []);
		const usedNames = [...new Set(used.map(({ name }) => name))].sort();
		expect(usedNames).toEqual(loaded.credentials.map(({ name }) => name).sort());
	});
});

test('the changelog begins with the version of package.json', () => {
	const { version } = readJson(ROOT, 'package.json') as { version: string };
	const changelog = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');
	expect(/^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$/m.exec(changelog)?.[1]).toBe(version);
});

test('the lock file names no registry, so an install asks the one that npm is set to', () => {
	const { packages } = readJson(ROOT, 'package-lock.json') as {
		packages: Record<string, { resolved?: string }>;
	};
	const addresses = Object.values(packages).filter(({ resolved }) => resolved !== undefined);
	expect(addresses).toEqual([]);
});
