const { GROUPS } = require('./test/groups/groups');
const config = require('./jest.config');

const grouped = Object.values(GROUPS).flat();

/**
 * What npm test runs: the same test files, most of them in groups (test/groups/group.ts).
 * @type {import('jest').Config}
 */
module.exports = {
	...config,
	testMatch: ['**/*.test.ts', '<rootDir>/test/groups/*.group.ts'],
	testPathIgnorePatterns: [
		...config.testPathIgnorePatterns,
		...grouped.map((test) => `<rootDir>/test/${test}\\.test\\.ts$`),
	],
	testSequencer: '<rootDir>/test/groups/sequencer.js',
};
