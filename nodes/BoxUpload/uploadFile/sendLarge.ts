import type { Outcome } from '../../shared/failure';
import { isMissing, noteMissing } from '../../shared/http/missingRoutes';
import type { SizedSource } from '../../shared/source/byteSource';
import { isRouteRefused } from '../api/failures/refusedRoute';
import type { StoredItem } from '../api/types';
import { sendDirect } from './direct';
import type { SendEvents } from './inSession';
import { sendInSession } from './inSession';
import type { FileToUpload, ResolvedTarget } from './types';
import { isLarge } from './types';
import type { BoxUploadContext } from './uploadContext';

/** "supports files up to 50MB in size": https://developer.box.com/guides/uploads/direct/file/ */
const MOST_DIRECT_BYTES = 50_000_000;

const SESSIONS = 'upload sessions';

/** Whether a file goes in one request: a small one, or one for which Box has lately refused sessions. */
export function isSentDirect(source: SizedSource, accountKey: string): boolean {
	if (!isLarge(source)) return true;
	return source.sizeBytes <= MOST_DIRECT_BYTES && isMissing(accountKey, SESSIONS);
}

/** Sends a large file through an upload session, or in one request where Box refuses sessions and takes the file so. */
export async function sendLarge(
	file: FileToUpload,
	resolved: ResolvedTarget,
	context: BoxUploadContext,
	events: SendEvents,
): Promise<Outcome<StoredItem>> {
	const { accountKey } = context.connection.client;
	const direct = async () => await sendDirect(file, resolved, context, events.onSent);
	if (isSentDirect(file.source, accountKey)) return await direct();
	if (file.source.sizeBytes > MOST_DIRECT_BYTES) {
		return await sendInSession(file, resolved, context, events);
	}
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
