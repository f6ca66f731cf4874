/**
 * Reads dates with the built node in a process of its own, whose zone is that of the TZ in its
 * environment. On stdin a list of inputs, on stdout what became of each, and the offset of the zone.
 */
const { dirname, join } = require('node:path');
const { readFileSync } = require('node:fs');

const root = join(__dirname, '..', '..', '..');
const { utcSeconds } = require(join(root, 'dist/nodes/shared/fields/dates.js'));
const paths = [dirname(require.resolve('n8n-workflow'))];
const { DateTime } = require(require.resolve('luxon', { paths }));

const inputs = JSON.parse(readFileSync(0, 'utf8'));
const results = inputs.map((input) => {
	try {
		return utcSeconds(valueOf(input), 'clientModified', 'File Date');
	} catch (error) {
		return error.parameter === 'clientModified'
			? { message: error.message, remedy: error.remedy }
			: String(error);
	}
});
const offset = new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset();
process.stdout.write(JSON.stringify({ offset, results }));

/** What JSON cannot hold stands in an object with one key. */
function valueOf(input) {
	if (input === null || typeof input !== 'object' || Array.isArray(input)) return input;
	if ('jsDate' in input) return new Date(input.jsDate ?? Number.NaN);
	if ('luxon' in input) return DateTime.fromISO(input.luxon, { setZone: true });
	if ('inZone' in input) return DateTime.fromISO(input.at, { zone: input.inZone });
	if ('special' in input)
		return { undefined: undefined, nan: Number.NaN, infinity: Infinity }[input.special];
	return input;
}
