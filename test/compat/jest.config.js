const shared = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...shared,
	rootDir: '../..',
	roots: ['<rootDir>/test/compat'],
	testPathIgnorePatterns: ['/node_modules/'],
};
