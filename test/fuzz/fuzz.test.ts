/** A short run of the fuzz; `npm run test:fuzz` is the long one. */
import { hasBaseline } from './baseline';
import { builtOperations } from './operations';
import { seedsFrom } from './options';
import { inputScenarioOf } from './inputs/scenario';
import { requestOf } from './inputs/request';

/** Other seeds than the long run's, so that the two together see more. */
const FIRST_SEED = 1_000_001;

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
