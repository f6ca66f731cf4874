/** Changes of a JSON answer. What comes out is text, as some of it no serializer would write. */
import type { Random } from '../../faults/campaign/random';
import { POLLUTION } from '../inputs/values';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A place in the answer: the object or list, and the key in it. */
interface Place {
	readonly owner: Json[] | { [name: string]: Json };
	readonly key: string;
}

/** Stands in the JSON where raw text goes in, and nowhere else. */
const RAW_MARK = 'raw-text-7391-goes-here';

/** What a field can become, each as it stands in the answer. */
const VALUES: readonly string[] = [
	'null',
	'true',
	'false',
	'0',
	'-1',
	'1.5',
	'1e21',
	'1e999',
	'9007199254740993',
	'8589934592',
	'""',
	'" "',
	'"x"',
	'"0"',
	'"../../etc/passwd"',
	'"__proto__"',
	'"constructor"',
	'"\\ud800"',
	'"half \\udc00 pair"',
	'"a\\u0000b\\r\\nX-Evil: 1"',
	'"https://example.com/?access_token=x"',
	'[]',
	'{}',
	'[null]',
	'[[]]',
	'{"length":-1}',
	'{"toString":1,"valueOf":null}',
	POLLUTION,
	`"${'x'.repeat(100_000)}"`,
	`[${'0,'.repeat(50_000)}0]`,
	`${'['.repeat(20_000)}${']'.repeat(20_000)}`,
	`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
];

/** Tags of Dropbox's unions; most are wrong wherever they stand. */
const TAGS = [
	'success',
	'failure',
	'complete',
	'in_progress',
	'async_job_id',
	'file',
	'folder',
	'deleted',
	'other',
	'not_found',
	'closed',
	'incorrect_offset',
	'from-next-year',
];

type Change = (answer: Json, random: Random) => string | undefined;

const CHANGES: ReadonlyArray<{ label: string; weight: number; change: Change }> = [
	{ label: 'a field of another type', weight: 8, change: swapped },
	{ label: 'a field is missing', weight: 4, change: without },
	{ label: 'a field stands there twice', weight: 1, change: twice },
	{ label: 'a field __proto__', weight: 1, change: polluting },
	{ label: 'another tag', weight: 2, change: otherTag },
	{ label: 'a list with an entry less, more, or in another order', weight: 3, change: otherList },
	{ label: 'a number or text that is near', weight: 2, change: near },
	{ label: 'something else as a whole', weight: 2, change: (_, random) => random.pick(VALUES) },
	{ label: 'a list around it', weight: 1, change: (answer) => `[${JSON.stringify(answer)}]` },
	{ label: 'twice in a row', weight: 0.5, change: (answer) => JSON.stringify(answer).repeat(2) },
];

export function changedJson(
	text: string,
	random: Random,
): { readonly label: string; readonly text: string } | undefined {
	const { change, label } = random.weighted(CHANGES);
	const answer = parsed(text);
	if (answer === undefined) return undefined;
	const changed = change(answer, random);
	return changed === undefined ? undefined : { label, text: changed };
}

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}

function swapped(answer: Json, random: Random): string | undefined {
	const place = anyPlace(answer, random);
	if (place === undefined) return undefined;
	put(place, RAW_MARK);
	return withRaw(answer, random.pick(VALUES));
}

function without(answer: Json, random: Random): string | undefined {
	const place = anyPlace(answer, random);
	if (place === undefined) return undefined;
	if (Array.isArray(place.owner)) place.owner.splice(Number(place.key), 1);
	else delete place.owner[place.key];
	return JSON.stringify(answer);
}

function twice(answer: Json, random: Random): string | undefined {
	const place = anyPlace(answer, random);
	if (place === undefined || Array.isArray(place.owner)) return undefined;
	const value = JSON.stringify(place.owner[place.key]);
	put(place, RAW_MARK);
	return withRaw(answer, `null,${JSON.stringify(place.key)}:${value}`);
}

function polluting(answer: Json, random: Random): string | undefined {
	const owners = takenTargetsOf(answer).flatMap(({ owner }) =>
		Array.isArray(owner) ? [] : [owner],
	);
	if (owners.length === 0) return undefined;
	random.pick(owners)[RAW_MARK] = 1;
	return JSON.stringify(answer).replace(`"${RAW_MARK}":1`, () => POLLUTION.slice(1, -1));
}

function otherTag(answer: Json, random: Random): string | undefined {
	const tags = takenTargetsOf(answer).filter(
		({ key }) => key === '.tag' || key === 'type' || key === 'code',
	);
	if (tags.length === 0) return undefined;
	put(random.pick(tags), random.pick(TAGS));
	return JSON.stringify(answer);
}

function otherList(answer: Json, random: Random): string | undefined {
	const lists = [answer, ...takenTargetsOf(answer).map(valueAt)].filter((value) =>
		Array.isArray(value),
	);
	const full = lists.filter(({ length }) => length > 0);
	if (full.length === 0) return undefined;
	const list = random.pick(full);
	const at = random.whole(0, list.length - 1);
	const how = random.whole(0, 3);
	if (how === 0) list.splice(at, 1);
	else if (how === 1) list.push(list[at] ?? null);
	else if (how === 2) list.reverse();
	else list.length = 0;
	return JSON.stringify(answer);
}

/** Wrong by as little as a service that is a little wrong. */
function near(answer: Json, random: Random): string | undefined {
	const places = takenTargetsOf(answer).filter((place) =>
		['number', 'string'].includes(typeof valueAt(place)),
	);
	if (places.length === 0) return undefined;
	const place = random.pick(places);
	const value = valueAt(place);
	put(
		place,
		typeof value === 'number' ? value + random.pick([-1, 1]) : `${(value as string).slice(0, -1)}~`,
	);
	return JSON.stringify(answer);
}

function anyPlace(answer: Json, random: Random): Place | undefined {
	const places = takenTargetsOf(answer);
	return places.length === 0 ? undefined : random.pick(places);
}

function takenTargetsOf(value: Json): Place[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => [
		{ owner: value, key },
		...takenTargetsOf(inner),
	]);
}

function valueAt({ key, owner }: Place): Json {
	return (owner as { [name: string]: Json })[key] ?? null;
}

function put({ key, owner }: Place, value: Json): void {
	(owner as { [name: string]: Json })[key] = value;
}

function withRaw(answer: Json, raw: string): string {
	return JSON.stringify(answer).replace(`"${RAW_MARK}"`, () => raw);
}
