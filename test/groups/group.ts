/**
 * In npm test the test files of a folder share one module registry, and a cloud and an engine if they ask for the
 * same ones: to load and to start these for each file took more time than most of the tests. A test file alone
 * (npx jest test/nodes/box/parts.test.ts) runs as it always did.
 */
import { basename, join } from 'node:path';

import { shareRigs } from '../support/sharedRigs';
import { GROUPS } from './groups';

/** `groupFile` is named after the group. */
export function runGroup(groupFile: string): void {
	const tests = GROUPS[basename(groupFile, '.group.ts')];
	if (tests === undefined || tests.length === 0) throw new Error(`${groupFile} names no group`);
	shareRigs();
	for (const test of tests) {
		describe(`${test}.test.ts`, () => {
			// eslint-disable-next-line @typescript-eslint/no-require-imports
			require(join(__dirname, '..', `${test}.test.ts`));
		});
	}
}
