// npm run test:queue: n8n's queue mode with two workers. With --quick on a smaller scale, in minutes; the
// tables of docs/scaling.md stay as they are then. Other arguments go to jest.
import { installIfNeeded } from './lib/install.mjs';
import { installN8n } from './lib/installN8n.mjs';
import { npmStep, runNode } from './lib/run.mjs';

const args = process.argv.slice(2);
const isQuick = args.includes('--quick');

installIfNeeded();
npmStep('Build', 'build');
installN8n();

const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/n8n/queue/jest.config.js'];
process.exitCode = runNode([...jest, ...args.filter((arg) => arg !== '--quick')], {
	env: { ...process.env, QUEUE_QUICK: isQuick ? '1' : '0' },
});
