import type { IDataObject } from 'n8n-workflow';

import { failed, success } from '../../shared/failure';
import { oneAtATime } from '../../shared/http/serial';
import type { BinarySource } from '../../shared/input/binarySource';
import { readAll } from '../../shared/input/reading';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { finishSession } from '../api/calls';
import type { Connection } from '../api/connection';
import { afterLostAnswer } from '../api/failures/lostCommit';
import type { CommitInfo, UploadSessionCursor } from '../api/types';
import { readCommit } from '../fields/commit';
import { readOptionalBinary } from '../fields/optionalBinary';
import { readCursor } from '../fields/session';
import type { DropboxRun } from '../run';

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
			const finished = await oneAtATime(
				connection.commitKey,
				connection.client.cancelSignal,
				async () => await finishSession(connection, cursor, commit, content.value),
			);
			if (finished.ok) return success(finished.value as IDataObject);
			const failure = afterLostAnswer(finished.failure, {
				answerLost: finished.answerLost,
				isVerdict: finished.failure.status === 409,
			});
			return failed({
				...failure,
				subject: commit.path,
				resume: { sessionId: cursor.session_id, offset: cursor.offset, ...failure.resume },
			});
		},
	});
}
