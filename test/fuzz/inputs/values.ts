/** Values that no parameter expects, and what each of them can honestly come to. */
import type { Random } from '../../faults/campaign/random';

/** An entry of `__proto__` that JSON carries, and that no code may follow. */
export const POLLUTION =
	'{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';

export interface HostileValue {
	readonly label: string;
	/**
	 * `nothing`: undefined or null. `wrongType`: an object, a list, a boolean, which nobody types.
	 * `fails`: an expression that cannot be worked out.
	 */
	readonly kind: 'nothing' | 'wrongType' | 'number' | 'text' | 'date' | 'fails';
	/** What JSON can carry comes in the item. */
	readonly json?: unknown;
	/** What it cannot carry is worked out by an expression. */
	readonly expression?: string;
	/** What an expression may become in a name. */
	readonly text?: string;
	/** Of a date: the only moment that it may be taken for, or `undefined` when nobody can know. */
	readonly moment?: string;
	/** Parts of it that no output may hold. */
	readonly secrets?: readonly string[];
}

const LONG = 10_000;
const SECRET = 'hush-hush-7391';

const nothing: HostileValue[] = [
	{ label: 'undefined', kind: 'nothing', expression: 'undefined' },
	{ label: 'a missing field', kind: 'nothing', expression: '$json.no.such.field' },
	{ label: 'null', kind: 'nothing', json: null },
];

const wrongTypes: HostileValue[] = (
	[
		['{}', {}],
		['an object', { a: 1 }],
		['an object with a broken toString', { toString: 1, valueOf: 2 }],
		['an object that poses as a date', { toMillis: 1, isValid: true }],
		['an object that poses as a locator', { __rl: true, mode: 'id', value: { value: 1 } }],
		['an object with __proto__', JSON.parse(POLLUTION)],
		['[]', []],
		['a list with a path', ['/HR/salaries.pdf']],
		['a list of null', [null]],
		['a list of lists', [[[]]]],
		['a long list', Array.from({ length: 1_000 }, (_, index) => index)],
		['true', true],
		['false', false],
	] as Array<[string, unknown]>
).map(([label, json]) => ({ label, kind: 'wrongType', json }));

const expressions: HostileValue[] = [
	{ label: 'a function', kind: 'wrongType', expression: '(() => 1)' },
	{ label: 'a RegExp', kind: 'wrongType', expression: '/x/g' },
	{ label: 'an invalid Date', kind: 'wrongType', expression: "new Date('x')" },
	{ label: 'an invalid DateTime', kind: 'wrongType', expression: "DateTime.fromISO('x')" },
	{ label: 'a throwing expression', kind: 'fails', expression: "$('Nowhere').item.json.x" },
	{ label: 'NaN', kind: 'number', expression: 'NaN' },
	{ label: 'Infinity', kind: 'number', expression: '1 / 0' },
	{ label: '-Infinity', kind: 'number', expression: '-1 / 0' },
	{ label: '-0', kind: 'number', expression: '-0', text: '0' },
];

const numbers: HostileValue[] = [
	0,
	1,
	-1,
	0.5,
	1.5,
	255,
	1_000,
	1_001,
	2 ** 31,
	-(2 ** 31),
	2 ** 32,
	2 ** 33,
	2 ** 53 - 1,
	2 ** 53,
	1e21,
	1.8e308 / 1.1,
	5e-324,
	-1e-7,
].map((json) => ({ label: String(json), kind: 'number', json }));

const texts: HostileValue[] = (
	[
		['an empty text', ''],
		['a blank', ' '],
		['line breaks', '\n\r\n'],
		['10 kB', 'x'.repeat(LONG)],
		['10 kB of é', 'é'.repeat(LONG / 2)],
		['260 characters', `/${'long-folder-name/'.repeat(15)}end.x`],
		['a name of 256', 'n'.repeat(256)],
		['200 emoji', '😀'.repeat(200)],
		['half a surrogate pair', 'a\ud800b'],
		['the other half', '\udc00'],
		['half a pair at the end', 'name\ud83d'],
		['NUL', 'a\u0000b'],
		['control characters', '\u0001\u001f\u007f\u0085'],
		['a line break inside', 'one\ntwo'],
		['a line break at the end', 'name\n'],
		['a tab', 'one\ttwo'],
		['a header of its own', 'x\r\nX-Evil: 1\r\n\r\n'],
		['dots', '../../etc/passwd'],
		['dot', '.'],
		['dot dot', '..'],
		['slashes', '///'],
		['backslashes', 'C:\\temp\\file.txt'],
		['percent', '%'],
		['bad percent', '%zz%00%E0%A4'],
		['a query', 'name?x=1&y=#z'],
		['markup', '<script>alert(1)</script>'],
		['quotes', `'"\`;--`],
		['__proto__', '__proto__'],
		['constructor', 'constructor'],
		['hasOwnProperty', 'hasOwnProperty'],
		['toString', 'toString'],
		['id:', 'id:'],
		['an id with a line break', 'id:abc\n'],
		['a namespace', 'ns:1234/name'],
		['a huge namespace', `ns:${'9'.repeat(40)}/x`],
		['rev:', 'rev:a1c10ce0dd78'],
		['the text true', 'true'],
		['the text false', 'false'],
		['the text 0', '0'],
		['the text -1', '-1'],
		['the text 1e3', '1e3'],
		['the text 0x10', '0x10'],
		['decomposed', 'Re\u0301sume\u0301'],
		['right to left', '\u202egnp.exe'],
		['a BOM', '\ufeffname'],
		['no-break blank', '\u00a0name\u00a0'],
		['zero width', 'na\u200bme'],
		['blanks around', '  name  '],
		['a dot at the end', 'name.'],
		['Thumbs.db', 'Thumbs.db'],
		['CON', 'CON'],
		['a Box address', 'https://app.box.com/folder/123/'],
		['half a Box address', 'https://app.box.com/folder/'],
		['javascript:', 'javascript:alert(1)'],
		['file:', 'file:///etc/passwd'],
		['http:', 'http://'],
		['a JSON brace', '{'],
		['a JSON list', '[1'],
		['[]', '[]'],
		['{}', '{}'],
		['a JSON null', 'null'],
		['a JSON text', '"x"'],
		['deep JSON', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
		['polluting JSON', POLLUTION],
		['a polluting list', `[${POLLUTION}]`],
		['huge numbers in JSON', '[{"offset":1e999,"size":-0,"part_id":1}]'],
	] as Array<[string, string]>
).map(([label, json]) => ({ label, kind: 'text', json }));

const secretTexts: HostileValue[] = [
	['a URL with a password', `sftp://user:${SECRET}@example.com/a.bin`],
	['a URL with a token', `ftp://example.com/a.bin?access_token=${SECRET}`],
	['a URL in quotes', `"https://user:${SECRET}@example.com/a.bin"`],
	['a URL without scheme', `//user:${SECRET}@example.com/a.bin?sig=${SECRET}`],
].map(([label, json]) => ({ label: `${label}`, kind: 'text', json, secrets: [SECRET] }));

const moments: Array<[label: string, value: unknown, moment: string | undefined]> = [
	['an ISO date with Z', '2026-05-04T15:40:00Z', '2026-05-04T15:40:00Z'],
	['an ISO date with a blank before it', ' 2026-05-04T15:40:00Z', '2026-05-04T15:40:00Z'],
	['an ISO date without a zone', '2026-05-04T15:40:00', '2026-05-04T15:40:00Z'],
	['a date and time with a blank', '2026-05-04 15:40:00', '2026-05-04T15:40:00Z'],
	['an ISO date with an offset', '2026-05-04T21:10:00+05:30', '2026-05-04T15:40:00Z'],
	['a day', '2026-05-04', '2026-05-04T00:00:00Z'],
	['RFC 2822', 'Mon, 4 May 2026 21:10:00 +0530', '2026-05-04T15:40:00Z'],
	['RFC 2822 with a comment', 'Mon, 4 May 2026 21:10:00 +0530 (IST)', '2026-05-04T15:40:00Z'],
	['an HTTP date', 'Mon, 04 May 2026 15:40:00 GMT', '2026-05-04T15:40:00Z'],
	[
		'a Date as text',
		'Mon May 04 2026 21:10:00 GMT+0530 (India Standard Time)',
		'2026-05-04T15:40:00Z',
	],
	['Unix seconds', 1_777_909_200, '2026-05-04T15:40:00Z'],
	['milliseconds', 1_777_909_200_000, '2026-05-04T15:40:00Z'],
	['Unix seconds as text', '1777909200', '2026-05-04T15:40:00Z'],
	['microseconds', 1_777_909_200_000_000, '2026-05-04T15:40:00Z'],
	['month or day first', '5/12/2026', undefined],
	['a day with dots', '12.05.2026', undefined],
	['a day that is none', '2026-02-30T10:00:00Z', undefined],
	['words', 'next Tuesday', undefined],
];

const dates: HostileValue[] = [
	...moments.map(([label, json, moment]): HostileValue => ({ label, kind: 'date', json, moment })),
	{
		label: 'a DateTime',
		kind: 'date',
		expression: "DateTime.fromISO('2026-05-04T21:10:00+05:30')",
		moment: '2026-05-04T15:40:00Z',
	},
	{
		label: 'a Date',
		kind: 'date',
		expression: "new Date('2026-05-04T15:40:00Z')",
		moment: '2026-05-04T15:40:00Z',
	},
];

const GROUPS: ReadonlyArray<{ readonly weight: number; readonly values: readonly HostileValue[] }> =
	[
		{ weight: 4, values: nothing },
		{ weight: 4, values: wrongTypes },
		{ weight: 1.5, values: expressions },
		{ weight: 2, values: numbers },
		{ weight: 7, values: texts },
		{ weight: 1, values: secretTexts },
		{ weight: 0.5, values: dates },
	];

export function hostileValue(random: Random): HostileValue {
	return random.pick(random.weighted(GROUPS).values);
}

export function hostileDate(random: Random): HostileValue {
	return random.pick(dates);
}

/** A resource locator as a whole, as n8n never saves it. */
export const oddLocators: readonly HostileValue[] = (
	[
		['null', null],
		['a bare text', '/bare'],
		['a number', 42],
		['a list', ['/bare']],
		['an empty object', {}],
		['no value', { __rl: true, mode: 'list' }],
		['a null value', { __rl: true, mode: 'list', value: null }],
		['a list as value', { __rl: true, mode: 'path', value: ['/bare'] }],
		['an object as value', { __rl: true, mode: 'id', value: { id: '1' } }],
		['an unknown mode', { __rl: true, mode: 'telepathy', value: 'x' }],
		['no mode', { __rl: true, value: 'x' }],
		['a number as mode', { __rl: true, mode: 7, value: 'x' }],
		['no address in By URL', { __rl: true, mode: 'url', value: 'https://app.box.com/folder/' }],
	] as Array<[string, unknown]>
).map(([label, json]) => ({
	label: `locator: ${label}`,
	// Of a workflow that was written by hand: the text is what it says.
	kind: typeof json === 'string' ? 'text' : 'wrongType',
	json,
}));

/** A collection as a whole. */
export const oddCollections: readonly HostileValue[] = (
	[
		['null', null],
		['a list', []],
		['a text', 'options'],
		['a number', 7],
		['an unknown field', { nope: 1 }],
		['__proto__', JSON.parse(POLLUTION)],
		['a list of null', [null]],
	] as Array<[string, unknown]>
).map(([label, json]) => ({ label: `collection: ${label}`, kind: 'wrongType', json }));
