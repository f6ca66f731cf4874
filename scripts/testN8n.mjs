// npm run test:n8n: the packed tarball in a real n8n, in a browser and in production.
// Arguments go to jest: npm run test:n8n -- editor
import { installIfNeeded } from './lib/install.mjs';
import { installN8n } from './lib/installN8n.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
installN8n();

// Last, and nothing after it: the run ends with jest's summary.
console.log('\n» Test in n8n');
const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/n8n/jest.config.js'];
process.exitCode = runNode([...jest, ...process.argv.slice(2)]);
