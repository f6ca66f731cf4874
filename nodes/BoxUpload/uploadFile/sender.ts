import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { outcomeOf } from '../../shared/net';
import type { Found } from '../../shared/transfer/lookup';
import type { NewFile } from '../api/files';
import type { StoredItem } from '../api/types';
import type { Decision } from './decide';
import { decide, isUnchanged } from './decide';
import { sendDirect } from './direct';
import { FreeNames } from './freeNames';
import type { SessionEvents } from './inSession';
import { sendInSession } from './inSession';
import { itemAt, namedIn, wholeItem } from './lookup';
import { holdTarget, outcomeIfHeld } from './sameTarget';
import type { SendContext } from './uploadContext';
import type { Placed, ResolvedTarget } from './types';
import { fileKey, isLarge } from './types';

/** How often another place is tried when the name has been taken meanwhile. */
const MAX_TRIES = 20;
/** How often the content goes out for that. */
const MAX_SENDINGS = 3;

/** Decides for each file of a run what becomes of it, and sends it. */
export class Sender {
	private readonly freeNames: FreeNames;
	/** What this run has stored, where a later item may want the same place. */
	private readonly stored = new Map<string, StoredItem>();

	constructor(
		private readonly context: SendContext,
		/** What was in the places of the files before the run. */
		private readonly found: Found<Placed, StoredItem>,
		placed: readonly Placed[],
	) {
		this.freeNames = new FreeNames(context.connection);
		for (const { file, folderId } of placed) {
			const { ifExists, place } = file;
			if (place.kind === 'folder' && ifExists !== 'rename') {
				this.freeNames.reserve(folderId, place.fileName);
			}
		}
	}

	/** Files that may have one place are sent one after the other. `onRead`: the next file may be read. */
	async send(placed: Placed, onRead: () => void): Promise<Outcome<StoredItem>> {
		const outcome = await outcomeOf(
			async () => await this.store(placed, onRead),
			this.context.thrown,
		);
		if (outcome.ok) this.stored.set(placed.key, outcome.value);
		holdTarget(placed, outcome, this.context);
		return outcome;
	}

	private async store(placed: Placed, onRead: () => void): Promise<Outcome<StoredItem>> {
		const canceled = this.context.canceled();
		if (canceled !== undefined) return failed(canceled);
		const held = await outcomeIfHeld(placed, placed.key, this.context);
		if (held !== undefined) return held;
		const since = this.stored.get(placed.key);
		const there = since === undefined ? this.found(placed) : success(since);
		if (!there.ok) return there;
		const decision = await decide(placed, there.value, this.context, this.freeNames);
		return await this.sendUntilStored(placed, decision, onRead);
	}

	private async sendUntilStored(
		placed: Placed,
		decided: Decision,
		onRead: () => void,
	): Promise<Outcome<StoredItem>> {
		let decision = decided;
		let sendings = 0;
		const events = { onRead, onSent: (): void => void (sendings += 1) };
		for (let tries = 1; 'resolved' in decision; tries++) {
			const { resolved } = decision;
			const outcome = await this.sendTo(placed, resolved, events);
			const mayTry = tries < MAX_TRIES && sendings < MAX_SENDINGS;
			if (outcome.ok || resolved.kind !== 'newFile' || !mayTry) return outcome;
			const { path, stored } = outcome.failure;
			if (path !== 'item_name_in_use' || stored === 'unknown') return outcome;
			decision = await this.afterConflict(placed, resolved, outcome.failure);
		}
		return decision.end;
	}

	private async sendTo(
		placed: Placed,
		resolved: ResolvedTarget,
		events: SessionEvents,
	): Promise<Outcome<StoredItem>> {
		const { context } = this;
		const { file } = placed;
		if (resolved.kind === 'newVersion') {
			const end = await outcomeIfHeld(placed, fileKey(resolved.fileId), context);
			if (end !== undefined) return end;
		}
		return isLarge(file.source)
			? await sendInSession(file, resolved, context, events)
			: await sendDirect(file, resolved, context, events.onSent);
	}

	/** Somebody else, or an earlier item, has taken the name since the look. */
	private async afterConflict(
		placed: Placed,
		resolved: NewFile,
		refusal: Failure,
	): Promise<Decision> {
		const { file } = placed;
		const refused = { end: failed(refusal) };
		const { connection } = this.context;
		if (file.ifExists === 'rename') this.freeNames.wasTaken(placed.folderId);
		const named = namedIn(refusal);
		const there =
			named === undefined
				? await itemAt(connection, resolved, file.source.sizeBytes)
				: await wholeItem(connection, named);
		if (file.ifExists === 'fail' && !file.skipUnchanged) {
			if (!there.ok || there.value === undefined) return refused;
			const isThere = await isUnchanged(file, there.value, this.context);
			return isThere ? { end: success({ ...there.value, skipped: 'unchanged' }) } : refused;
		}
		if (!there.ok) return { end: there };
		// Nothing has the name any more, or Box does not say what.
		if (there.value === undefined) return refused;
		return await decide(placed, there.value, this.context, this.freeNames);
	}
}
