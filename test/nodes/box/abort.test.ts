import { failureOf, onlyJson, openSession, PUT_PART, partOf, step, useBox } from './steps';

const rig = useBox();
const ABORT = 'DELETE /files/upload_sessions/:id';
const abort = (sessionId: string) => rig().box(step('abort', { parameters: { sessionId } }));

describe('Abort', () => {
	test('gives the session up', async () => {
		const sessionId = await openSession(rig());
		expect(onlyJson(await abort(sessionId))).toEqual({ session_id: sessionId, aborted: true });
		expect(rig().cloud.box.sessions()).toMatchObject([{ id: sessionId, state: 'aborted' }]);
	});

	test('of a session that is gone is a readable failure', async () => {
		const sessionId = await openSession(rig());
		await abort(sessionId);
		const failure = failureOf(await abort(sessionId));
		expect(failure).toMatchObject({ path: 'not_found', status: 404, class: 'input' });
		expect(failure.message).toBe('Box no longer has this upload session');
		expect(failure.description).toContain(sessionId);
	});

	test.each([
		['lost after it was done', { kind: 'loseReply' }],
		['lost before it was done', { kind: 'resetBefore' }],
		['an error of Box', { kind: 'reply', status: 500 }],
	] as const)('succeeds when the answer was %s', async (_what, action) => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: ABORT, action });
		expect(onlyJson(await abort(sessionId))).toMatchObject({ aborted: true });
		expect(rig().cloud.box.sessions()).toMatchObject([{ state: 'aborted' }]);
	});

	test('leaves nothing that a part could be sent to', async () => {
		const sessionId = await openSession(rig());
		await abort(sessionId);
		expect(failureOf(await rig().box(partOf(sessionId))).path).toBe('not_found');
		expect(rig().cloud.counters().requestsByRoute[PUT_PART]).toBeUndefined();
	});
});
