import { forUser, passing } from '../../../nodes/shared/catalogue';
import { failed, success } from '../../../nodes/shared/failure';
import { failureOf } from '../../../nodes/shared/failureOf';
import type { ReplyReader } from '../../../nodes/shared/http/call';
import { call } from '../../../nodes/shared/http/call';
import { OutageBudget } from '../../../nodes/shared/http/outageBudget';
import { DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/retry';
import { Traffic } from '../../../nodes/shared/http/traffic';
import type { HttpClient, Sent } from '../../../nodes/shared/http/types';

const broken = (): never => {
	throw new RangeError('a secret of somebody');
};
const reply: Sent = { kind: 'reply', reply: { status: 200, headers: {}, text: '{}' } };

/** One call whose answer and reader are these. */
async function outcomeOf(
	sent: () => Sent,
	reader: Partial<ReplyReader<null>>,
	url: string,
	own: Partial<HttpClient> = {},
	policy = DEFAULT_RETRY_POLICY,
) {
	const client: HttpClient = {
		send: async () => await Promise.resolve(sent()),
		traffic: new Traffic(),
		outage: new OutageBudget(),
		serverNowMs: () => Date.now(),
		cancelSignal: undefined,
		accountKey: 'account',
		signInKey: 'account',
		isOver: () => false,
		secrets: async () => await Promise.resolve([]),
		isOf: () => {},
		debug: () => {},
		tell: () => {},
		...own,
	};
	return await call(client, {
		request: { method: 'POST', url, headers: {} },
		reader: { vendor: 'Box', read: () => success(null), noReply: broken, ...reader },
		policy,
		afterLostResponse: 'repeat',
	});
}

const URL_OF_BOX = 'https://api.box.com/2.0/files';

describe('a call never throws', () => {
	it.each<[string, () => Sent, Partial<ReplyReader<null>>, string]>([
		['reading the answer', () => reply, { read: broken }, URL_OF_BOX],
		['explaining that there is none', () => ({ kind: 'lost', reason: 'x' }), {}, URL_OF_BOX],
		['sending', broken, {}, URL_OF_BOX],
	])('%s throws: it may have been done', async (_, sent, reader, url) => {
		const outcome = await outcomeOf(sent, reader, url);
		expect(outcome).toMatchObject({
			ok: false,
			responseLost: true,
			failure: { vendor: 'Box', code: 'internal', class: 'internal', stored: 'unknown' },
		});
		expect(JSON.stringify(outcome)).not.toContain('secret');
	});

	it('an address that is none was not sent to', async () => {
		expect(await outcomeOf(() => reply, {}, 'no address')).toMatchObject({
			ok: false,
			responseLost: false,
			failure: { code: 'internal', stored: 'no' },
		});
	});
});

test('a 429 is no sign that something gets through, whatever reason it has', async () => {
	const outage = new OutageBudget();
	const noteSuccess = jest.spyOn(outage, 'noteSuccess');
	const refused: Sent = { kind: 'reply', reply: { status: 429, headers: {}, text: '{}' } };
	const read = () =>
		failed(failureOf('Box', 'new_reason', forUser('Refused', 'Ask Box.'), { stored: 'no' }));
	const policy = { ...DEFAULT_RETRY_POLICY, maxRetries: 0 };
	const own = { outage, accountKey: 'refused' };
	const outcome = await outcomeOf(() => refused, { read }, URL_OF_BOX, own, policy);
	expect(outcome).toMatchObject({ ok: false, failure: { code: 'new_reason' } });
	expect(noteSuccess).not.toHaveBeenCalled();
});

describe('whether fewer requests at the same time may be better', () => {
	it.each<[string, Sent, unknown]>([
		[
			'a body that is stuck says so',
			{ kind: 'lost', reason: 'x', isStuck: true },
			expect.any(Number),
		],
		['a lost response does not', { kind: 'lost', reason: 'x' }, undefined],
	])('%s', async (_, first, expected) => {
		const answers = [first, reply];
		const noReply = () =>
			failureOf('Box', 'network/answer_lost', passing('Lost', 'Try again.'), { stored: 'no' });
		const outcome = await outcomeOf(() => answers.shift() ?? reply, { noReply }, URL_OF_BOX);
		expect(outcome).toMatchObject({ ok: true, retries: 1, tooFastAtMs: expected });
	});
});
