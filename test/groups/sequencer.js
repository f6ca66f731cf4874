const { default: Sequencer } = require('@jest/test-sequencer');
const path = require('node:path');

const { GROUPS } = require('./groups');

const GROUP_NAMES = Object.keys(GROUPS);

/** Groups first, as listed: their files are all of the same length, by which jest would sort them. */
module.exports = class extends Sequencer {
	async sort(tests) {
		const placeOf = (test) => {
			const place = GROUP_NAMES.indexOf(path.basename(test.path, '.group.ts'));
			return place < 0 ? GROUP_NAMES.length : place;
		};
		return (await super.sort(tests)).sort((a, b) => placeOf(a) - placeOf(b));
	}
};
