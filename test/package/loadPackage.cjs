// Loads an unpacked package the way n8n does and prints what n8n has then, as JSON. A plain Node
// process of its own: jest resolves modules by other rules. Usage: loadPackage.cjs <package folder>
const Module = require('node:module');
const path = require('node:path');
const { PackageDirectoryLoader } = require('n8n-core');

const packageDir = path.resolve(process.argv[2]);
const manifest = require(path.join(packageDir, 'package.json'));

const requested = new Set();
const load = Module._load;
Module._load = function (request, parent, ...rest) {
	const isOurs = parent?.filename?.startsWith(path.join(packageDir, 'dist'));
	if (isOurs && !request.startsWith('.')) requested.add(request);
	return load.call(this, request, parent, ...rest);
};

const resolvable = (name) => {
	try {
		Module.createRequire(path.join(packageDir, 'package.json')).resolve(name);
		return true;
	} catch {
		return false;
	}
};

async function main() {
	const loader = new PackageDirectoryLoader(packageDir);
	await loader.loadAll();
	return {
		requested: [...requested].sort(),
		resolvable: Object.keys(manifest.devDependencies).filter(resolvable),
		nodes: Object.values(loader.nodeTypes).map(({ type }) => type.description),
		credentials: Object.values(loader.credentialTypes).map(({ type }) => type),
	};
}

main().then(
	(loaded) => process.stdout.write(JSON.stringify(loaded)),
	(error) => {
		console.error(error);
		process.exitCode = 1;
	},
);
