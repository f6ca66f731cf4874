/** A short run of the campaign; `npm run test:faults` is the long one. */
import { runCampaign, seedsFrom } from './campaign/campaign';

/** Other seeds than the long run's, so that the two together see more. */
const FIRST_SEED = 10_001;
const RUNS = 24;

it('tells the truth about every file in 24 runs full of faults', async () => {
	const reports = await runCampaign({ seeds: seedsFrom(FIRST_SEED, RUNS), stations: 3 });
	const wrong = reports.flatMap(({ scenario: { seed, vendor }, violations }) =>
		violations.map(
			(violation) => `${vendor}: ${violation}. Again: npm run test:faults -- --seed ${seed}`,
		),
	);
	expect(wrong).toEqual([]);
	expect(reports).toHaveLength(RUNS);
	const struck = reports.flatMap((report) => Object.values(report.struck));
	expect(struck.reduce((sum, strikes) => sum + strikes, 0)).toBeGreaterThan(RUNS);
	const stored = reports.reduce((sum, { ends }) => sum + ends.stored, 0);
	expect(stored).toBeGreaterThan(RUNS * 2);
}, 180_000);
