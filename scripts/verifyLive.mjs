// npm run verify:live: installs and builds what is missing, then hands over to the checks against the real services.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode } from './lib/run.mjs';

installIfNeeded();
npmStep('Build', 'build');
// Ctrl+C is for the check itself, which removes its folder first.
process.on('SIGINT', () => {});
process.exitCode = runNode(['--import', 'tsx', 'test/live/main.ts', ...process.argv.slice(2)]);
