/** What n8n's request helper throws where there is no answer. */
import { noReplyOf } from '../../../nodes/shared/http/rejection';

const failedTo = (syscall: string, code: string) =>
	Object.assign(new Error(code), { code, syscall });

it.each([
	['PostgreSQL', new Error('timeout exceeded when trying to connect')],
	['PostgreSQL', new Error('Connection terminated unexpectedly')],
	['SQLite', Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })],
])('%s, which has not given the credential: nothing was sent, and it passes', (_, error) => {
	expect(noReplyOf(error, error)).toMatchObject({ kind: 'unsent', passes: true });
});

describe('a host with several addresses, none of which could be reached,', () => {
	// Node.js tries them one after the other: https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
	const none = new AggregateError([
		failedTo('connect', 'ETIMEDOUT'),
		failedTo('connect', 'ENETUNREACH'),
	]);

	it.each([
		['itself', Object.assign(none, { code: 'ETIMEDOUT' })],
		[
			'in an error of the HTTP client',
			Object.assign(new Error(''), { code: 'ETIMEDOUT', cause: none }),
		],
	])('was sent nothing: the error %s', (_, cause) => {
		expect(noReplyOf(new Error('wrapped'), cause)).toEqual({
			kind: 'unsent',
			reason: 'ETIMEDOUT',
			passes: true,
		});
	});

	it('may have been sent something if one of them was written to', () => {
		const errors = [failedTo('connect', 'ETIMEDOUT'), failedTo('write', 'EPIPE')];
		const cause = Object.assign(new AggregateError(errors), { code: 'ETIMEDOUT' });
		expect(noReplyOf(new Error('wrapped'), cause)).toMatchObject({ kind: 'lost' });
	});
});
