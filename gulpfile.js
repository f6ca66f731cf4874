const { dest, src } = require('gulp');

/** Icons, codex files and schemas of the output: n8n looks for them beside the compiled node. */
function assets() {
	return src(['nodes/**/*.{svg,node.json}', 'nodes/**/__schema__/**/*.json'], {
		encoding: false,
	}).pipe(dest('dist/nodes'));
}

exports.assets = assets;
exports.default = assets;
