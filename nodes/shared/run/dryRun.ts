import type { IDataObject } from 'n8n-workflow';

import type { Failure } from '../failure';
import { errorJson } from '../output/errorItem';

/** What would become of a file: `refuse` is a failure of the run, foreseen. */
export const ACTIONS = ['new', 'replace', 'rename', 'unchanged', 'skip', 'refuse'] as const;

export type Action = (typeof ACTIONS)[number];

/** What would become of one file. */
export interface Planned {
	readonly action: Action;
	/** Where it would be, as far as that is known. */
	readonly path: string;
	/** Undefined for a link whose server does not tell it. */
	readonly sizeBytes: number | undefined;
	/** Whether its bytes would be sent, for nothing maybe. */
	readonly isSent: boolean;
	/** What is in the place now. */
	readonly there?: IDataObject;
	readonly failure?: Failure;
}

/** The files of one connection. */
export interface DryRun<F> {
	readonly files: ReadonlyMap<F, Planned>;
	/** When nothing has to be sent again. */
	readonly requests: number;
	/** What the number of requests rests on that the service says only when an upload begins. */
	readonly assumes?: string;
}

export function dryRunJson({
	action,
	path,
	sizeBytes,
	isSent,
	there,
	failure,
}: Planned): IDataObject {
	return {
		action,
		path,
		size: sizeBytes ?? null,
		bytesToSend: isSent ? (sizeBytes ?? null) : 0,
		...(there && { there }),
		...(failure && { reason: { ...errorJson(failure) } }),
	};
}
