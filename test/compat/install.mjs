// node test/compat/install.mjs oldest|newest: installs that engine of n8n into the user's cache unless
// it is there, and prints its folder.
import path from 'node:path';

import { installOnce } from '../../scripts/lib/installOnce.mjs';
import { userCacheDir } from '../../scripts/lib/userCache.mjs';

const which = process.argv[2];
if (which === undefined) throw new Error('Usage: node test/compat/install.mjs oldest|newest');

const folder = installOnce({
	sourceDir: path.join(import.meta.dirname, which),
	parentDir: userCacheDir(),
	name: `n8n-core-${which}`,
	// Half a minute as a rule: 400 MB.
	timeoutMs: 300_000,
});
console.log(folder);
