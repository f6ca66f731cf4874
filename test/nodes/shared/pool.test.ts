import { setImmediate as turn } from 'node:timers/promises';

import { inParallel } from '../../../nodes/shared/transfer/inParallel';

describe('inParallel', () => {
	it('keeps the order of the tasks and never has more under way than allowed', async () => {
		let underWay = 0;
		let most = 0;
		const tasks = [5, 1, 4, 2, 3, 0, 6];
		const results = await inParallel(tasks, 3, async (turns, index) => {
			most = Math.max(most, ++underWay);
			for (let left = turns; left > 0; left--) await turn();
			underWay -= 1;
			return `${index}: ${turns}`;
		});
		expect(results).toEqual(tasks.map((turns, index) => `${index}: ${turns}`));
		expect(most).toBe(3);
	});

	it('has nothing to do without tasks', async () => {
		expect(await inParallel([], 4, async () => await Promise.resolve(1))).toEqual([]);
	});

	it('starts no further task after one has thrown, and awaits those under way', async () => {
		const started: number[] = [];
		const ended: number[] = [];
		const working = inParallel([0, 1, 2, 3, 4], 2, async (task) => {
			started.push(task);
			for (let left = task === 0 ? 3 : 10; left > 0; left--) await turn();
			if (task === 0) throw new Error('broken');
			ended.push(task);
		});
		await expect(working).rejects.toThrow('broken');
		expect(started).toEqual([0, 1]);
		expect(ended).toEqual([1]);
	});

	it('takes undefined for a result', async () => {
		const seen: number[] = [];
		await inParallel([1, 2, 3], 1, async (task) => {
			seen.push(task);
			return await Promise.resolve(undefined);
		});
		expect(seen).toEqual([1, 2, 3]);
	});
});
