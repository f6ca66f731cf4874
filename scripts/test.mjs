// npm test: everything that must hold, on a fresh clone with only git, Node and npm.
// Arguments go to jest: npm test -- --testPathPatterns pack
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNpm } from './lib/run.mjs';

installIfNeeded();
npmStep('Lint', 'lint');
npmStep('Check the format', 'format:check');
npmStep('Check the types', 'typecheck');
npmStep('Build', 'build');
npmStep("Run n8n's package scan and publint on the tarball", 'scan');

// Last, and nothing after it: the run ends with jest's summary.
console.log('\n» Test');
process.exitCode = runNpm(['run', '--silent', 'test:unit', '--', ...process.argv.slice(2)]);
