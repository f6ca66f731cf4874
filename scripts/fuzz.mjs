// npm run test:fuzz: installs and builds what is missing, then hands over to the fuzz.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
process.exitCode = runNode(['--import', 'tsx', 'test/fuzz/main.ts', ...process.argv.slice(2)]);
