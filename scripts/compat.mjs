// npm run test:compat: the packed tarball in the oldest and in the newest engine of n8n that are pinned here.
// Only after a run in which all went well, test/compat/record.json says so; the README says what is in it.
// --latest takes the newest n8n of the registry in place of the pinned one, and leaves the record as it is.
// Other arguments go to jest.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { installIfNeeded } from './lib/install.mjs';
import { npmStep, ROOT, runNode, step } from './lib/run.mjs';

const forJest = process.argv.slice(2).filter((argument) => argument !== '--latest');
const isLatest = process.argv.includes('--latest');
const releases = ['oldest', isLatest ? 'latest' : 'newest'];

installIfNeeded();
npmStep('Build', 'build');
for (const which of releases) {
	step(`Install the ${which} engine of n8n, once (400 MB, into your cache folder)`, () =>
		runNode(['test/compat/install.mjs', which]),
	);
}

/** For each release its version, and how many tests passed in it. */
function recordOf({ testResults }) {
	const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
	return Object.fromEntries(
		releases.map((which) => {
			const manifest = path.join(ROOT, 'test', 'compat', which, 'package.json');
			const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
			const passed = tests.filter(
				({ ancestorTitles, status }) =>
					status === 'passed' && ancestorTitles[0]?.endsWith(`, the ${which}`),
			);
			return [which, { 'n8n-core': dependencies['n8n-core'], tests: passed.length }];
		}),
	);
}

const folder = mkdtempSync(path.join(tmpdir(), 'upload-sessions-record-'));
try {
	const results = path.join(folder, 'results.json');
	const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/compat/jest.config.js'];
	const env = { ...process.env, COMPAT_RELEASES: releases.join() };
	process.exitCode = runNode([...jest, '--json', '--outputFile', results, ...forJest], {
		env,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	if (process.exitCode === 0 && !isLatest && forJest.length === 0) {
		const record = recordOf(JSON.parse(readFileSync(results, 'utf8')));
		const file = path.join(ROOT, 'test', 'compat', 'record.json');
		writeFileSync(file, `${JSON.stringify(record, undefined, '\t')}\n`);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
