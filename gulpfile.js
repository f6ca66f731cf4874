const { dest, src } = require('gulp');

/** Icons and codex files: n8n looks for them beside the compiled node. */
function assets() {
	return src('nodes/**/*.{svg,node.json}', { encoding: false }).pipe(dest('dist/nodes'));
}

exports.assets = assets;
exports.default = assets;
