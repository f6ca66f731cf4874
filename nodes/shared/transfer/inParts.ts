import type { Outcome } from '../failure';
import type { ByteSource } from '../source/byteSource';
import { hasSize } from '../source/byteSource';
import { isBetweenParts } from '../source/parts';
import type { PartSession, PartTarget } from './partTarget';
import type { Checkpoint } from './checkpoints';
import type { PartContext } from './partContext';
import type { FilledSession } from './filledSession';
import { SessionFill } from './sessionFill';
import { MAX_READS } from '../source/restart';

const MAX_SESSIONS_PER_FILE = 3;

/**
 * Brings one file into an upload session, several parts at a time, and goes on with the session of an
 * earlier try when the file is still the same.
 */
export async function uploadInParts<S extends PartSession>(
	source: ByteSource,
	target: PartTarget<S>,
	context: PartContext,
): Promise<Outcome<FilledSession<S>>> {
	const { memory, memoryLimitBytes, cancelSignal } = context;
	const whole =
		source.readsWhole && hasSize(source)
			? await memory.reserve(source.sizeBytes, memoryLimitBytes, cancelSignal)
			: undefined;
	try {
		return await fillSession(source, target, context);
	} finally {
		whole?.release();
		context.onRead();
	}
}

async function fillSession<S extends PartSession>(
	source: ByteSource,
	target: PartTarget<S>,
	context: PartContext,
): Promise<Outcome<FilledSession<S>>> {
	const { note, resumeFrom } = context;
	const known = [resumeFrom, await note.load()];
	let checkpoint = furthest(known, source.sizeBytes, target.closingPartBytes);
	let sessions = 1;
	for (let reads = 1; ; reads++) {
		const opened = await openedSession(target, checkpoint, context);
		if (!opened.ok && checkpoint === undefined) return opened;
		const mayReadAgain = reads < MAX_READS;
		const filled = opened.ok
			? await new SessionFill(source, target, context, opened.value, checkpoint, mayReadAgain).run()
			: opened;
		if (filled === 'read again') {
			checkpoint = await note.load();
			continue;
		}
		if (filled !== 'file changed') {
			if (filled.ok || sessions >= MAX_SESSIONS_PER_FILE) return filled;
			// An earlier session that cannot be reopened is as good as lost.
			if (opened.ok && !target.isSessionLost(filled.failure)) return filled;
		}
		sessions += 1;
		checkpoint = undefined;
		await note.clear();
	}
}

async function openedSession<S extends PartSession>(
	target: PartTarget<S>,
	checkpoint: Checkpoint | undefined,
	{ limiter }: PartContext,
): Promise<Outcome<S>> {
	if (checkpoint !== undefined) return await target.reopen(checkpoint);
	const askedAtMs = Date.now();
	const opened = await target.open();
	// Rests and repetitions say nothing about how far away the vendor is.
	if (opened.ok && !opened.retries) limiter.answeredAfter(Date.now() - askedAtMs);
	return opened;
}

/** A checkpoint must end with a part of this file, or its hash would never be compared. */
function furthest(
	checkpoints: ReadonlyArray<Checkpoint | undefined>,
	sizeBytes: number | undefined,
	lastPartBytes: number | undefined,
): Checkpoint | undefined {
	const endsWithPart = ({ offset, partSizeBytes }: Checkpoint): boolean =>
		isBetweenParts(offset, sizeBytes, { partSizeBytes, lastPartBytes });
	return checkpoints
		.filter((checkpoint) => checkpoint !== undefined && endsWithPart(checkpoint))
		.sort((a, b) => (b?.offset ?? 0) - (a?.offset ?? 0))[0];
}
