import { InputProblem } from '../../../nodes/shared/fields/inputProblem';
import { byteCount, jsonValue, wholeNumber } from '../../../nodes/shared/fields/values';
import { quotable } from '../../../nodes/shared/json';

describe('wholeNumber', () => {
	const read = (value: unknown) => wholeNumber(value, 'parallel', 'Max Parallel Requests', 1, 32);

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
			expect(() => read(value)).toThrow("'Max Parallel Requests' is out of range");
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
