/** A short run of the kill test, with a small file; `npm run test:faults -- --kill 12` is the long one. */
import { startCloud, type LoopbackCloud } from '../cloud';
import { runKill } from './kill/kill';
import { killScenarioOf, NOTES } from './kill/scenario';
import { vendorOf } from './vendors';

const SIZE_BYTES = 40 * 1024 * 1024;

let cloud: LoopbackCloud;
beforeAll(async () => {
	cloud = await startCloud();
});
afterAll(async () => await cloud.stop());

/** One seed for each fate of the notes, the vendors in turns. */
const seeds = NOTES.map((_, index) => NOTES.length * 5 + index);

it.each(seeds)(
	'a large file arrives once when n8n is killed on the way (seed %i)',
	async (seed) => {
		const report = await runKill(cloud, killScenarioOf(seed, vendorOf(seed), SIZE_BYTES));
		expect(report.violations).toEqual([]);
		expect(report.kills).toBeGreaterThan(0);
	},
	120_000,
);
