import {
	rememberPartSize,
	partSizeFor,
	USUAL_PART_BYTES,
} from '../../../nodes/BoxUpload/uploadFile/partSizes';

const MIB = 1024 * 1024;

describe('the part size that a file will probably get', () => {
	it('is the usual one of an account that nothing is known of', () => {
		rememberPartSize('another', 30 * MIB, 4 * MIB);
		expect(partSizeFor('new', 30 * MIB)).toEqual({ bytes: USUAL_PART_BYTES, isKnown: false });
	});

	it.each([
		[20, 8, false],
		[30, 8, true],
		[100, 8, true],
		[500, 8, true],
		[700, 8, false],
		[20_000, 32, true],
		[90_000, 32, false],
	])('of %d MiB is %d MiB by the nearest sessions, known: %s', (fileMib, partMib, isKnown) => {
		for (const [file, part] of [
			[30, 8],
			[500, 8],
			[20_000, 32],
		] as const) {
			rememberPartSize('mine', file * MIB, part * MIB);
		}
		expect(partSizeFor('mine', fileMib * MIB)).toEqual({ bytes: partMib * MIB, isKnown });
	});

	it('is what Box gave last, and of the latest sizes only', () => {
		for (let mib = 1; mib <= 101; mib++) rememberPartSize('much', mib * MIB, MIB);
		expect(partSizeFor('much', MIB).isKnown).toBe(false);
		rememberPartSize('much', 50 * MIB, 2 * MIB);
		expect(partSizeFor('much', 50 * MIB)).toEqual({ bytes: 2 * MIB, isKnown: true });
	});
});
