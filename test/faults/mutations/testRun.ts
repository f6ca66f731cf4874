/** Runs a test with another build of the package. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repositoryDir } from '../../support/freshBuild';
import { PACKAGE_DIR_VARIABLE } from '../../support/rig';
import type { NoticedBy } from './list';

/** As far as it is read here. */
interface JestReport {
	readonly numFailedTests: number;
	readonly numPassedTests: number;
	readonly testResults: ReadonlyArray<{
		readonly message: string;
		readonly assertionResults: ReadonlyArray<{
			readonly status: string;
			readonly fullName: string;
		}>;
	}>;
}

/** The test that fails, if one does; throws when none has run. */
export async function failureOf(
	{ file, test }: NoticedBy,
	packageDir: string,
): Promise<{ readonly who: string; readonly violation: string } | undefined> {
	const { numFailedTests, numPassedTests, testResults } = await jestReport(file, test, packageDir);
	if (numFailedTests + numPassedTests === 0) {
		throw new Error(`No test "${test}" runs in ${file}: ${testResults[0]?.message ?? ''}`);
	}
	const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
	const failed = tests.find(({ status }) => status === 'failed');
	return failed && { who: file, violation: failed.fullName };
}

async function jestReport(file: string, test: string, packageDir: string): Promise<JestReport> {
	const dir = mkdtempSync(join(tmpdir(), 'noticed-by-'));
	const outputFile = join(dir, 'report.json');
	const name = test.replace(/[^\w\s]/g, '\\$&');
	const args = [
		join(repositoryDir, 'node_modules', 'jest', 'bin', 'jest.js'),
		'--runTestsByPath',
		join('test', 'nodes', file),
		`--testNamePattern=${name}`,
		'--json',
		`--outputFile=${outputFile}`,
	];
	const env = { ...process.env, [PACKAGE_DIR_VARIABLE]: packageDir };
	try {
		// A test that fails is what is hoped for: the report says what happened.
		await new Promise<void>((resolve) => {
			execFile(process.execPath, args, { cwd: repositoryDir, env }, () => resolve());
		});
		return JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport;
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}
