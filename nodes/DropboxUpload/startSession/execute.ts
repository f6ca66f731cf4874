import { success } from '../../shared/failure';
import type { BinarySource } from '../../shared/source/binarySource';
import { InputProblem } from '../../shared/fields/inputProblem';
import { collectionOf, optionChoice, optionFlag } from '../../shared/fields/parameters';
import { readAll } from '../../shared/source/reading';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { startSession } from '../api/sessions';
import type { Connection } from '../api/connection';
import type { SessionType } from '../api/types';
import { readOptionalBinary } from '../fields/optionalBinary';
import type { DropboxRun } from '../run';

interface Input {
	readonly connection: Connection;
	readonly source: BinarySource | undefined;
	readonly type: SessionType;
	readonly close: boolean;
}

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	return await operateOnItems<Input>({
		context: run.context,
		vendor: 'Dropbox',
		keepsBinary: true,
		read: async (itemIndex) => await readInput(run, itemIndex),
		perform: async ({ connection, source, type, close }) => {
			const content = await readAll('Dropbox', source);
			if (!content.ok) return content;
			const started = await startSession(connection, { type, close }, content.value);
			if (!started.ok) return started;
			return success({
				session_id: started.value,
				offset: content.value.length,
				session_type: type,
				closed: close,
			});
		},
	});
}

async function readInput(run: DropboxRun, itemIndex: number): Promise<Input> {
	const options = collectionOf(run.context, itemIndex);
	const source = await readOptionalBinary(run.context, itemIndex);
	const type = optionChoice(options, 'sessionType', 'Session Type', ['sequential', 'concurrent']);
	const close = optionFlag(options, 'closeSession', 'Close Session');
	if (type === 'concurrent' && (source !== undefined || close)) {
		throw new InputProblem(
			'sessionType',
			"A concurrent session can't take bytes or be closed when it starts",
			"Empty 'Input Binary Field' and turn off 'Close Session', or set 'Session Type' to Sequential.",
		);
	}
	return { connection: run.connectionFor(itemIndex), source, type, close };
}
