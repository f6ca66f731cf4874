// npm test: everything that must hold, on a fresh clone with only git, Node and npm.
// Arguments go to jest: npm test -- --testPathPatterns pack
import { installIfNeeded } from './lib/install.mjs';
import { npmStepsAtOnce, runNpm } from './lib/run.mjs';

installIfNeeded();
// The lint checks the types too, and takes as long as all the others together.
await npmStepsAtOnce([
	[['Lint', 'lint']],
	[
		['Build', 'build'],
		["Run n8n's package scan and publint on the tarball", 'scan'],
		['Check the format', 'format:check'],
	],
]);

// Last, and nothing after it: the run ends with jest's summary.
console.log('\n» Test');
const chosen = process.argv.slice(2);
const jestArgs = chosen.length > 0 ? chosen : ['--config', 'jest.whole.config.js'];
process.exitCode = runNpm(['run', '--silent', 'test:unit', '--', ...jestArgs]);
