import { isObject, isString } from '../json';
import { midnightOf, MONTHS, nameIndex, WEEKDAYS } from './calendar';
import { InputProblem } from './inputProblem';
import { wrongKind } from './readers';
import { printable } from './values';

type Problem =
	| 'not_a_date'
	/** A day, weekday or time that no calendar or clock has. */
	| 'impossible'
	/** A zone that is not defined the same everywhere. */
	| 'zone'
	/** A number between the units. */
	| 'unit'
	| 'year_out_of_range';

type Reading =
	| { readonly ms: number }
	| { readonly problem: Problem }
	/** The days that it may stand for, as ISO dates. */
	| { readonly mayBe: readonly string[] };

/** More than any date has, with the longest name of a zone behind it. */
const MAX_CHARACTERS = 200;
const EXAMPLE = '2026-05-12T15:50:38Z';

/**
 * A moment as `2015-05-12T15:50:38Z`: whole seconds, UTC, years 1 to 9999, as Dropbox and Box take it.
 * What has no zone is read as UTC, whatever zone the server or the workflow has. Throws InputProblem
 * for everything that could mean another moment to somebody else.
 */
export function utcSeconds(value: unknown, parameter: string, label: string): string {
	const tellDate = (message: string, remedy: string): never => {
		throw new InputProblem(parameter, `'${label}' ${message}`, remedy, printable(value));
	};
	const reading = momentOf(value);
	if ('ms' in reading) return `${new Date(reading.ms).toISOString().slice(0, 19)}Z`;
	if ('mayBe' in reading) {
		const days = reading.mayBe.join(' or ') || EXAMPLE;
		return tellDate('must begin with the year, in four digits', `Write ${days} instead.`);
	}
	switch (reading.problem) {
		case 'impossible':
			return tellDate("is a day or time that doesn't exist", 'Correct the day, weekday or time.');
		case 'zone':
			return tellDate(
				'has a time zone with more than one meaning',
				'Write the zone as an offset, such as +02:00, or as UTC.',
			);
		case 'unit':
			return tellDate(
				'is a number that could mean several dates',
				`Use Unix seconds or milliseconds between 1973 and 2286, or write the date as ${EXAMPLE}.`,
			);
		case 'year_out_of_range':
			return tellDate('is outside the years 1 to 9999', 'Correct the year.');
		default:
			return tellDate(
				"isn't a date",
				`Use a date like ${EXAMPLE} or an expression that returns one.`,
			);
	}
}

/** Undefined when it was left empty; what works out to nothing is no date. Throws InputProblem. */
export function readDate(value: unknown, parameter: string, label: string): string | undefined {
	if (value === undefined || value === null) throw wrongKind(value, parameter, label, 'a date');
	return value === '' ? undefined : utcSeconds(value, parameter, label);
}

function momentOf(value: unknown): Reading {
	const reading = isString(value) ? ofText(value) : ofNumberOrObject(value);
	if (!('ms' in reading)) return reading;
	if (Number.isNaN(reading.ms)) return { problem: 'not_a_date' };
	const year = new Date(reading.ms).getUTCFullYear();
	return year >= 1 && year <= 9_999 ? reading : { problem: 'year_out_of_range' };
}

/** JavaScript's Date and Luxon's DateTime know their moment; each may come from another realm. */
function ofNumberOrObject(value: unknown): Reading {
	if (typeof value === 'number') return ofNumber(value);
	if (!isObject(value)) return { problem: 'not_a_date' };
	const read = typeof value.toMillis === 'function' ? value.toMillis : value.getTime;
	if (typeof read !== 'function') return { problem: 'not_a_date' };
	const ms: unknown = read.call(value);
	return typeof ms === 'number' ? { ms } : { problem: 'not_a_date' };
}

/** From where on a number counts what since 1970; each unit reaches from 1973 to 2286, none meets another. */
const UNITS = [
	{ from: 1e8, perMs: 1e-3 },
	{ from: 1e11, perMs: 1 },
	{ from: 1e14, perMs: 1e3 },
	{ from: 1e17, perMs: 1e6 },
];

/** 202605042110: as milliseconds a moment of 1976. */
const MINUTE_AS_DIGITS =
	/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$/;

function ofNumber(number: number): Reading {
	if (!Number.isFinite(number)) return { problem: 'not_a_date' };
	if (MINUTE_AS_DIGITS.test(String(number))) return { problem: 'unit' };
	const size = Math.abs(number);
	const unit = UNITS.find(({ from }) => size >= from && size < 100 * from);
	return unit === undefined ? { problem: 'unit' } : { ms: Math.floor(number / unit.perMs) };
}

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,]\d+)?)?`;
const ZONE = String.raw`(?<zone>[a-z+-][^\s[\]]*)`;
const WEEKDAY = String.raw`(?:(?<weekday>[a-z]{3,9})\.?,?\s*)?`;
const MONTH = String.raw`(?<month>[a-z]{3,9})\.?`;

/** ISO 8601 and RFC 3339, a blank for the T, RFC 9557's name of the zone behind the offset; EXIF's colons. */
const YEAR_FIRST = new RegExp(
	String.raw`^(?<year>\d{4})([-/:])(?<month>\d\d)\2(?<day>\d\d)(?:(?:t|,?\s+)${TIME}(?:\s*${ZONE}(?:\[[\w/+-]+\])?)?)?$`,
	'i',
);
const ISO_BASIC = new RegExp(
	String.raw`^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)t(?<hour>\d\d)(?<minute>\d\d)(?:(?<second>\d\d)(?:[.,]\d+)?)?${ZONE}?$`,
	'i',
);
/** RFC 5322 (section 3.3, and 4.3 for its older names of zones) and RFC 9110 (5.6.7) for HTTP. */
const MAIL = new RegExp(
	String.raw`^${WEEKDAY}(?<day>\d{1,2})(?:\s+|-)${MONTH}(?:\s+|-)(?<year>\d{4}|\d\d)(?:,?\s+${TIME}(?:\s*${ZONE})?)?$`,
	'i',
);
/** JavaScript's Date as text: `Mon May 04 2026 21:10:00 GMT+0530`; `May 4, 2026`. */
const MONTH_FIRST = new RegExp(
	String.raw`^${WEEKDAY}${MONTH}\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})(?:,?\s+${TIME}(?:\s*${ZONE})?)?$`,
	'i',
);
/** C's asctime, HTTP's third form, and the command date: `Mon May  4 21:10:00 UTC 2026`. */
const YEAR_LAST = new RegExp(
	String.raw`^${WEEKDAY}${MONTH}\s+(?<day>\d{1,2})\s+${TIME}(?:\s+${ZONE})?\s+(?<year>\d{4})$`,
	'i',
);
const FORMS = [YEAR_FIRST, ISO_BASIC, MAIL, MONTH_FIRST, YEAR_LAST];

/** `5/12/2026`, `12.05.2026` and `12/05/26`, whatever time follows. */
const DIGITS_ONLY = /^(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d\d)(?![\d./-])/;

function ofText(given: string): Reading {
	if (given.length > MAX_CHARACTERS) return { problem: 'not_a_date' };
	// RFC 5322 allows a comment behind; what it says counts only if nothing else names the zone.
	const [, text = '', comment] = /^\s*(.*?)\s*(\(.*\))?\s*$/s.exec(given) ?? [];
	if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return ofNumber(Number(text));
	for (const form of FORMS) {
		const groups = form.exec(text)?.groups;
		if (groups === undefined) continue;
		if (comment !== undefined && groups.zone === undefined) return { problem: 'zone' };
		return ofFields(groups, form === MAIL ? MAIL_ZONES : {});
	}
	const digits = DIGITS_ONLY.exec(text);
	return digits === null ? { problem: 'not_a_date' } : { mayBe: daysOf(digits.slice(1)) };
}

type Fields = Readonly<Record<string, string | undefined>>;
type Zones = Readonly<Record<string, number>>;

function ofFields(fields: Fields, zones: Zones): Reading {
	const month = monthOf(fields.month);
	const weekday = fields.weekday === undefined ? undefined : nameIndex(WEEKDAYS, fields.weekday);
	const isTwelveHours = /^[ap]\.?m/i.test(fields.zone ?? '');
	if (month === undefined || weekday === -1 || isTwelveHours) return { problem: 'not_a_date' };
	const seconds = secondsOf(fields);
	if (seconds === undefined) return { problem: 'impossible' };
	const years = yearsOf(fields.year);
	if (years.length > 1 && weekday === undefined) return { mayBe: [] };
	const midnight = years
		.map((year) => midnightOf(year, month, Number(fields.day)))
		.filter((ms) => ms !== undefined)
		.find((ms) => weekday === undefined || new Date(ms).getUTCDay() === weekday);
	if (midnight === undefined) return { problem: 'impossible' };
	const offset = offsetMinutes(fields.zone, zones);
	if (offset === undefined) return { problem: 'zone' };
	return { ms: midnight + (seconds - offset * 60) * 1_000 };
}

/** 1 for January; undefined for a name that no month has. */
function monthOf(month = ''): number | undefined {
	if (/^\d/.test(month)) return Number(month);
	const index = nameIndex(MONTHS, month);
	return index < 0 ? undefined : index + 1;
}

/** Two digits of a year, as in HTTP's older form, are told apart by the weekday alone. */
function yearsOf(year = ''): number[] {
	return year.length === 4 ? [Number(year)] : [1_900 + Number(year), 2_000 + Number(year)];
}

/** Since midnight; undefined for a time that no clock shows. */
function secondsOf({ hour = '0', minute = '0', second = '0' }: Fields): number | undefined {
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	return (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
}

/** East of UTC; undefined for a zone that is none or that means different offsets in different places. */
function offsetMinutes(zone: string | undefined, zones: Zones): number | undefined {
	if (zone === undefined || /^(?:z|utc?|gmt)$/i.test(zone)) return 0;
	const named = zones[zone.toUpperCase()];
	if (named !== undefined) return named * 60;
	const [, sign, hours = '', minutes = '0'] =
		/^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(zone) ?? [];
	if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
	const size = Number(hours) * 60 + Number(minutes);
	return sign === '-' ? -size : size;
}

/** Hours east of UTC, as RFC 5322 (4.3) defines these names for mail. */
const MAIL_ZONES: Zones = {
	EDT: -4,
	EST: -5,
	CDT: -5,
	CST: -6,
	MDT: -6,
	MST: -7,
	PDT: -7,
	PST: -8,
};

/** What digits like 5, 12, 2026 may stand for: day or month first, and the year first if it has two digits. */
function daysOf([first = '', second = '', third = '']: readonly string[]): string[] {
	const orders = [
		[third, first, second],
		[third, second, first],
		...(third.length === 2 ? [[first, second, third]] : []),
	];
	const days = orders.flatMap(([year, month, day]) => {
		const fullYear = Number(year) + (year?.length === 4 ? 0 : 2_000);
		const ms = midnightOf(fullYear, Number(month), Number(day));
		return ms === undefined ? [] : [new Date(ms).toISOString().slice(0, 10)];
	});
	return [...new Set(days)].sort();
}
