/**
 * The cloud as a process of its own: `node --import tsx test/cloud/main.ts`. Prints one JSON line
 * when it is ready and ends when its standard input does.
 */
import type { AddressInfo } from 'node:net';
import { createAdminServer } from './admin';
import { startCloud } from './index';

async function main(): Promise<void> {
	const cloud = await startCloud();
	const admin = createAdminServer(cloud);
	await new Promise<void>((resolve) => admin.listen(0, '127.0.0.1', () => resolve()));
	const { port } = admin.address() as AddressInfo;
	const { env, proxyUrl, caPem } = cloud;
	const ready = { env, proxyUrl, caPem, adminUrl: `http://127.0.0.1:${port}` };
	process.stdout.write(`${JSON.stringify(ready)}\n`);
	// Ctrl-C reaches the whole group; the parent closes our input when it is done with us.
	process.on('SIGINT', () => undefined);
	process.stdin.resume();
	process.stdin.once('close', () => {
		admin.close();
		admin.closeAllConnections();
		void cloud.stop();
	});
}

void main();
