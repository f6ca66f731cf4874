'use strict';
const { readFileSync } = require('node:fs');
const { startMeter } = require('./meter');

/** Emits items whose files are in n8n's binary store already, and starts the meter. */
class StoredFiles {
	constructor() {
		this.description = {
			displayName: 'Stored Files',
			name: 'storedFiles',
			group: ['input'],
			version: 1,
			description: 'Emits items whose files are stored',
			defaults: { name: 'Stored Files' },
			inputs: ['main'],
			outputs: ['main'],
			properties: [{ displayName: 'List', name: 'list', type: 'string', default: '' }],
		};
	}

	async execute() {
		const items = JSON.parse(readFileSync(this.getNodeParameter('list', 0), 'utf8'));
		startMeter();
		return [items];
	}
}

module.exports = { StoredFiles };
