/** What can come back in place of an answer. */
import { gzipSync } from 'node:zlib';

import type { ChangedReply, FaultAction, WireReply } from '../../cloud/core/contract';
import { Random } from '../../faults/campaign/random';
import { changedJson } from './json';

const MIB = 1024 * 1024;

/** One kind of trouble; `make` gives what happens to one call. */
export interface ReplyKind {
	readonly label: string;
	readonly weight: number;
	readonly make: (random: Random) => { readonly label: string; readonly action: FaultAction };
}

type Body = string | Buffer;

const HTML =
	'<!doctype html><html><head><title>Bad gateway</title></head><body><h1>cloudproxy</h1></body></html>';

const BODIES: ReadonlyArray<readonly [label: string, type: string, body: Body]> = [
	['no body', 'application/json', ''],
	['HTML', 'text/html; charset=utf-8', HTML],
	['plain text', 'text/plain', 'Error in call to API function: something is wrong with your input'],
	['empty JSON', 'application/json', '{}'],
	['a JSON list', 'application/json', '[]'],
	['a JSON null', 'application/json', 'null'],
	[
		'odd JSON errors',
		'application/json',
		'{"error":{".tag":7},"error_summary":[],"code":{},"message":null}',
	],
	['a tag as error', 'application/json', '{"error":"other","error_summary":"other/..."}'],
	[
		'an unknown tag',
		'application/json',
		'{"error":{".tag":"from-next-year"},"error_summary":"x/..."}',
	],
	[
		'an unknown code',
		'application/json',
		'{"type":"error","code":"from_next_year","message":"\\ud800"}',
	],
	[
		'a code that is a prototype',
		'application/json',
		'{"error":{".tag":"__proto__"},"code":"constructor"}',
	],
	['deep JSON', 'application/json', `{"error":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
	['half a JSON', 'application/json', '{"error": {".tag": "pa'],
	['bytes that are no text', 'application/json', Buffer.from([0xed, 0xa0, 0x80, 0xff, 0x00, 0xc3])],
];

const REFUSALS = [
	400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 418, 421,
	422, 423, 424, 425, 426, 428, 431, 451, 499,
];
const BREAKDOWNS = [500, 501, 502, 503, 504, 505, 507, 508, 509, 511, 520, 521, 522, 524, 529, 599];
const SUCCESSES = [200, 201, 202, 203, 204, 205, 206, 207, 226, 299];
const REDIRECTS = [300, 301, 302, 303, 304, 305, 307, 308, 399];
const RETRY_AFTER = [
	'',
	'0',
	'-1',
	'1',
	'1.5',
	'1e3',
	'soon',
	'NaN',
	'Infinity',
	'99999999',
	'1, 2',
	'0x10',
	'Thu, 01 Jan 1970 00:00:00 GMT',
	'Fri, 31 Dec 9999 23:59:59 GMT',
	'x'.repeat(5_000),
];
const LOCATIONS = [
	undefined,
	'',
	'/',
	'http://127.0.0.1:1/',
	'https://example.com/x',
	'not a url',
	'//example.com',
];

export const REPLY_KINDS: readonly ReplyKind[] = [
	{ label: 'JSON', weight: 12, make: json },
	{ label: 'bytes', weight: 4, make: bytes },
	{ label: 'refusal', weight: 4, make: refusal },
	{ label: 'breakdown', weight: 3, make: breakdown },
	{ label: 'success', weight: 2, make: otherSuccess },
	{ label: 'redirect', weight: 1, make: redirect },
	{ label: 'slow down', weight: 2, make: slowDown },
	{ label: 'connection', weight: 2, make: connection },
	{ label: 'headers', weight: 1, make: headers },
	{ label: 'huge', weight: 0.25, make: huge },
	{ label: 'slow', weight: 0.15, make: slow },
];

const change = (label: string, changed: (reply: WireReply) => ChangedReply) => ({
	label,
	action: { kind: 'changeReply', change: changed } as const,
});

function withoutLength(headers: WireReply['headers']): WireReply['headers'] {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));
}

/** Another body with the length that goes with it. */
function withBody(
	reply: WireReply,
	body: Body,
	headersOfBody: Record<string, string> = {},
): ChangedReply {
	const bytesOfBody = Buffer.from(body);
	const rest = withoutLength(reply.headers);
	return {
		status: reply.status === 204 ? 200 : reply.status,
		headers: { ...rest, ...headersOfBody, 'content-length': String(bytesOfBody.length) },
		body: bytesOfBody,
	};
}

function json(random: Random) {
	// What can be changed shows when the answer is there; which change it is follows from here.
	const own = new Random(random.whole(1, 2 ** 30));
	return change('changed JSON', (reply) => {
		for (let attempt = 0; attempt < 5; attempt++) {
			const changed = changedJson(reply.body.toString('utf8'), own);
			if (changed) return { ...withBody(reply, changed.text), note: changed.label };
		}
		return withBody(reply, own.pick(BODIES)[2]);
	});
}

function bytes(random: Random) {
	const [name, alter] = random.pick<
		readonly [string, (body: Buffer) => readonly [Body, Record<string, string>]]
	>([
		['an empty body', () => ['', {}]],
		[
			'the first half of the body, said to be all',
			(body) => [body.subarray(0, body.length / 2), {}],
		],
		['HTML', () => [HTML, { 'content-type': 'text/html' }]],
		['a BOM before it', (body) => [Buffer.concat([Buffer.from('\ufeff'), body]), {}]],
		[
			'UTF-16',
			(body) => [
				Buffer.from(body.toString(), 'utf16le'),
				{ 'content-type': 'application/json; charset=utf-16' },
			],
		],
		[
			'bytes of half a pair',
			(body) => [Buffer.concat([body, Buffer.from([0xed, 0xa0, 0x80])]), {}],
		],
		['NULs', (body) => [Buffer.concat([Buffer.alloc(64), body]), {}]],
		['gzip without being so', (body) => [body, { 'content-encoding': 'gzip' }]],
		['gzip without saying so', (body) => [gzipSync(body), {}]],
		['gzip', (body) => [gzipSync(body), { 'content-encoding': 'gzip' }]],
		['half a gzip', (body) => [gzipSync(body).subarray(0, 12), { 'content-encoding': 'gzip' }]],
		['an encoding that is none', (body) => [body, { 'content-encoding': 'zebra' }]],
		[
			'a charset that is none',
			(body) => [body, { 'content-type': 'application/json; charset=zebra' }],
		],
		['another type', (body) => [body, { 'content-type': 'image/png' }]],
	]);
	return change(name, (reply) => withBody(reply, ...alter(reply.body)));
}

/** The call is not handled: who refuses has done nothing. */
function refusal(random: Random) {
	const status = random.pick(REFUSALS);
	const [name, type, body] = random.pick(BODIES);
	const action = { kind: 'reply', status, headers: { 'content-type': type }, body } as const;
	return { label: `${status} with ${name}`, action };
}

/** Who breaks down may have handled it. */
function breakdown(random: Random) {
	const status = random.pick(BREAKDOWNS);
	const [name, type, body] = random.pick(BODIES);
	if (random.chance(0.5)) {
		const action = { kind: 'reply', status, headers: { 'content-type': type }, body } as const;
		return { label: `${status} with ${name}, not handled`, action };
	}
	return change(`${status} with ${name}, handled`, (reply) => ({
		...withBody(reply, body, { 'content-type': type }),
		status,
	}));
}

function otherSuccess(random: Random) {
	const status = random.pick(SUCCESSES);
	const keeps = random.chance(0.5);
	return change(`${status} ${keeps ? 'with' : 'without'} the body`, (reply) => {
		const isEmpty = status === 204 || status === 205 || !keeps;
		if (reply.status >= 300) return { ...reply };
		const changed = withBody(reply, isEmpty ? '' : reply.body);
		const { 'content-length': length, ...rest } = changed.headers;
		return {
			...changed,
			status,
			headers: status === 204 ? rest : { ...rest, 'content-length': length ?? '0' },
		};
	});
}

function redirect(random: Random) {
	const status = random.pick(REDIRECTS);
	const location = random.pick(LOCATIONS);
	const headersOf: Record<string, string> = location === undefined ? {} : { location };
	const action = { kind: 'reply', status, headers: headersOf, body: '' } as const;
	return { label: `${status} to ${location ?? 'nowhere'}`, action };
}

function slowDown(random: Random) {
	const retryAfter = random.chance(0.25) ? undefined : random.pick(RETRY_AFTER);
	const asked = random.pick(['1', '-1', '1e999', '"soon"', 'null', '99999999', '{}']);
	const body = random.pick([
		'',
		HTML,
		`{"error":{"reason":{".tag":"too_many_requests"},"retry_after":${asked}}}`,
	]);
	const action = {
		kind: 'reply',
		status: 429,
		headers: {
			'content-type': 'application/json',
			...(retryAfter !== undefined && { 'retry-after': retryAfter }),
		},
		body,
	} as const;
	return {
		label: `429, Retry-After ${retryAfter?.slice(0, 40) ?? 'missing'}, ${body.slice(-30)}`,
		action,
	};
}

function connection(random: Random): { label: string; action: FaultAction } {
	const share = random.share();
	return random.pick<{ label: string; action: FaultAction }>([
		{ label: 'a reset before the call', action: { kind: 'resetBefore' } },
		{ label: 'a reset instead of the answer', action: { kind: 'loseReply' } },
		change('an answer that breaks off', (reply) => ({
			...reply,
			cut: { afterBytes: Math.floor(share * reply.body.length), then: 'close' },
		})),
		change('an answer of unknown length that breaks off', (reply) => {
			const rest = withoutLength(reply.headers);
			return {
				...reply,
				headers: rest,
				cut: { afterBytes: Math.floor(share * reply.body.length), then: 'close' },
			};
		}),
		change('a length that is too long', (reply) => ({
			...reply,
			headers: { ...reply.headers, 'content-length': String(reply.body.length + 10) },
			cut: { afterBytes: reply.body.length, then: 'close' },
		})),
	]);
}

function headers(random: Random) {
	const [name, odd] = random.pick<readonly [string, Record<string, string | string[]>]>([
		['a date of 1970', { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }],
		['a date of 9999', { date: 'Fri, 31 Dec 9999 23:59:59 GMT' }],
		['no date', { date: 'yesterday' }],
		[
			'two of each',
			{
				'x-dropbox-request-id': ['a', 'b'],
				'box-request-id': ['a', 'b'],
				'retry-after': ['1', '2'],
			},
		],
		[
			'a request ID of 5 kB',
			{ 'x-dropbox-request-id': 'r'.repeat(5_000), 'box-request-id': 'r'.repeat(5_000) },
		],
		['odd names', { __proto__x: '1', constructor: '1', 'set-cookie': ['a=1', 'b=2'] }],
		['a challenge', { 'www-authenticate': 'Bearer error="insufficient_scope", scope="\u00ff"' }],
		['Retry-After in a success', { 'retry-after': '3600' }],
	]);
	return change(`headers: ${name}`, (reply) => ({
		...reply,
		headers: { ...reply.headers, ...odd },
	}));
}

const BOMB = gzipSync(Buffer.alloc(64 * MIB));

function huge(random: Random) {
	return random.pick([
		change('a gzip bomb', (reply) => withBody(reply, BOMB, { 'content-encoding': 'gzip' })),
		change('a text of 12 MiB', (reply) => withBody(reply, `{"text":"${'x'.repeat(12 * MIB)}"}`)),
		change('20 MiB', (reply) => withBody(reply, Buffer.alloc(20 * MIB, 'x'))),
		change('300,000 entries', (reply) =>
			withBody(reply, `{"entries":[${'{"name":"a"},'.repeat(300_000)}{}]}`),
		),
		change('an error of 5 MiB', (reply) => ({
			...withBody(reply, `{"error_summary":"${'x'.repeat(5 * MIB)}","error":{".tag":"other"}}`),
			status: 409,
		})),
	]);
}

function slow(random: Random) {
	return random.pick([
		change('an answer that drips', (reply) => ({
			...reply,
			bytesPerSecond: Math.max(20, reply.body.length / 2),
		})),
		change('an answer that stops in the middle', (reply) => ({
			...reply,
			cut: { afterBytes: Math.floor(reply.body.length / 2), then: 'silence' },
		})),
		change('headers and then nothing', (reply) => ({
			...reply,
			cut: { afterBytes: 0, then: 'silence' },
		})),
	]);
}
