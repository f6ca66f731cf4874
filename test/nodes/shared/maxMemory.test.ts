/** How much file content may be held at once. */
import { readMaxMemory } from '../../../nodes/shared/fields/maxMemory';

const MIB = 1024 * 1024;

describe('the memory for file content', () => {
	it.each([
		['parts of 8 MiB', 8, 96],
		['parts of 24 MiB', 24, 96],
		['parts of 32 MiB', 32, 128],
		['parts of 64 MiB', 64, 256],
		['parts of 150 MiB', 150, 256],
	])('suits %s when nothing was set', (_, partMib, expectedMib) => {
		for (const options of [{}, { memoryLimitMib: 0 }]) {
			const { memoryLimitBytes, memoryForParts } = readMaxMemory(options);
			expect(memoryForParts(partMib * MIB)).toBe(expectedMib * MIB);
			expect(memoryLimitBytes).toBe(96 * MIB);
		}
	});

	it('is what was set, whatever the parts', () => {
		const { memoryLimitBytes, memoryForParts } = readMaxMemory({ memoryLimitMib: 32 });
		expect(memoryLimitBytes).toBe(32 * MIB);
		expect(memoryForParts(64 * MIB)).toBe(32 * MIB);
	});

	it('is a number that makes sense', () => {
		expect(() => readMaxMemory({ memoryLimitMib: -1 })).toThrow("'Max Memory'");
		expect(() => readMaxMemory({ memoryLimitMib: 'much' })).toThrow("'Max Memory'");
	});
});
