import { failed, success } from '../../../nodes/shared/failure';
import type { Page } from '../../../nodes/shared/http/pages';
import { endlessList, readPages } from '../../../nodes/shared/http/pages';

/** Pages by number; `next` of each is the number of the one after it. */
async function read(
	pageOf: (number: number) => Page<number>,
	{ maxPages, until }: { maxPages?: number; until?: number } = {},
) {
	let seen = 0;
	let asked = 0;
	const listed = await readPages<number>(
		'Box',
		async (next) => {
			asked += 1;
			return await Promise.resolve(success(pageOf(Number(next ?? 0))));
		},
		(entry) => {
			seen += 1;
			return entry === until;
		},
		maxPages === undefined ? {} : { maxPages },
	);
	return { listed, seen, asked };
}

const full = (number: number, last: number, size = 3): Page<number> => ({
	entries: Array.from({ length: size }, (_, index) => number * size + index),
	next: number === last ? undefined : String(number + 1),
});

describe('readPages', () => {
	it.each([0, 1, 9, 1_500])('reads a list to its end: page %d is the last', async (last) => {
		const { listed, seen, asked } = await read((number) => full(number, last));
		expect(listed).toEqual(success({ complete: true }));
		expect([seen, asked]).toEqual([3 * (last + 1), last + 1]);
	});

	it('stops at what was looked for, and where the rest is of no use', async () => {
		const found = await read((number) => full(number, 9), { until: 4 });
		expect(found).toEqual({ listed: success({ complete: false }), seen: 5, asked: 2 });
		const enough = await read((number) => full(number, 9), { maxPages: 2 });
		expect(enough).toEqual({ listed: success({ complete: false }), seen: 6, asked: 2 });
		const all = await read((number) => full(number, 1), { maxPages: 2 });
		expect(all.listed).toEqual(success({ complete: true }));
	});

	it('bears short and empty pages', async () => {
		const { listed, seen } = await read((number) => full(number, 200, number % 40 === 0 ? 1 : 0));
		expect(listed).toEqual(success({ complete: true }));
		expect(seen).toBe(6);
	});

	it.each<[string, (number: number) => Page<number>, number]>([
		['the same page again and again', () => ({ entries: [1], next: 'same' }), 2],
		['the same page, empty', () => ({ entries: [], next: 'same' }), 2],
		['always another page with nothing on it', (number) => full(number, -1, 0), 51],
		['always another page', (number) => full(number, -1), 2_000],
		['pages that hold too much', (number) => full(number, -1, 300_000), 7],
	])('tells a list without an end: %s', async (_, pageOf, pages) => {
		const { listed, asked } = await read(pageOf);
		expect(listed).toEqual(failed(endlessList('Box')));
		expect(asked).toBe(pages);
	});

	it('hands a failure on', async () => {
		const away = failed({ ...endlessList('Box'), code: 'http/503' });
		const ask = async () => await Promise.resolve(away);
		expect(await readPages<number>('Box', ask, () => false)).toEqual(away);
	});
});
