/** A large file from a slow server that breaks again and again passes through in bounded memory. */

import { useRig } from '../../support/rig';
import type { SourceFile } from '../../support/sourceServer';
import { useSourceServer } from '../../support/sourceServer';
import { errorsOf } from '../upload/uploads';
import { MIB, generated, vendorNames, vendors } from './uploads';

const rig = useRig();
const source = useSourceServer();

const isSlow = process.env.TEST_SLOW === '1';
const CONTENT = generated((isSlow ? 1024 : 192) * MIB);
const MOST_GROWTH_BYTES = 200 * MIB;
/** What the connection holds when it breaks, on both sides. */
const IN_FLIGHT_BYTES = 8 * MIB;
const CUTS = [0.15, 0.3, 0.45, 0.6, 0.75].map((share) => Math.floor(share * CONTENT.sizeBytes));

async function growthOf(work: () => Promise<void>): Promise<number> {
	const { engine } = rig();
	await engine.collectGarbage();
	const before = (await engine.usage()).rssBytes;
	await engine.resetPeak();
	await work();
	return (await engine.usage()).peakRssBytes - before;
}

describe.each(vendorNames)('%s', (vendor) => {
	const { send, stored, hashOf } = vendors[vendor];

	async function expectStoredOnce(file: SourceFile): Promise<void> {
		const url = source().put('/large.bin', file);
		const growthBytes = await growthOf(async () => {
			expect(errorsOf(await send(rig(), { urls: [url] }))).toEqual([undefined]);
		});
		expect(stored(rig())).toEqual([hashOf(CONTENT)]);
		expect(growthBytes).toBeLessThan(MOST_GROWTH_BYTES);
	}

	it(
		'with ranges, only what was in flight is fetched again',
		async () => {
			const bytesPerSecond = 256 * MIB;
			await expectStoredOnce({
				content: CONTENT,
				etag: '"1"',
				cuts: [...CUTS],
				resets: true,
				bytesPerSecond,
			});
			expect(source().requests.map(({ status }) => status)).toEqual([200, 206, 206, 206, 206, 206]);
			expect(source().sentBytes - CONTENT.sizeBytes).toBeLessThan(CUTS.length * IN_FLIGHT_BYTES);
		},
		15 * 60_000,
	);

	it(
		'without ranges, it is begun anew',
		async () => {
			const cuts = CUTS.slice(-1);
			const length = vendor === 'Box';
			await expectStoredOnce({ content: CONTENT, ranges: false, length, cuts });
			expect(source().requests.map(({ status }) => status)).toEqual([200, 200]);
		},
		15 * 60_000,
	);
});
