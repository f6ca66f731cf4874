import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { isMissing, noteMissing } from '../../shared/http/missingRoutes';
import { releaseMemory } from '../../shared/releaseMemory';
import type { SizedSource } from '../../shared/source/byteSource';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { readInOneGo } from '../../shared/source/restart';
import type { Connection } from '../api/connection';
import { UPLOAD_URL } from '../api/connection';
import { isRouteRefused } from '../api/failures/refusedRoute';
import type { Form } from '../api/files';
import { checkUpload, setDescription, uploadFile, uploadFileVersion } from '../api/files';
import { mayResend } from '../api/retries';
import type { StoredItem } from '../api/types';
import { formBytes, readForm } from './form';
import { namedIn } from './lookup';
import type { Reconciled, Sent } from './reconcile';
import { mayBeOnlyEtag, mustReconcile, nothingStored, reconcile, verified } from './reconcile';
import type { BoxUploadContext } from './uploadContext';
import type { FileToUpload, ResolvedTarget } from './types';

/** Sends a small file in one request; `onSent` when its content goes out. */
export async function sendDirect(
	file: FileToUpload,
	wanted: ResolvedTarget,
	context: BoxUploadContext,
	onSent: () => void,
): Promise<Outcome<StoredItem>> {
	const { connection, settings, memory, progress } = context;
	const { source, attributes } = file;
	const checked = await checkFirst(source, wanted, context);
	if (!checked.ok) return checked;
	const { resolved } = checked.value;
	const { cancelSignal } = connection.client;
	const { memoryLimitBytes } = settings;
	const room = await memory.reserve(formBytes(source), memoryLimitBytes, cancelSignal);
	let stored: Outcome<StoredItem>;
	try {
		const form = await read(file, resolved, context);
		if (form.ok) onSent();
		stored = form.ok ? await sendForm(form.value, checked.value, file, context) : form;
	} finally {
		room.release();
	}
	if (!stored.ok) return stored;
	const { isCheckRefused } = checked.value;
	if (isCheckRefused) noteMissing(connection.client.accountKey, CHECK);
	progress.bytesSent(source.sizeBytes);
	// Box takes no description along with the content.
	if (attributes.description === undefined) return stored;
	const described = await setDescription(connection, stored.value.id, attributes.description);
	return described.ok ? described : failed({ ...described.failure, stored: 'yes' });
}

const CHECK = 'OPTIONS /files/content';

/** Whether Box is asked before content is sent there, unless there is little of it. */
export function isCheckedFirst({ kind }: ResolvedTarget, accountKey: string): boolean {
	return kind !== 'newFile' || !isMissing(accountKey, CHECK);
}

/** Where the content goes. */
interface Receiver {
	readonly resolved: ResolvedTarget;
	/** Undefined unless Box has named one. */
	readonly uploadUrl: string | undefined;
	/** Box would not even check it, so that only the upload shows whether it is taken. */
	readonly isCheckRefused?: boolean;
}

/**
 * Also renews a sign-in that is over: with megabytes of a form n8n would take a second and hundreds of megabytes of
 * memory for that.
 */
async function checkFirst(
	{ sizeBytes }: SizedSource,
	resolved: ResolvedTarget,
	{ connection, settings }: BoxUploadContext,
): Promise<Outcome<Receiver>> {
	const unchecked = { resolved, uploadUrl: undefined };
	const isChecked = isCheckedFirst(resolved, connection.client.accountKey);
	if (sizeBytes < settings.checkedFromBytes || !isChecked) return success(unchecked);
	if (resolved.kind === 'newFile') {
		const checked = await checkUpload(connection, resolved, sizeBytes);
		if (checked.ok) return success({ resolved, uploadUrl: checked.value });
		const isCheckRefused = isRouteRefused(checked.failure);
		return isCheckRefused ? success({ ...unchecked, isCheckRefused }) : checked;
	}
	// Nothing was sent, so only the version counts.
	const reconciled = await reconcile(connection, resolved, {
		sha1: '',
		sizeBytes,
		mayBeStored: false,
	});
	if (!reconciled.ok) return reconciled;
	return success({
		resolved: 'resolved' in reconciled.value ? reconciled.value.resolved : resolved,
		uploadUrl: undefined,
	});
}

async function read(
	{ source, attributes }: FileToUpload,
	resolved: ResolvedTarget,
	{ canceled }: BoxUploadContext,
): Promise<Outcome<Form>> {
	const reason = canceled();
	if (reason !== undefined) return failed(reason);
	const { content_created_at: created, content_modified_at: modified } = attributes;
	const times = { ...(modified !== undefined && { content_modified_at: modified }) };
	const sent =
		resolved.kind === 'newFile'
			? {
					name: resolved.fileName,
					parent: { id: resolved.folderId },
					...(created !== undefined && { content_created_at: created }),
					...times,
				}
			: { name: nameNow(resolved), ...times };
	return await readInOneGo(source, async () => await readForm(source, sent));
}

/** The name that the file has, or gets. */
function nameNow(resolved: ResolvedTarget): string {
	if (resolved.kind === 'newFile') return resolved.fileName;
	return resolved.fileName ?? resolved.currentName;
}

/**
 * After a lost answer nothing is sent again before a look at the target. Even if Box finishes the first
 * one later, the name or the etag lets only one of the two in.
 */
async function sendForm(
	form: Form,
	{ resolved: wanted, uploadUrl }: Receiver,
	{ source: { sizeBytes } }: FileToUpload,
	context: BoxUploadContext,
): Promise<Outcome<StoredItem>> {
	const { connection } = context;
	const { sha1 } = form;
	let resolved = wanted;
	let mayBeStored = false;
	let sendings = 0;
	for (let attempt = 1; ; attempt++) {
		const stored = await sendOnce(context, form, resolved, uploadUrl);
		if (stored.ok) {
			// Box has all of it, so nothing reads it any more.
			releaseMemory(form.body);
			return stored;
		}
		sendings += stored.retries + 1;
		mayBeStored ||= stored.responseLost || stored.failure.stored === 'unknown';
		const failure: Failure = {
			...afterRetries(stored.failure, sendings - 1),
			...(mayBeStored && { stored: 'unknown' }),
		};
		const sent = { sha1, sizeBytes, mayBeStored };
		const reconciled = await reconcileForm(connection, resolved, failure, sent);
		if (!reconciled.ok) return reconciled;
		if ('item' in reconciled.value) return success(reconciled.value.item);
		const retryable = failure.retryable || mayBeOnlyEtag(failure, resolved);
		// The form has the old name, and Box would give it to the file again.
		const isRenamed = nameNow(reconciled.value.resolved) !== nameNow(resolved);
		({ resolved } = reconciled.value);
		const again = { code: failure.code, retryable: retryable && !isRenamed };
		if (!(await mayResend(connection, uploadUrl ?? UPLOAD_URL, attempt, again))) {
			return failed(nothingStored(failure));
		}
	}
}

async function sendOnce(
	{ connection, limiter }: BoxUploadContext,
	form: Form,
	resolved: ResolvedTarget,
	uploadUrl: string | undefined,
): Promise<CallOutcome<StoredItem>> {
	const response =
		resolved.kind === 'newFile'
			? await uploadFile(connection, form, resolved.folderId, uploadUrl)
			: await uploadFileVersion(connection, form, resolved.fileId, resolved.etag);
	noteSpeed(response, limiter);
	return response.ok ? { ...response, ...verified(response.value, form.sha1) } : response;
}

/** The failure itself where nothing else is known. */
async function reconcileForm(
	connection: Connection,
	resolved: ResolvedTarget,
	failure: Failure,
	sent: Sent,
): Promise<Outcome<Reconciled>> {
	const { mayBeStored } = sent;
	if (!mustReconcile(failure, resolved, mayBeStored)) return failed(failure);
	const reconciled = await reconcile(connection, resolved, sent);
	if (reconciled.ok) return reconciled;
	return mayBeStored && namedIn(reconciled.failure) ? reconciled : failed(failure);
}
