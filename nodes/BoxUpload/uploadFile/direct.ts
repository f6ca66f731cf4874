import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { retryDelayMs } from '../../shared/http/retry';
import { waitForHost } from '../../shared/http/waitForHost';
import { freeNow } from '../../shared/releaseMemory';
import type { SizedSource } from '../../shared/source/byteSource';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { readInOneGo } from '../../shared/source/restart';
import type { Connection } from '../api/connection';
import { UPLOAD_URL } from '../api/connection';
import type { Form } from '../api/files';
import { checkUpload, setDescription, uploadFile, uploadFileVersion } from '../api/files';
import type { Files, StoredItem } from '../api/types';
import { lookAgain, mayBeOnlyEtag, namedIn, nothingStored, verified } from './lookup';
import { formBytes, readForm } from './form';
import type { SendSurroundings } from './uploadContext';
import type { FileToUpload, Spot } from './types';

/** Sends a small file in one request; `onSent` when its content goes out. */
export async function sendDirect(
	file: FileToUpload,
	wanted: Spot,
	around: SendSurroundings,
	onSent: () => void,
): Promise<Outcome<StoredItem>> {
	const { connection, settings, memory, progress } = around;
	const { source, attributes } = file;
	const checked = await checkFirst(source, wanted, around);
	if (!checked.ok) return checked;
	const { spot } = checked.value;
	const { cancelSignal } = connection.client;
	const { memoryCeilingBytes } = settings;
	const room = await memory.reserve(formBytes(source), memoryCeilingBytes, cancelSignal);
	let stored: Outcome<StoredItem>;
	try {
		const form = await read(file, spot, around);
		if (form.ok) onSent();
		stored = form.ok ? await sendForm(form.value, checked.value, file, around) : form;
	} finally {
		room.release();
	}
	if (!stored.ok) return stored;
	progress.bytesSent(source.sizeBytes);
	// Box takes no description along with the content.
	if (attributes.description === undefined) return stored;
	const described = await setDescription(connection, stored.value.id, attributes.description);
	return described.ok ? described : failed({ ...described.failure, stored: 'yes' });
}

/** Where the content goes. */
interface Receiver {
	readonly spot: Spot;
	/** Undefined unless Box has named one. */
	readonly uploadUrl: string | undefined;
}

/**
 * Also renews a sign-in that is over: with megabytes of a form n8n would take a second and hundreds of megabytes of
 * memory for that.
 */
async function checkFirst(
	{ sizeBytes }: SizedSource,
	spot: Spot,
	{ connection, settings }: SendSurroundings,
): Promise<Outcome<Receiver>> {
	if (sizeBytes < settings.checkedFromBytes) return success({ spot, uploadUrl: undefined });
	if (spot.kind === 'newFile') {
		const checked = await checkUpload(connection, spot, sizeBytes);
		return checked.ok ? success({ spot, uploadUrl: checked.value }) : checked;
	}
	// Nothing was sent, so only the version counts.
	const since = await lookAgain(connection, spot, { sha1: '', sizeBytes, mayBeStored: false });
	if (!since.ok) return since;
	return success({ spot: 'spot' in since.value ? since.value.spot : spot, uploadUrl: undefined });
}

async function read(
	{ source, attributes }: FileToUpload,
	spot: Spot,
	{ canceled }: SendSurroundings,
): Promise<Outcome<Form>> {
	const reason = canceled();
	if (reason !== undefined) return failed(reason);
	const { content_created_at: created, content_modified_at: modified } = attributes;
	const times = { ...(modified !== undefined && { content_modified_at: modified }) };
	const sent =
		spot.kind === 'newFile'
			? {
					name: spot.fileName,
					parent: { id: spot.folderId },
					...(created !== undefined && { content_created_at: created }),
					...times,
				}
			: { name: spot.fileName ?? spot.currentName, ...times };
	return await readInOneGo(source, async () => await readForm(source, sent));
}

/**
 * After a lost answer nothing is sent again before a look at the place. Even if Box finishes the first
 * one later, the name or the etag lets only one of the two in.
 */
async function sendForm(
	form: Form,
	{ spot: wanted, uploadUrl }: Receiver,
	{ source }: FileToUpload,
	{ connection, lanes }: SendSurroundings,
): Promise<Outcome<StoredItem>> {
	const { client, policy } = connection;
	const { sha1 } = form;
	let spot = wanted;
	let mayBeStored = false;
	let sendings = 0;
	for (let attempt = 1; ; attempt++) {
		const answer = await sendOnce(connection, form, spot, uploadUrl);
		noteSpeed(answer, lanes);
		const stored = answer.ok ? verified(answer.value, sha1) : answer;
		if (stored.ok) {
			// Box has all of it, so nothing reads it any more.
			freeNow(form.body);
			return stored;
		}
		sendings += answer.retries + 1;
		mayBeStored ||= answer.answerLost || stored.failure.stored === 'unknown';
		const failure: Failure = {
			...afterRetries(stored.failure, sendings - 1),
			...(mayBeStored && { stored: 'unknown' }),
		};
		const isEtagOld = mayBeOnlyEtag(failure, spot);
		if ((!mayBeStored && !isEtagOld) || failure.path === 'canceled') return failed(failure);
		const { sizeBytes } = source;
		const since = await lookAgain(connection, spot, { sha1, sizeBytes, mayBeStored });
		if (!since.ok) return mayBeStored && namedIn(since.failure) ? since : failed(failure);
		if ('item' in since.value) return success(since.value.item);
		({ spot } = since.value);
		const passes = isEtagOld || failure.retryable;
		const delayMs = retryDelayMs({ attempt, passes, policy, random: Math.random() });
		const url = uploadUrl ?? UPLOAD_URL;
		if (delayMs === undefined || !(await waitForHost(client, url, delayMs))) {
			return failed(nothingStored(failure));
		}
		client.traffic.retried(failure.path);
	}
}

async function sendOnce(
	connection: Connection,
	form: Form,
	spot: Spot,
	uploadUrl: string | undefined,
): Promise<CallOutcome<Files>> {
	return spot.kind === 'newFile'
		? await uploadFile(connection, form, spot.folderId, uploadUrl)
		: await uploadFileVersion(connection, form, spot.fileId, spot.etag);
}
