import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import { retryDelayMs } from '../../shared/http/retry';
import { waitForHost } from '../../shared/http/waitForHost';
import { freeNow } from '../../shared/freeNow';
import type { SizedSource } from '../../shared/upload/byteSource';
import { noteSpeed } from '../../shared/upload/lanes';
import { readInOneGo } from '../../shared/upload/startOver';
import { UPLOAD_URL } from '../api/connection';
import type { Form } from '../api/fileCalls';
import {
	checkUpload,
	getFile,
	setDescription,
	uploadFile,
	uploadFileVersion,
} from '../api/fileCalls';
import type { StoredItem } from '../api/types';
import { inTheWay, nothingStored, storedSince, verified } from './existing';
import { formBytes, readForm } from './form';
import type { SendSurroundings } from './surroundings';
import type { FileToUpload, Spot } from './types';

/** Sends a small file in one request. */
export async function sendDirect(
	file: FileToUpload,
	spot: Spot,
	around: SendSurroundings,
): Promise<Outcome<StoredItem>> {
	const { connection, settings, memory, progress } = around;
	const { source, attributes } = file;
	const checked = await checkFirst(source, spot, around);
	if (!checked.ok) return checked;
	const { cancelSignal } = connection.client;
	const { memoryCeilingBytes } = settings;
	const room = await memory.reserve(formBytes(source), memoryCeilingBytes, cancelSignal);
	let stored: Outcome<StoredItem>;
	try {
		const form = await read(file, spot, around);
		stored = form.ok ? await sendForm(form.value, checked.value, file, spot, around) : form;
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

/**
 * Gives the address to send it to, if Box has named one. Also renews a sign-in that is over: with
 * megabytes of a form n8n would take a second and hundreds of megabytes of memory for that.
 */
async function checkFirst(
	{ sizeBytes }: SizedSource,
	spot: Spot,
	{ connection, settings }: SendSurroundings,
): Promise<Outcome<string | undefined>> {
	if (sizeBytes < settings.checkedFromBytes) return success(undefined);
	if (spot.kind === 'newFile') return await checkUpload(connection, spot, sizeBytes);
	const present = await getFile(connection, spot.fileId);
	if (!present.ok) return present;
	return present.value.etag === spot.etag
		? success(undefined)
		: failed(inTheWay(spot, present.value));
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
	uploadUrl: string | undefined,
	{ source }: FileToUpload,
	spot: Spot,
	{ connection, lanes }: SendSurroundings,
): Promise<Outcome<StoredItem>> {
	const { client, policy } = connection;
	const { sha1 } = form;
	let answerLost = false;
	let sendings = 0;
	for (let attempt = 1; ; attempt++) {
		const sent =
			spot.kind === 'newFile'
				? await uploadFile(connection, form, uploadUrl)
				: await uploadFileVersion(connection, form, spot.fileId, spot.etag);
		noteSpeed(sent, lanes);
		if (sent.ok) {
			// Box has all of it, so nothing reads it any more.
			freeNow(form.body);
			return verified(sent.value, sha1);
		}
		sendings += sent.retries + 1;
		answerLost ||= sent.answerLost;
		const failure: Failure = {
			...afterRetries(sent.failure, sendings - 1),
			...(answerLost && { stored: 'unknown' }),
		};
		if (!answerLost || failure.path === 'canceled') return failed(failure);
		const since = await storedSince(connection, spot, { sha1, sizeBytes: source.sizeBytes });
		if (!since.ok) return since.failure.inTheWay ? since : failed(failure);
		if (since.value !== undefined) return success(since.value);
		const passes = failure.retryable;
		const delayMs = retryDelayMs({ attempt, passes, policy, random: Math.random() });
		const url = uploadUrl ?? UPLOAD_URL;
		if (delayMs === undefined || !(await waitForHost(client, url, delayMs))) {
			return failed(nothingStored(failure));
		}
		client.traffic.retried(failure.path);
	}
}
