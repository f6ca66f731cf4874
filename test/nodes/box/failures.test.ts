import { boxCodes } from '../../../nodes/BoxUpload/api/failures/codes';
import { afterLostCommit } from '../../../nodes/BoxUpload/api/failures/lostCommit';
import { readErrorReply } from '../../../nodes/BoxUpload/api/failures/read';
import type { HttpReply } from '../../../nodes/shared/http/types';
import { descriptionOf } from '../../../nodes/shared/output/errorItem';
import tables from '../../tables/boxErrors.json';

const onSession = { step: 'getSession' } as const;
const elsewhere = {};
const commit = { step: 'commit' } as const;

function reply(status: number, body: unknown = '', headers: HttpReply['headers'] = {}): HttpReply {
	return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

function refusal(status: number, code: string, more: object = {}): HttpReply {
	return reply(status, { type: 'error', status, code, request_id: 'abcdef123456', ...more });
}

/** What Box publishes, less what the calls of the node cannot be answered with. */
function publishedCodes(): Array<[code: string, status: number]> {
	const elsewhere = new Set([...Object.values(tables.elsewhere).flat(), ...tables.notErrors]);
	const common = Object.entries(tables.commonErrors).flatMap(([status, codes]) =>
		codes.map((code): [string, number] => [code, Number(status)]),
	);
	const further = tables.clientErrorCodes
		.filter((code) => !common.some(([known]) => known === code))
		.map((code): [string, number] => [code, 400]);
	return [...common, ...further].filter(([code]) => !elsewhere.has(code));
}

describe('the codes that Box publishes', () => {
	test('are many, and those of other functions are among them', () => {
		expect(publishedCodes().length).toBeGreaterThan(35);
		const all = Object.values(tables.commonErrors).flat();
		expect(all).toEqual(expect.arrayContaining(Object.values(tables.elsewhere).flat()));
	});

	test.each(publishedCodes())('%s (%i) has an entry in the catalogue', (code, status) => {
		expect(Object.keys(boxCodes)).toContain(code);
		const failure = readErrorReply(refusal(status, code, { message: 'Raw words' }), elsewhere);
		expect(failure).toMatchObject({ code, requestId: 'abcdef123456' });
		expect(failure.message).not.toBe('Box refused the request');
		expect(failure.retryable).toBe(failure.class === 'transient');
	});

	test.each(Object.entries(boxCodes).filter(([, { remedy }]) => /report/i.test(remedy)))(
		'%s, to be reported as a bug, is of the class of our bugs',
		(_, { class: failureClass }) => expect(failureClass).toBe('internal'),
	);
});

describe('the catalogue', () => {
	test.each(Object.entries(boxCodes))('%s says what happened and what to do', (code, entry) => {
		expect(code).toMatch(/^[a-z_]+$/);
		expect(entry.message).toMatch(/^[A-Z][^.]+[^. ]$/);
		expect(entry.remedy).toMatch(/^[A-Z].+\.$/);
		// The raw code is in the path; a message is for people.
		expect(entry.message).not.toMatch(/_/);
	});

	test.each([
		['item_name_in_use', 409, 'user'],
		['file_size_too_small', 400, 'input'],
		['rate_limit_exceeded', 429, 'transient'],
		['operation_blocked_temporary', 409, 'transient'],
		['name_temporarily_reserved', 409, 'transient'],
		['storage_limit_exceeded', 403, 'user'],
		['session_expired', 410, 'input'],
	] as const)('%s is told by its code', (code, status, failureClass) => {
		const failure = readErrorReply(refusal(status, code), elsewhere);
		expect(failure).toMatchObject({ code, status, class: failureClass });
		expect(failure.retryable).toBe(failureClass === 'transient');
		expect(failure.message).toBe(boxCodes[code]?.message);
	});
});

describe('an answer that the catalogue does not know', () => {
	test('keeps its raw code, its words and its request ID', () => {
		const failure = readErrorReply(
			refusal(403, 'brand_new_rule', { message: 'Not on a Sunday' }),
			elsewhere,
		);
		expect(failure).toMatchObject({ code: 'brand_new_rule', status: 403, class: 'user' });
		expect(failure.message).toBe('Box refused the request');
		expect(descriptionOf(failure)).toContain('Box said: Not on a Sunday');
		expect(descriptionOf(failure)).toContain('Request ID: abcdef123456');
	});

	test.each(['constructor', '__proto__', 'toString'])('may be called %s', (code) => {
		expect(readErrorReply(refusal(400, code), elsewhere)).toMatchObject({
			code,
			message: 'Box refused the request',
		});
	});

	test.each([
		[401, '', 'Box no longer accepts the sign-in'],
		[404, '', "Box can't find the folder or file"],
		[413, '', 'The file is larger than this Box account allows'],
		[418, '', 'Box refused the request'],
		[
			502,
			'<html><head><style>p{}</style></head><body>Bad <b>Gateway</b></body></html>',
			'Something between n8n and Box sent the response',
		],
		[400, '{"code":', 'Box refused the request'],
		[400, '[]', 'Box refused the request'],
		[400, 'null', 'Box refused the request'],
		[400, '{"code":7,"message":{"a":1}}', 'Box refused the request'],
	])('is told by its status: %i %s', (status, body, message) => {
		const failure = readErrorReply(reply(status, body), elsewhere);
		expect(failure).toMatchObject({ code: `http/${status}`, message, status });
		expect(descriptionOf(failure)).not.toMatch(/undefined|\[object|<html|style/);
	});

	test('names the request ID of the header where the body has none', () => {
		const failure = readErrorReply(reply(500, '', { 'box-request-id': 'fedcba' }), elsewhere);
		expect(failure.requestId).toBe('fedcba');
	});

	test('is quoted in part when it is very long', () => {
		const failure = readErrorReply(reply(500, 'x'.repeat(100_000)), elsewhere);
		expect(descriptionOf(failure).length).toBeLessThan(1_000);
	});
});

describe('404', () => {
	test('is about the session in a call on one', () => {
		const failure = readErrorReply(refusal(404, 'not_found'), onSession);
		expect(failure.message).toBe('Box no longer has this upload session');
	});

	test('is about the folder or file in any other call', () => {
		const failure = readErrorReply(refusal(404, 'not_found'), elsewhere);
		expect(failure.message).toBe("Box can't find the folder or file");
	});
});

describe('a commit', () => {
	test.each([
		[404, 'not_found'],
		[410, 'session_expired'],
		[409, 'item_name_in_use'],
		[412, 'precondition_failed'],
	])('sent again after a lost answer and refused with %i %s may be stored', (status, code) => {
		const failure = readErrorReply(refusal(status, code), commit);
		expect(failure.stored).toBe('no');
		expect(afterLostCommit(failure, true)).toMatchObject({
			code: 'outcome_unknown',
			stored: 'unknown',
			retryable: false,
		});
		expect(afterLostCommit(failure, false)).toBe(failure);
	});

	test.each([
		[409, 'operation_blocked_temporary'],
		[400, 'parts_mismatch'],
		[403, 'storage_limit_exceeded'],
	])(
		'that ends in %i %s after a lost answer keeps its reason and may be stored',
		(status, code) => {
			const failure = readErrorReply(refusal(status, code), commit);
			expect(afterLostCommit(failure, true)).toEqual({ ...failure, stored: 'unknown' });
		},
	);
});
