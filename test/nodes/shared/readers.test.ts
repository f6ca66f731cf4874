import { InputProblem } from '../../../nodes/shared/fields/inputProblem';
import {
	added,
	optionChoice,
	optionFlag,
	optionText,
} from '../../../nodes/shared/fields/parameters';
import {
	choice,
	choicesOf,
	flag,
	sendable,
	singleLine,
	text,
} from '../../../nodes/shared/fields/readers';
import {
	jsonValue,
	printable,
	requiredJson,
	requiredText,
	wholeNumber,
} from '../../../nodes/shared/fields/values';

const AT = ['field', 'Field'] as const;

/** What is told: the message and what to do. */
function toldBy(read: () => unknown): string {
	try {
		return `read: ${JSON.stringify(read())}`;
	} catch (error) {
		if (!(error instanceof InputProblem)) throw error;
		expect(error.parameter).toBe('field');
		return `${error.message}. ${error.remedy}`;
	}
}

const NO_VALUE = /^The expression in 'Field' returned no value for this item\./;
const nothings = [undefined, null, Number.NaN];

describe('text', () => {
	it.each([
		['', ''],
		[' as it is\n', ' as it is\n'],
		['x'.repeat(10_000), 'x'.repeat(10_000)],
		[0, '0'],
		[-1.5, '-1.5'],
		[12_345_678_901_234n, '12345678901234'],
	])('takes %j', (value, expected) => {
		expect(text(value, ...AT)).toBe(expected);
	});

	it.each(nothings)('tells %j', (value) => {
		expect(toldBy(() => text(value, ...AT))).toMatch(NO_VALUE);
	});

	it.each<[unknown, string]>([
		[true, 'It returned true.'],
		[[], 'It returned a list.'],
		[['a'], 'It returned a list.'],
		[{}, 'It returned an object.'],
		[Object.create(null), 'It returned an object.'],
		[() => '', 'It returned an object.'],
		[Symbol('x'), 'It returned an object.'],
		[2 ** 53, "It returned a number that isn't exact."],
		[Infinity, "It returned a number that isn't exact."],
	])('tells %p, and what it was', (value, expected) => {
		expect(toldBy(() => text(value, ...AT))).toContain(expected);
	});

	it('says which character cannot be sent, and where, as people count', () => {
		expect(toldBy(() => text('😀a\ud83d', ...AT))).toContain('(U+D83D) at position 3');
	});
});

describe('sendable and singleLine', () => {
	it.each(['', 'é', '😀', 'a\nb', '\u0085'])('let %j pass', (value) => {
		expect(sendable(value, ...AT)).toBe(value);
	});

	it.each([
		['\ud800', 'character (U+D800) at position 1'],
		['ab\udc00', 'character (U+DC00) at position 3'],
	])('tell half a character in %j', (value, expected) => {
		expect(toldBy(() => sendable(value, ...AT))).toContain(expected);
	});

	it.each([
		['a\n', 'line break (U+000A) at position 2'],
		['\ta', 'tab (U+0009) at position 1'],
		['a\r\n', 'carriage return (U+000D) at position 2'],
		['a\u0000', 'null character (U+0000) at position 2'],
		['a\u007f', 'character (U+007F) at position 2'],
	])('tell a control character in %j', (value, expected) => {
		expect(toldBy(() => singleLine(value, ...AT))).toContain(expected);
	});
});

describe('flag', () => {
	it.each([
		[true, true],
		[false, false],
		['true', true],
		[' False ', false],
		['TRUE', true],
	])('takes %j', (value, expected) => {
		expect(flag(value, ...AT)).toBe(expected);
	});

	it.each([undefined, null, '', 'yes', '1', 1, 0, [], [true], {}])('tells %j', (value) => {
		expect(toldBy(() => flag(value, ...AT))).toMatch(/^The expression in 'Field' returned/);
	});
});

describe('choice and choicesOf', () => {
	const choices = ['add', 'overwrite'] as const;

	it('take what is offered', () => {
		expect(choice('overwrite', ...AT, choices)).toBe('overwrite');
		expect(choicesOf(['add', 'add'], ...AT, choices)).toEqual(['add', 'add']);
		expect(choicesOf([], ...AT, choices)).toEqual([]);
	});

	it.each(['', 'Add', 'constructor', '__proto__', ' add', true, ['add'], {}, null])(
		'tell %j, and what there is',
		(value) => {
			expect(toldBy(() => choice(value, ...AT, choices))).toMatch(/add, overwrite|no value/);
			expect(toldBy(() => choicesOf([value], ...AT, choices))).not.toContain('read');
		},
	);
});

describe('requiredText', () => {
	const read = (value: unknown) => requiredText(value, ...AT, 'Give one.');

	it.each([
		[' S1 ', 'S1'],
		['S1\n', 'S1'],
		[7, '7'],
	])('takes %j', (value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each([undefined, null, '', ' \n'])('tells %j as empty', (value) => {
		expect(toldBy(() => read(value))).toBe("'Field' is empty. Give one.");
	});

	it.each([[[]], [{}], [true], ['a\nb'], ['\ud800']])('tells %j', (value) => {
		expect(toldBy(() => read(value))).toContain("'Field'");
	});
});

describe('options', () => {
	it('have their default only where they were not added', () => {
		expect(added({}, 'a', 1)).toBe(1);
		expect(added({ a: undefined }, 'a', 1)).toBeUndefined();
		expect(added({ a: null }, 'a', 1)).toBeNull();
		expect(added({}, 'constructor', 1)).toBe(1);
		expect(optionText({}, ...AT)).toBe('');
		expect(optionFlag({}, ...AT, true)).toBe(true);
		expect(optionChoice({}, ...AT, ['a', 'b'])).toBe('a');
	});

	it.each([[undefined], [null]])('that work out to %j are told', (value) => {
		const options = { field: value };
		expect(toldBy(() => optionText(options, ...AT))).toMatch(NO_VALUE);
		expect(toldBy(() => optionFlag(options, ...AT, true))).toMatch(NO_VALUE);
		expect(toldBy(() => optionChoice(options, ...AT, ['a']))).toMatch(NO_VALUE);
		expect(toldBy(() => requiredJson(value, ...AT))).toMatch(NO_VALUE);
		expect(toldBy(() => wholeNumber(value, ...AT, 0, 5))).toContain("'Field' is out of range");
	});
});

describe('numbers', () => {
	it.each(['0x10', '1,5', 'Infinity', '1e', '--1', '١'])('tell %j', (value) => {
		expect(toldBy(() => wholeNumber(value, ...AT, 0, 1e9))).toContain("'Field' is out of range");
	});

	it.each([
		['1e3', 1_000],
		[' 12 ', 12],
		['+3', 3],
	])('take %j', (value, expected) => {
		expect(wholeNumber(value, ...AT, 0, 1e9)).toBe(expected);
	});
});

describe('JSON', () => {
	it.each([['{"a": "\\ud800"}'], [{ a: ['\ud800'] }], [{ '\udc00': 1 }]])(
		'with half a character is told: %j',
		(value) => {
			expect(toldBy(() => jsonValue(value, ...AT))).toContain("can't be sent");
		},
	);

	it('that has no end is told', () => {
		const endless: unknown[] = [];
		endless.push(endless);
		expect(toldBy(() => jsonValue(endless, ...AT))).toContain('nested too deeply');
		expect(printable(endless)).toBe('a list');
	});
});
