const shared = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...shared,
	rootDir: '../..',
	roots: ['<rootDir>/test/n8n'],
	// test/n8n/queue needs Redis and PostgreSQL: npm run test:queue.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/n8n/queue/'],
	modulePathIgnorePatterns: [],
	// One n8n at a time: each takes a processor and 500 MB.
	maxWorkers: 1,
	// What a person does in a browser takes several requests, on a small machine seconds each.
	testTimeout: 180_000,
};
