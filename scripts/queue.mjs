// npm run test:queue: n8n's queue mode with two workers. With --quick on a smaller scale, in minutes; the
// tables of docs/scaling.md stay as they are then. Other arguments go to jest.
import { installIfNeeded } from './lib/install.mjs';
import { npmStep, runNode, step } from './lib/run.mjs';

const args = process.argv.slice(2);
const isQuick = args.includes('--quick');

installIfNeeded();
npmStep('Build', 'build');
step('Install n8n, once (2.3 GB, into your cache folder)', () => runNode(['test/n8n/install.mjs']));
const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/n8n/queue/jest.config.js'];
process.exitCode = runNode([...jest, ...args.filter((arg) => arg !== '--quick')], {
	env: { ...process.env, QUEUE_QUICK: isQuick ? '1' : '0' },
});
