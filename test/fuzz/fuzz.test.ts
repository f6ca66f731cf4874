/** A short run of the fuzz; `npm run test:fuzz` is the long one. */
import { hasBaseline } from './baseline';
import type { Kind } from './campaign';
import { runFuzz } from './campaign';
import { requestOf } from './inputs/request';
import { inputScenarioOf } from './inputs/scenario';
import { builtOperations } from './operations';
import { seedsFrom } from './options';

/** Other seeds than the long run's, so that the two together see more. */
const FIRST_SEED = 1_000_001;
const RUNS = 300;
const TIMEOUT_MS = 240_000;

it('has a run that works for every operation', () => {
	const without = builtOperations().filter((operation) => !hasBaseline(operation));
	expect(without.map(({ vendor, operation }) => `${vendor} ${operation}`)).toEqual([]);
});

it('makes the same run of the same seed', () => {
	const operations = builtOperations();
	const requests = (): string[] =>
		seedsFrom(FIRST_SEED, 50).map((seed) =>
			JSON.stringify(requestOf(inputScenarioOf(seed, operations), [])),
		);
	expect(requests()).toEqual(requests());
});

it.each<Kind>(['inputs', 'replies'])(
	`finds nothing in ${RUNS} runs with hostile %s`,
	async (kind) => {
		const reports = await runFuzz({ kind, seeds: seedsFrom(FIRST_SEED, RUNS), stations: 2 });
		const found = reports.flatMap(({ findings, mutations, operation, seed }) =>
			findings.map(
				(finding) =>
					`${operation}: ${finding}\nwith ${mutations.join('\nwith ')}\nAgain: npm run test:fuzz -- --${kind} --seed ${seed}`,
			),
		);
		expect(found).toEqual([]);
		expect(reports).toHaveLength(RUNS);
		const stored = reports.reduce((sum, { ends }) => sum + (ends.stored ?? 0), 0);
		expect(stored).toBeGreaterThan(RUNS / 2);
	},
	TIMEOUT_MS,
);
