import type { Outcome } from '../../shared/failure';
import { isMissing, noteMissing } from '../../shared/http/missingRoutes';
import { isRouteRefused } from '../api/failures/refusedRoute';
import type { StoredItem } from '../api/types';
import { sendDirect } from './direct';
import type { SendEvents } from './inSession';
import { sendInSession } from './inSession';
import type { FileToUpload, ResolvedTarget } from './types';
import type { BoxUploadContext } from './uploadContext';

/** "supports files up to 50MB in size": https://developer.box.com/guides/uploads/direct/file/ */
const MOST_DIRECT_BYTES = 50_000_000;

const SESSIONS = 'upload sessions';

/** Sends a large file through an upload session, or in one request where Box refuses sessions and takes the file so. */
export async function sendLarge(
	file: FileToUpload,
	resolved: ResolvedTarget,
	context: BoxUploadContext,
	events: SendEvents,
): Promise<Outcome<StoredItem>> {
	const { accountKey } = context.connection.client;
	const direct = async () => await sendDirect(file, resolved, context, events.onSent);
	if (file.source.sizeBytes > MOST_DIRECT_BYTES) {
		return await sendInSession(file, resolved, context, events);
	}
	if (isMissing(accountKey, SESSIONS)) return await direct();
	let isOpened = false;
	const onOpened = (): void => void (isOpened = true);
	const inSession = await sendInSession(file, resolved, context, { ...events, onOpened });
	if (inSession.ok || inSession.failure.stored !== 'no') return inSession;
	if (!isRouteRefused(inSession.failure)) return inSession;
	const sent = await direct();
	// A session that was opened may have been lost, which says nothing about the next one.
	const { status } = inSession.failure;
	const mayBeLost = isOpened && (status === 404 || status === 410);
	if (sent.ok && !mayBeLost) noteMissing(accountKey, SESSIONS);
	return !sent.ok && isRouteRefused(sent.failure) ? inSession : sent;
}
