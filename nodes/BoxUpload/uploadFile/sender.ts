import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { outcomeOf } from '../../shared/net';
import type { Found } from '../../shared/transfer/lookup';
import type { NewFile } from '../api/files';
import type { StoredItem } from '../api/types';
import type { Decision } from './decide';
import { byContent, decide, isUnchanged } from './decide';
import { sendDirect } from './direct';
import { FreeNames } from './freeNames';
import type { SendEvents } from './inSession';
import { sendLarge } from './sendLarge';
import { itemAt, namedIn, wholeItem } from './lookup';
import { holdTarget, outcomeIfHeld } from './sameTarget';
import type { BoxUploadContext } from './uploadContext';
import type { LocatedFile, ResolvedTarget } from './types';
import { fileKey, isLarge, nameKeyIn } from './types';

/** How often another name is tried when the name has been taken meanwhile. */
const MAX_TRIES = 20;
/** How often the content goes out for that. */
const MAX_SENDINGS = 3;

/** Decides for each file of a run what becomes of it, and sends it. */
export class Sender {
	private readonly freeNames: FreeNames;
	/** What this run has stored, where a later item may want the same target. */
	private readonly stored = new Map<string, StoredItem>();

	constructor(
		private readonly context: BoxUploadContext,
		/** What was at the targets of the files before the run. */
		private readonly found: Found<LocatedFile, StoredItem>,
		located: readonly LocatedFile[],
	) {
		this.freeNames = new FreeNames(context.connection);
		this.freeNames.reserveFor(located);
	}

	/** Files that may have one target are sent one after the other. `onRead`: the next file may be read. */
	async send(located: LocatedFile, onRead: () => void): Promise<Outcome<StoredItem>> {
		const outcome = await outcomeOf(
			async () => await this.store(located, onRead),
			this.context.thrown,
		);
		if (outcome.ok && isAtTarget(located, outcome.value)) {
			this.stored.set(located.key, outcome.value);
		}
		holdTarget(located, outcome, this.context);
		return outcome;
	}

	private async store(located: LocatedFile, onRead: () => void): Promise<Outcome<StoredItem>> {
		const canceled = this.context.canceled();
		if (canceled !== undefined) return failed(canceled);
		const held = await outcomeIfHeld(located, located.key, this.context);
		if (held !== undefined) return held;
		const earlier = this.stored.get(located.key);
		const there = earlier === undefined ? this.found(located) : success(earlier);
		if (!there.ok) return there;
		const { file } = located;
		const compared = earlier === undefined ? located : { ...located, file: byContent(file) };
		const decision = await decide(compared, there.value, this.context, this.freeNames);
		return await this.sendUntilStored(located, decision, onRead);
	}

	private async sendUntilStored(
		located: LocatedFile,
		decided: Decision,
		onRead: () => void,
	): Promise<Outcome<StoredItem>> {
		let decision = decided;
		let sendings = 0;
		const events = { onRead, onSent: (): void => void (sendings += 1) };
		for (let tries = 1; 'resolved' in decision; tries++) {
			const { resolved } = decision;
			const outcome = await this.sendTo(located, resolved, events);
			const mayTry = tries < MAX_TRIES && sendings < MAX_SENDINGS;
			if (outcome.ok || resolved.kind !== 'newFile' || !mayTry) return outcome;
			const { code, stored } = outcome.failure;
			if (code !== 'item_name_in_use' || stored === 'unknown') return outcome;
			decision = await this.afterConflict(located, resolved, outcome.failure);
		}
		return decision.end;
	}

	private async sendTo(
		located: LocatedFile,
		resolved: ResolvedTarget,
		events: SendEvents,
	): Promise<Outcome<StoredItem>> {
		const { context } = this;
		const { file } = located;
		if (resolved.kind === 'newVersion') {
			const end = await outcomeIfHeld(located, fileKey(resolved.fileId), context);
			if (end !== undefined) return end;
		}
		return isLarge(file.source)
			? await sendLarge(file, resolved, context, events)
			: await sendDirect(file, resolved, context, events.onSent);
	}

	/** Somebody else, or an earlier item, has taken the name since the look. */
	private async afterConflict(
		located: LocatedFile,
		resolved: NewFile,
		refusal: Failure,
	): Promise<Decision> {
		const { file } = located;
		const refused = { end: failed(refusal) };
		const { connection } = this.context;
		if (file.ifExists === 'rename') this.freeNames.wasTaken(located.folderId);
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
		// It may be what an earlier item has been renamed to.
		const compared = { ...located, file: byContent(file) };
		return await decide(compared, there.value, this.context, this.freeNames);
	}
}

/** False if the file was stored under another name than it asked for. */
function isAtTarget({ file, folderId, key }: LocatedFile, { name = '' }: StoredItem): boolean {
	return file.destination.kind === 'file' || nameKeyIn(folderId, name) === key;
}
