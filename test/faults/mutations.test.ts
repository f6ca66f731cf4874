import { mutated } from './mutations/mutate';
import { mutations } from './mutations/list';
import { assertFreshBuild } from '../support/freshBuild';

describe('the recovery paths that the campaign is checked with', () => {
	beforeAll(() => assertFreshBuild());

	it.each(
		mutations.map((mutation) => [mutation.vendor ?? 'both', mutation.name, mutation] as const),
	)('%s: %s is in the code, in one place', (_vendor, _name, mutation) => {
		expect(mutated(mutation)).toContain(mutation.replace);
	});
});
