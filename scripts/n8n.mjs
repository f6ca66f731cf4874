// npm run n8n: installs and builds what is missing, then hands over to the real n8n.
import { installIfNeeded } from './lib/install.mjs';
import { installN8n } from './lib/installN8n.mjs';
import { npmStep, runNode } from './lib/run.mjs';

// Ctrl+C reaches the whole group: what has been started cleans up, and this waits for it.
process.on('SIGINT', () => undefined);

installIfNeeded();
npmStep('Build', 'build');
installN8n();
process.exitCode = runNode(['--import', 'tsx', 'scripts/n8n/main.ts']);
