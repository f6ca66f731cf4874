import { failed } from '../../shared/failure';
import type { BinarySource } from '../../shared/source/binarySource';
import { readAll } from '../../shared/source/reading';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import { atTeamRoot } from '../api/failures/root';
import type { CommitInfo, UploadSessionCursor } from '../api/types';
import { inTurn } from '../batch/inTurn';
import { readCommit } from '../fields/commit';
import { readOptionalBinary } from '../fields/optionalBinary';
import { readCursor } from '../fields/session';
import type { DropboxRun } from '../run';
import { reconcileCommits } from '../uploadFiles/reconcile';
import { finishFile, hashOfWhole, withSession } from './finishFile';

interface Input {
	readonly connection: Connection;
	readonly cursor: UploadSessionCursor;
	readonly commit: CommitInfo;
	readonly source: BinarySource | undefined;
}

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	const { context } = run;
	return await operateOnItems<Input>({
		context,
		vendor: 'Dropbox',
		read: async (itemIndex) => ({
			connection: run.connectionFor(itemIndex),
			cursor: readCursor(context, itemIndex),
			commit: readCommit(context, itemIndex),
			source: await readOptionalBinary(context, itemIndex),
		}),
		orderKey: ({ connection }) => connection.commitKey,
		perform: async ({ connection, cursor, commit, source }) => {
			const content = await readAll('Dropbox', source);
			if (!content.ok) return failed({ ...content.failure, subject: commit.path });
			const file = { cursor, commit, content: content.value };
			const { outcome, sinceMs } = await inTurn(
				connection,
				'a commit of 1 file',
				async () => await finishFile(connection, file),
				(failure) => ({ outcome: failed(withSession(failure, file)), sinceMs: 0 }),
			);
			if (outcome.ok) return outcome;
			if (outcome.failure.stored !== 'unknown') {
				return failed(atTeamRoot(outcome.failure, connection.rootKind));
			}
			const unsettled = {
				commit,
				sizeBytes: cursor.offset + content.value.length,
				contentHash: hashOfWhole(file),
				failure: outcome.failure,
				skips: false,
			};
			const [settled] = await reconcileCommits(connection, [unsettled], {
				sinceMs,
				isOfAnother: () => false,
			});
			return settled ?? outcome;
		},
	});
}
