// Installs n8n's own nodes below .build/ unless they are there, and prints their folder.
import path from 'node:path';

import { installOnce } from '../../scripts/lib/installOnce.mjs';
import { ROOT } from '../../scripts/lib/run.mjs';

const folder = installOnce({
	sourceDir: import.meta.dirname,
	// Inside the repository, where these nodes find n8n's own modules as they do in n8n.
	parentDir: path.join(ROOT, '.build'),
	name: 'n8n-nodes-base',
	// 15 seconds as a rule.
	timeoutMs: 120_000,
});
console.log(path.join(folder, 'node_modules', 'n8n-nodes-base'));
