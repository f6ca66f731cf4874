// npm run build: compiles nodes/ and credentials/ and copies what n8n reads beside them.
import { rmSync } from 'node:fs';
import path from 'node:path';

import { ROOT, runNode } from './lib/run.mjs';

rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });

process.exitCode =
	runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']) ||
	runNode(['node_modules/gulp/bin/gulp.js', '--silent', 'assets']);
