import { failed, success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { getSession } from '../api/sessions';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

export async function execute({ context, connectionFor }: BoxRun): Promise<ItemResult[]> {
	return await operateOnItems({
		context,
		vendor: 'Box',
		keepsBinary: true,
		read: (itemIndex) => ({
			connection: connectionFor(itemIndex),
			sessionId: readSessionId(context, itemIndex),
		}),
		perform: async ({ connection, sessionId }) => {
			const session = await getSession(connection, sessionId);
			return session.ok
				? success(toJson(session.value))
				: failed({ ...session.failure, subject: sessionId });
		},
	});
}
