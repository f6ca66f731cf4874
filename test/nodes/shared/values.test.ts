import { InputProblem } from '../../../nodes/shared/input/inputProblem';
import { byteCount, jsonValue, utcSeconds, wholeNumber } from '../../../nodes/shared/input/values';
import { quotable } from '../../../nodes/shared/json';

const luxonLike = (ms: number) => ({ toMillis: () => ms });
const AT = Date.parse('2026-05-12T15:50:38.999Z');

describe('utcSeconds', () => {
	const read = (value: unknown) => utcSeconds(value, 'date', 'Date');

	it.each([
		['ISO text in UTC', '2026-05-12T15:50:38Z', '2026-05-12T15:50:38Z'],
		['fractions, which are cut', '2026-05-12T15:50:38.999Z', '2026-05-12T15:50:38Z'],
		['another zone', '2026-05-12T17:50:38+02:00', '2026-05-12T15:50:38Z'],
		['a zone without a colon', '2026-05-12T17:50:38+0200', '2026-05-12T15:50:38Z'],
		['a time without a zone', '2026-05-12T15:50:38', '2026-05-12T15:50:38Z'],
		['a blank for the T', '2026-05-12 15:50:38', '2026-05-12T15:50:38Z'],
		['a day', '2026-05-12', '2026-05-12T00:00:00Z'],
		['blanks around it', ' 2026-05-12 ', '2026-05-12T00:00:00Z'],
		['milliseconds', AT, '2026-05-12T15:50:38Z'],
		['a Date', new Date(AT), '2026-05-12T15:50:38Z'],
		["Luxon's DateTime", luxonLike(AT), '2026-05-12T15:50:38Z'],
		['a moment before 1970', '1969-12-31T23:59:59Z', '1969-12-31T23:59:59Z'],
	])('takes %s', (_, value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each([
		['text', 'yesterday'],
		['a month that is none', '2026-13-01'],
		['nothing', null],
		['a list', []],
		['an object', {}],
		['true', true],
		['no number', Number.NaN],
		['a broken DateTime', luxonLike(Number.NaN)],
	])('refuses %s', (_, value) => {
		expect(() => read(value)).toThrow(InputProblem);
	});
});

describe('wholeNumber', () => {
	const read = (value: unknown) => wholeNumber(value, 'parallel', 'Parallel Requests', 1, 32);

	it.each([
		[1, 1],
		['32', 32],
		[2.9, 2],
	])('takes %j', (value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each([0, 33, '', ' ', 'two', null, true, [5], {}, Number.NaN, Infinity])(
		'refuses %j',
		(value) => {
			expect(() => read(value)).toThrow('Parallel Requests is out of range');
		},
	);
});

describe('byteCount', () => {
	const read = (value: unknown) => byteCount(value, 'offset', 'Offset');

	it.each([
		[0, 0],
		['12', 12],
		[2 ** 41, 2 ** 41],
	])('takes %j', (value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each([[-1], [0.5], ['0.5'], ['ten'], [''], [null], [undefined], [2 ** 53], [[1]], [true]])(
		'refuses %j',
		(value) => {
			expect(() => read(value)).toThrow(InputProblem);
		},
	);
});

describe('jsonValue', () => {
	const read = (value: unknown) => jsonValue(value, 'json', 'JSON');

	it('takes text and what an expression gave, and nothing for nothing', () => {
		expect(read('[1]')).toEqual([1]);
		expect(read([1])).toEqual([1]);
		expect(read(' ')).toBeUndefined();
		expect(read(undefined)).toBeUndefined();
		expect(read(null)).toBeUndefined();
	});

	it('refuses broken text, quoting its beginning only', () => {
		const broken = `[${'x'.repeat(1_000)}`;
		expect(() => read(broken)).toThrow(InputProblem);
		expect.assertions(2);
		try {
			read(broken);
		} catch (error) {
			expect((error as InputProblem).subject!.length).toBeLessThan(220);
		}
	});
});

describe('quotable', () => {
	it.each([
		['one line', 'a\r\n\tb', 'a b'],
		['no tags', '<html><style>p {}</style><h1>Bad  Gateway</h1></html>', 'Bad Gateway'],
		[
			'no token',
			'got "Authorization: Bearer sl.u.abc-DEF_1=" from you',
			'got "Authorization: Bearer …" from you',
		],
		['nothing for nothing', ' \n', undefined],
		['nothing for empty tags', '<p></p>', undefined],
	])('makes of a text: %s', (_, text, expected) => {
		expect(quotable(text)).toBe(expected);
	});

	it('is short, whatever comes', () => {
		expect(quotable('x'.repeat(1_000_000))!.length).toBe(501);
		expect(quotable(`<${'<'.repeat(1_000_000)}`)!.length).toBeLessThan(502);
	});
});
