// npm run test:compat: the packed tarball in the oldest and in the newest engine of n8n.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode, step } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
for (const which of ['oldest', 'newest']) {
	step(`Install the ${which} engine of n8n, once (400 MB, into your cache folder)`, () =>
		runNode(['test/compat/install.mjs', which]),
	);
}
const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/compat/jest.config.js'];
process.exitCode = runNode([...jest, ...process.argv.slice(2)]);
