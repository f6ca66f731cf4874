const shared = require('../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...shared,
	rootDir: '../../..',
	roots: ['<rootDir>/test/n8n/queue'],
	testPathIgnorePatterns: ['/node_modules/'],
};
