import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { commitUntilStored } from '../api/commit';
import { changedSince, nameInUse } from '../api/failures/codes';
import { retryUnclear } from '../api/retries';
import type { StoredItem, UploadPart, UploadSession } from '../api/types';
import { namedIn } from './lookup';
import type { Reconciled } from './reconcile';
import { mustReconcile, nothingStored, reconcile, verified } from './reconcile';
import type { SessionTarget } from './sessionTarget';
import type { FileToUpload, ResolvedTarget } from './types';
import type { BoxUploadContext } from './uploadContext';

/** So often the etag may change between a look and a commit. */
const MAX_ETAGS = 5;
const LOOKS_AFTER_COMMIT = 3;
/** Parts that Box only said it has do not become known with time; what was sent may, and soon. */
const HITS_MISMATCH_RETRIES = 2;
const NOT_THIS_FILE =
	"Check that nothing changes the file while it's read, and the proxy of the n8n server: the file was sent twice, and nothing was stored. If both are fine, contact Box support with the request ID.";
/** Where Commit Box Session has another one. */
const REMEDIES: Readonly<Record<string, string>> = {
	bad_digest: NOT_THIS_FILE,
	digest_mismatch: NOT_THIS_FILE,
	conflict: nameInUse.remedy,
	item_name_in_use: nameInUse.remedy,
	'http/409': nameInUse.remedy,
	precondition_failed: changedSince.remedy,
	'http/412': changedSince.remedy,
	'commit/processing': "Run this again later, or set a longer 'Max Wait'.",
};

/** The commits of one file's sessions, each until it is known what became of it. */
export class SessionCommit {
	/** No look could say what became of the last commit: sending the file again would be blind. */
	isUnsettled = false;
	/** SHA-1 of what a commit may have stored that came to no clear end. */
	private openCommit: string | undefined;

	constructor(
		private readonly file: FileToUpload,
		/** With the etag that the file has now, where it is another one. */
		public resolved: ResolvedTarget,
		private readonly context: BoxUploadContext,
		private readonly target: SessionTarget,
	) {}

	/** Again when only what is said about the file has changed: its etag is another one then, its version is not. */
	async run(sha1: string): Promise<Outcome<StoredItem>> {
		const ready = await this.target.filled();
		if (!ready.ok) return ready;
		for (let tries = 1; ; tries++) {
			const { etag } = this;
			const committed = await this.commitOnce(ready.value, sha1);
			if (committed.ok || !this.mustReconcile(committed.failure)) return committed;
			const { failure } = committed;
			const reconciled = await this.reconcile(failure, sha1);
			if (!reconciled.ok) return this.notReconciled(failure, reconciled.failure);
			if ('item' in reconciled.value) {
				// Box may keep the session of what it has stored; one that it has used up is gone already.
				await this.target.giveUp(failure);
				return success(reconciled.value.item);
			}
			this.resolved = reconciled.value.resolved;
			const isOnlyEtag = failure.status === 412 && this.etag !== etag;
			if (!isOnlyEtag || tries >= MAX_ETAGS) return failed(nothingStored(failure));
		}
	}

	/** What an earlier round's commit has stored after all stands in the way of this one. */
	async storedBefore(failure: Failure): Promise<Outcome<StoredItem>> {
		const { connection } = this.context;
		const { openCommit: sha1, resolved } = this;
		const isConflict = failure.status === 409 || failure.status === 412;
		if (sha1 === undefined || !isConflict) return failed(failure);
		const { sizeBytes } = this.file.source;
		const reconciled = await reconcile(connection, resolved, {
			sha1,
			sizeBytes,
			mayBeStored: true,
		});
		if (!reconciled.ok) {
			return namedIn(reconciled.failure) ? reconciled : failed({ ...failure, stored: 'unknown' });
		}
		if (!('item' in reconciled.value)) return failed(failure);
		await this.target.giveUp();
		return success(reconciled.value.item);
	}

	private async commitOnce(
		{ session, parts }: { readonly session: UploadSession; readonly parts: readonly UploadPart[] },
		sha1: string,
	): Promise<Outcome<StoredItem>> {
		const { connection, settings } = this.context;
		const { source, attributes } = this.file;
		const committed = await commitUntilStored(connection, session, {
			parts: async () => await Promise.resolve(success(parts)),
			digest: Buffer.from(sha1, 'hex').toString('base64'),
			attributes,
			ifMatch: this.etag,
			ifNoneMatch: undefined,
			...(this.target.hasHits && { mismatchRetries: HITS_MISMATCH_RETRIES }),
			deadlineMs: settings.deadlineMsFor(source.sizeBytes),
		});
		if (committed.ok) return verified(committed.value, sha1);
		const { failure } = committed;
		const remedy = REMEDIES[failure.code];
		return failed(remedy === undefined ? failure : { ...failure, remedy });
	}

	private mustReconcile(failure: Failure): boolean {
		return mustReconcile(failure, this.resolved, this.mayBeStored(failure));
	}

	/** A session that is gone may have become the file. */
	private mayBeStored(failure: Failure): boolean {
		return failure.stored === 'unknown' || this.target.isSessionLost(failure);
	}

	/** What a commit has left open is seen a moment later than Box knows it. */
	private async reconcile(failure: Failure, sha1: string): Promise<Outcome<Reconciled>> {
		const { connection } = this.context;
		const { sizeBytes } = this.file.source;
		const mayBeStored = this.mayBeStored(failure);
		if (mayBeStored) this.openCommit = sha1;
		const isGone = failure.code === 'outcome_unknown';
		let asked = 0;
		return await retryUnclear(
			connection,
			async () => await reconcile(connection, this.resolved, { sha1, sizeBytes, mayBeStored }),
			(reconciled) =>
				!isGone || !reconciled.ok || 'item' in reconciled.value || ++asked >= LOOKS_AFTER_COMMIT,
		);
	}

	/** What is told of a commit when the look has failed as well, or has found something else. */
	private notReconciled(failure: Failure, looked: Failure): Outcome<StoredItem> {
		const isElse = namedIn(looked) !== undefined;
		if (isElse) return failed(this.mayBeStored(failure) ? looked : failure);
		this.isUnsettled = failure.stored === 'unknown';
		return failed(failure);
	}

	private get etag(): string | undefined {
		return this.resolved.kind === 'newVersion' ? this.resolved.etag : undefined;
	}
}
