/** What people have as a date, read in processes that live in three zones: the same moment, or told. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { assertFreshBuild } from '../../support/freshBuild';

interface Told {
	readonly message: string;
	readonly remedy: string;
}

const AT = '2026-05-04T15:40:00Z';
const AT_MS = Date.parse(AT);

/** Name, input, the moment. */
const READ: ReadonlyArray<readonly [string, unknown, string]> = [
	// ISO 8601 and RFC 3339
	['ISO in UTC', '2026-05-04T15:40:00Z', AT],
	['a small z', '2026-05-04t15:40:00z', AT],
	['fractions, which are cut', '2026-05-04T15:40:00.999Z', AT],
	['a comma before the fraction', '2026-05-04T15:40:00,999Z', AT],
	['nine digits of a fraction', '2026-05-04T15:40:00.123456789Z', AT],
	['an offset', '2026-05-04T21:10:00+05:30', AT],
	['an offset without a colon', '2026-05-04T21:10:00+0530', AT],
	['an offset of hours', '2026-05-04T17:40:00+02', AT],
	['an offset to the west', '2026-05-04T04:10:00-11:30', AT],
	['an offset that ends on the next day', '2026-05-05T05:40:00+14:00', AT],
	['no zone', '2026-05-04T15:40:00', AT],
	['no seconds', '2026-05-04T15:40', AT],
	['blanks around it', ' 2026-05-04T15:40:00Z\n', AT],
	['a blank between date and time', '2026-05-04 15:40:00', AT],
	['blanks before, between and behind', '  2026-05-04  15:40:00 +00:00 ', AT],
	['a named UTC', '2026-05-04 15:40:00 UTC', AT],
	['UTC and an offset', '2026-05-04 21:10:00 UTC+5:30', AT],
	['the name of the zone behind the offset', '2026-05-04T21:10:00+05:30[Asia/Kolkata]', AT],
	['ISO without hyphens and colons', '20260504T154000Z', AT],
	['a day', '2026-05-04', '2026-05-04T00:00:00Z'],
	['a day in a leap year', '2028-02-29', '2028-02-29T00:00:00Z'],
	['a day in the leap year 2000', '2000-02-29', '2000-02-29T00:00:00Z'],
	['a day with slashes, the year first', '2026/05/04', '2026-05-04T00:00:00Z'],
	["a camera's date", '2026:05:04 15:40:00', AT],
	['before 1970', '1969-12-31T23:59:59Z', '1969-12-31T23:59:59Z'],
	['an early year', '0099-01-02T03:04:05Z', '0099-01-02T03:04:05Z'],
	['the last second', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
	// In New York these hours do not exist, or exist twice.
	['an hour that summer time leaves out', '2026-03-08 02:30:00', '2026-03-08T02:30:00Z'],
	['an hour that comes twice', '2026-11-01 01:30:00', '2026-11-01T01:30:00Z'],
	['a day that Samoa left out', '2011-12-30', '2011-12-30T00:00:00Z'],
	// RFC 5322 and HTTP
	['a mail date', 'Mon, 4 May 2026 21:10:00 +0530', AT],
	['a mail date with a comment', 'Mon, 4 May 2026 21:10:00 +0530 (IST)', AT],
	['nested comments', 'Mon, 4 May 2026 21:10:00 +0530 (IST (India))', AT],
	['no weekday', '4 May 2026 21:10:00 +0530', AT],
	['no seconds in a mail', 'Mon,  04 May 2026 15:40 +0000', AT],
	['an unknown zone at UTC', 'Mon, 4 May 2026 15:40:00 -0000', AT],
	['an old zone of mail', 'Mon, 4 May 2026 10:40:00 CDT', AT],
	['EST', 'Mon, 4 May 2026 10:40:00 EST', AT],
	['PST', 'Mon, 4 May 2026 07:40:00 PST', AT],
	['an HTTP date', 'Mon, 04 May 2026 15:40:00 GMT', AT],
	["HTTP's older form", 'Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
	['the older form in this century', 'Monday, 04-May-26 15:40:00 GMT', AT],
	["HTTP's oldest form", 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
	['the command date', 'Mon May  4 15:40:00 UTC 2026', AT],
	// JavaScript and n8n
	["a Date's text", 'Mon May 04 2026 21:10:00 GMT+0530 (India Standard Time)', AT],
	["a Date's text in New York", 'Mon May 04 2026 11:40:00 GMT-0400 (Eastern Daylight Time)', AT],
	["a Date's day", 'Mon May 04 2026', '2026-05-04T00:00:00Z'],
	['an American date in words', 'May 4, 2026 15:40', AT],
	['a date in words', '4 September 2026', '2026-09-04T00:00:00Z'],
	['a Date', { jsDate: AT_MS + 999 }, AT],
	['a DateTime in UTC', { luxon: AT }, AT],
	['a DateTime with an offset', { luxon: '2026-05-04T21:10:00+05:30' }, AT],
	['a DateTime of a zone', { at: '2026-05-04T21:10:00', inZone: 'Asia/Kolkata' }, AT],
	['a DateTime as text', '2026-05-04T21:10:00.000+05:30', AT],
	// Numbers
	['Unix seconds', AT_MS / 1_000, AT],
	['Unix seconds with a fraction', AT_MS / 1_000 + 0.75, AT],
	['Unix seconds as text', ` ${AT_MS / 1_000} `, AT],
	['Unix seconds with a fraction as text', `${AT_MS / 1_000}.123456`, AT],
	['milliseconds', AT_MS, AT],
	['milliseconds as text', String(AT_MS), AT],
	['microseconds', AT_MS * 1e3, AT],
	['microseconds as text', `${AT_MS}000`, AT],
	['nanoseconds as text', `${AT_MS}123456`, AT],
	['the first number of seconds', 1e8, '1973-03-03T09:46:40Z'],
	['the last number of seconds', 1e10 - 1, '2286-11-20T17:46:39Z'],
	['the first number of milliseconds', 1e11, '1973-03-03T09:46:40Z'],
	['the last number of milliseconds', 1e13 - 1, '2286-11-20T17:46:39Z'],
	['seconds before 1970', -1e9, '1938-04-24T22:13:20Z'],
];

const MEANS_SEVERAL = /must begin with the year/;
const NONE = /isn't a date/;
const NOT_THERE = /doesn't exist/;
const ZONE = /time zone with more than one meaning/;
const UNIT = /could mean several dates/;
const YEAR = /outside the years/;

const TOLD: ReadonlyArray<readonly [string, unknown, RegExp, remedy?: RegExp]> = [
	['May or December', '5/12/2026', MEANS_SEVERAL, /^Write 2026-05-12 or 2026-12-05 instead/],
	['the same with dots', '12.05.2026', MEANS_SEVERAL, /^Write 2026-05-12 or 2026-12-05 instead/],
	['the same with hyphens', '12-05-2026', MEANS_SEVERAL],
	['two digits of a year', '12/05/26', MEANS_SEVERAL, /2012-05-26 or 2026-05-12 or 2026-12-05/],
	['a day that can only be one', '13/05/2026', MEANS_SEVERAL, /^Write 2026-05-13 instead/],
	['digits that are no day', '32/13/2026', MEANS_SEVERAL, /^Write 2026-05-12T15:50:38Z instead/],
	["a browser's date and time", '5/4/2026, 9:10:00 PM', MEANS_SEVERAL],
	['a German time', '04.05.2026 21:10', MEANS_SEVERAL],
	['two digits of a year without a weekday', '4 May 26 21:10:00 +0000', MEANS_SEVERAL],
	['30 February', '2026-02-30', NOT_THERE],
	['29 February of no leap year', '2026-02-29', NOT_THERE],
	['29 February 1900', '1900-02-29T00:00:00Z', NOT_THERE],
	['31 April in a mail', '31 Apr 2026 10:00:00 +0000', NOT_THERE],
	['month 13', '2026-13-01', NOT_THERE],
	['month 0', '2026-00-10', NOT_THERE],
	['day 0', '2026-05-00', NOT_THERE],
	['hour 25', '2026-05-04T25:00:00Z', NOT_THERE],
	['hour 24', '2026-05-04T24:00:00Z', NOT_THERE],
	['minute 60', '2026-05-04T10:60:00Z', NOT_THERE],
	['second 60', '2026-05-04T10:00:60Z', NOT_THERE],
	['another weekday than the day has', 'Tue, 4 May 2026 21:10:00 +0530', NOT_THERE],
	['India, Ireland or Israel', 'Mon, 4 May 2026 21:10:00 IST', ZONE],
	['a zone in a comment alone', 'Mon, 4 May 2026 21:10:00 (IST)', ZONE],
	['a zone of Europe', 'Mon May  4 21:10:00 CEST 2026', ZONE],
	['CST outside of a mail', 'Mon May  4 21:10:00 CST 2026', ZONE],
	['a zone of one letter', '2026-05-04T21:10:00B', ZONE],
	['a place', '2026-05-04T21:10:00 Europe/Berlin', ZONE],
	['an offset that no place has', '2026-05-04T21:10:00+15:00', ZONE],
	['minutes of an offset that are none', '2026-05-04T21:10:00+05:60', ZONE],
	['0', 0, UNIT],
	['a day as a number', 20_260_504, UNIT],
	['a day as digits', '20260504', UNIT],
	['a number of Excel', 46_146.88, UNIT],
	['the number before the first second', 1e8 - 1, UNIT],
	['seconds after 2286 or milliseconds of 1970', 2e10, UNIT],
	['a second as digits', '20260504211000', UNIT],
	['a minute as digits', '202605042110', UNIT],
	['a minute as a number', 202_605_042_110, UNIT],
	['a number past nanoseconds', 1e19, UNIT],
	['the year 0', '0000-01-01', YEAR],
	['the year after 9999', '9999-12-31T23:00:00-05:00', YEAR],
	['a Date of the year 56332', { jsDate: 1.7155e15 }, YEAR],
	['a text of the year 56332', '+056332-05-04T21:10:00Z', NONE],
	['a month', '2026-05', NONE],
	['a year alone', 'May 2026', NONE],
	['an afternoon in words', 'May 4, 2026 9:10 PM', NONE],
	['an afternoon in ISO', '2026-05-04 09:10 p.m.', NONE],
	['a word', 'yesterday', NONE],
	['another word for a month', '4 Mayo 2026', NONE],
	['another word for a weekday', 'Lundi, 4 May 2026', NONE],
	['a date with something behind', '2026-05-04T15:40:00Z and more', NONE],
	['nothing', '', NONE],
	['a blank', ' ', NONE],
	['null', null, NONE],
	['undefined', { special: 'undefined' }, NONE],
	['no number', { special: 'nan' }, NONE],
	['Infinity', { special: 'infinity' }, NONE],
	['true', true, NONE],
	['a list', [], NONE],
	['a list of a date', [AT], NONE],
	['an object', {}, NONE],
	['a broken Date', { jsDate: null }, NONE],
	['a broken DateTime', { luxon: 'no' }, NONE],
	['10,000 digits', '1'.repeat(10_000), NONE],
	['10,000 brackets', '('.repeat(10_000), NONE],
];

function readIn(zone: string): { offset: number; results: ReadonlyArray<string | Told> } {
	const inputs = [...READ, ...TOLD].map(([, input]) => input);
	const script = join(__dirname, 'readDates.cjs');
	const { stdout, stderr } = spawnSync(process.execPath, [script], {
		input: JSON.stringify(inputs),
		encoding: 'utf8',
		env: { ...process.env, TZ: zone },
	});
	expect(stderr).toBe('');
	return JSON.parse(stdout) as ReturnType<typeof readIn>;
}

describe.each([
	['America/New_York', 300],
	['Asia/Kolkata', -330],
	['Pacific/Apia', -780],
])('utcSeconds on a server in %s', (zone, minutesToUtc) => {
	let results: ReadonlyArray<string | Told>;

	beforeAll(() => {
		assertFreshBuild();
		const { offset, ...read } = readIn(zone);
		expect(offset).toBe(minutesToUtc);
		results = read.results;
	});

	it.each(READ.map(([name, , moment], index) => [name, moment, index] as const))(
		'takes %s',
		(_, moment, index) => {
			expect(results[index]).toBe(moment);
		},
	);

	it.each(TOLD.map(([name, , ...told], index) => [name, told, READ.length + index] as const))(
		'tells %s',
		(_, [message, remedy = /./], index) => {
			expect(results[index]).toEqual({
				message: expect.stringMatching(message) as string,
				remedy: expect.stringMatching(remedy) as string,
			});
		},
	);
});
