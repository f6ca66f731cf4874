import { failed, success } from '../../shared/failure';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { abortSession } from '../api/sessions';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

export async function execute({
	context,
	connectionFor,
	sessionOf,
}: BoxRun): Promise<ItemResult[]> {
	return await operateOnItems({
		context,
		vendor: 'Box',
		read: (itemIndex) => ({
			connection: connectionFor(itemIndex),
			sessionId: readSessionId(context, itemIndex),
		}),
		perform: async ({ connection, sessionId }) => {
			const session = await sessionOf(connection, sessionId, 'abort');
			const aborted = session.ok ? await abortSession(connection, session.value) : session;
			return aborted.ok
				? success({ session_id: sessionId, aborted: true })
				: failed({ ...aborted.failure, subject: sessionId });
		},
	});
}
