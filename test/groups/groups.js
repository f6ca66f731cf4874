// Which test files npm test runs together; see group.ts. A file that no group names runs by itself.
const { readdirSync } = require('node:fs');
const path = require('node:path');

const TEST_DIR = path.join(__dirname, '..');

/** Test files that measure the memory or the handles of a process, or their own processes, stay alone. */
const ALONE = new Set(['nodes/source/memory', 'nodes/boxUpload/stores', 'nodes/upload/stores']);

/** Paths below test/, without the ending. */
function testsIn(folder) {
	return readdirSync(path.join(TEST_DIR, folder))
		.filter((file) => file.endsWith('.test.ts'))
		.map((file) => `${folder}/${file.slice(0, -'.test.ts'.length)}`)
		.filter((test) => !ALONE.has(test))
		.sort();
}

/** So many groups of about the same length, so that no core has to wait for the longest. */
const dealt = (folder, of, nth) => testsIn(folder).filter((_, index) => index % of === nth);

/** The longest first: nothing may be left to one core at the end. */
const GROUPS = {
	boxUpload1: dealt('nodes/boxUpload', 3, 0),
	boxUpload2: dealt('nodes/boxUpload', 3, 1),
	boxUpload3: dealt('nodes/boxUpload', 3, 2),
	upload1: dealt('nodes/upload', 2, 0),
	upload2: dealt('nodes/upload', 2, 1),
	http1: dealt('nodes/http', 2, 0),
	http2: dealt('nodes/http', 2, 1),
	nodes: [...testsIn('nodes'), ...testsIn('credentials')],
	box: testsIn('nodes/box'),
	dropbox: testsIn('nodes/dropbox'),
	source: testsIn('nodes/source'),
	cloudSources: testsIn('nodes/cloudSources'),
	shared: testsIn('nodes/shared'),
	cloud: testsIn('cloud'),
	workflows: ['examples', 'recipes'],
	texts: [...testsIn('docs'), ...testsIn('style'), ...testsIn('bench')],
};

module.exports = { GROUPS };
