import { runNode, step } from './run.mjs';

/** Minutes the first time; n8n's own tests and npm run n8n share it. */
export function installN8n() {
	// Where it is, is for those who start it.
	const stdio = ['ignore', 'ignore', 'inherit'];
	step('Install n8n, once (2.3 GB, into your cache folder)', () =>
		runNode(['test/n8n/install.mjs'], { stdio }),
	);
}
