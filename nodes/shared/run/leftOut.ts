import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure } from '../failure';
import { errorJson } from '../output/errorItem';
import type { NoFile } from '../source/cloud/cloudFile';
import { isNoFile } from '../source/cloud/cloudFile';
import { dryRunJson } from './dryRun';

/** What comes out of something in a folder that has no content to copy: no failure, and not silence. */
export function leftOut({ failure, place }: NoFile): IDataObject {
	return { skipped: 'noFile', source: place, reason: { ...errorJson(failure) } };
}

export function planOfLeftOut({ failure, place }: NoFile): IDataObject {
	return dryRunJson({ action: 'skip', path: place, sizeBytes: undefined, isSent: false, failure });
}

/** At the node, so that a cloud document doesn't stay behind unseen. */
export function tellLeftOut(
	context: IExecuteFunctions,
	vendor: Failure['vendor'],
	files: readonly object[],
): void {
	const count = files.filter(isNoFile).length;
	if (count === 0) return;
	const what =
		count === 1 ? '1 entry of the source folder has' : `${count} entries of the source folder have`;
	const message = `${what} no content to copy, such as cloud documents and web links. Their items have "skipped": "noFile".`;
	context.logger.warn(`${vendor} Upload: ${message}`);
	context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}
