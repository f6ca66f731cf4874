// npm run test:faults: installs and builds what is missing, then hands over to the fault campaign.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
process.exitCode = runNode(['--import', 'tsx', 'test/faults/main.ts', ...process.argv.slice(2)]);
