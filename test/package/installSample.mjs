// node installSample.mjs <folder> [fail]: installs the lock file in the folder, and notes that it did.
import { appendFileSync } from 'node:fs';
import path from 'node:path';

import { installOnce } from '../../scripts/lib/installOnce.mjs';

const [folder, fail] = process.argv.slice(2);
const installed = installOnce({
	sourceDir: folder,
	parentDir: path.join(folder, 'cache'),
	name: 'sample',
	timeoutMs: 30_000,
	complete: () => {
		appendFileSync(path.join(folder, 'installations'), `${process.pid}\n`);
		if (fail) throw new Error('The last step failed.');
	},
});
console.log(installed);
