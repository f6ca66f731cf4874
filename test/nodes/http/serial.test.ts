import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { oneAtATime } from '../../../nodes/shared/http/serial';

const turns = (count: number) => Array.from({ length: count }, (_, index) => index);

test('one runs after the other, in the order of asking', async () => {
	const seen: string[] = [];
	await Promise.all(
		turns(3).map(
			async (turn) =>
				await oneAtATime('key', undefined, async () => {
					seen.push(`${turn} begins`);
					await new Promise((resolve) => setImmediate(resolve));
					seen.push(`${turn} ends`);
				}),
		),
	);
	expect(seen).toEqual(turns(3).flatMap((turn) => [`${turn} begins`, `${turn} ends`]));
});

test('one that fails does not hold up the next', async () => {
	const failing = oneAtATime('key', undefined, async () => await Promise.reject(new Error('no')));
	const next = oneAtATime('key', undefined, async () => await Promise.resolve('fine'));
	await expect(failing).rejects.toThrow('no');
	expect(await next).toBe('fine');
});

test('keeps no result of those that have ended, while somebody is always waiting', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const results: Array<WeakRef<object>> = [];
	const work = async (): Promise<object> => {
		await new Promise((resolve) => setImmediate(resolve));
		const result = { of: results.length };
		results.push(new WeakRef(result));
		return result;
	};
	/** Asks again before the one before has ended. */
	const always = async (): Promise<void> => {
		for (let turn = 0; turn < 20; turn++) await oneAtATime('busy', undefined, work);
	};
	let alive = Infinity;
	const busy = Promise.all([always(), always()]);
	await Promise.race([
		busy,
		(async () => {
			while (results.length < 30) await new Promise((resolve) => setImmediate(resolve));
			collect();
			alive = results.filter((result) => result.deref() !== undefined).length;
		})(),
	]);
	await busy;
	expect(alive).toBeLessThan(10);
});
