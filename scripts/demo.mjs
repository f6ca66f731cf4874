// npm run demo: installs and builds what is missing, then hands over to the demonstration.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
process.exitCode = runNode(['--import', 'tsx', 'scripts/demo/main.ts', ...process.argv.slice(2)]);
