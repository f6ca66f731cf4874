import type { Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { inParallel } from '../../shared/transfer/inParallel';
import { asksBefore, endWithoutSending, occupantOf } from './decide';
import { entriesAt } from './lookup';
import type { FileToUpload } from './types';
import type { Context } from './uploadContext';

const PARALLEL_HASHES = 2;

/**
 * Settles the files that need no upload, because something is at their path (Skip) or the same content
 * is (Skip Unchanged), and gives back the rest. The target folders are listed once each.
 */
export async function leaveOutExisting(
	files: readonly FileToUpload[],
	context: Context,
): Promise<FileToUpload[]> {
	const asking = files.filter((file) => asksBefore(file, context.settings));
	const found = await entriesAt(context.connection, asking);
	const ended = new Set<FileToUpload>();
	await inParallel(asking, PARALLEL_HASHES, async (file) => {
		const looked = found(file);
		const end = looked.ok
			? await endWithoutSending(file, looked.value && occupantOf(looked.value), context)
			: endUnseen(file, looked);
		if (end === undefined) return;
		ended.add(file);
		context.settle(file, end);
	});
	return files.filter((file) => !ended.has(file));
}

/** A large file, which is only asked for to save its bytes, is sent when the question fails. */
function endUnseen(
	{ commit, ifExists, skipUnchanged }: FileToUpload,
	looked: Extract<Outcome<unknown>, { ok: false }>,
) {
	const mustAsk = skipUnchanged || ifExists === 'skip';
	return mustAsk ? failed({ ...looked.failure, subject: commit.path }) : undefined;
}
