const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	// test/n8n drives a real n8n and has its own package.json.
	// test/compat installs two engines of n8n: npm run test:compat.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/', '<rootDir>/test/compat/'],
	modulePathIgnorePatterns: ['<rootDir>/test/n8n/'],
	// Many a test file waits, for a lock or for an engine of n8n to start, and leaves its core to another.
	maxWorkers: Math.max(3, availableParallelism()),
	// Tests start servers and processes; a slow machine must not look like a failure. A test that is given up here
	// also spoils the next ones: its run goes on, in their cloud.
	testTimeout: 90_000,
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
};
