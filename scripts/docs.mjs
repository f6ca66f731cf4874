// npm run docs: writes the pages of docs/ that follow from the nodes, from a new build.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
process.exitCode = runNode(['--import', 'tsx', 'scripts/docs/main.ts']);
