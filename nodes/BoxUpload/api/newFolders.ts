import { passing } from '../../shared/catalogue';
import type { Failure } from '../../shared/failure';
import { toFailure } from './failures/read';

/** Later than this a folder that is not found is gone. */
const NEW_FOR_MS = 2 * 60 * 1_000;

/** The folders that this run has made or met while they were made: Box may not find them for a moment (404). */
export class NewFolders {
	private readonly metAtMs = new Map<string, number>();

	add(folderId: string): void {
		this.metAtMs.set(folderId, Date.now());
	}

	/** The failure of a call that needs this folder: what will be there in a moment is asked for again. */
	explain(failure: Failure, folderId: string | undefined): Failure {
		const metAtMs = folderId === undefined ? undefined : this.metAtMs.get(folderId);
		const isNew = metAtMs !== undefined && Date.now() - metAtMs < NEW_FOR_MS;
		if (failure.status !== 404 || !isNew) return failure;
		const { message, remedy, class: failureClass, retryable } = NOT_THERE_YET;
		return { ...failure, message, remedy, class: failureClass, retryable };
	}
}

const NOT_THERE_YET = toFailure(
	'not_found',
	passing(
		"Box can't find the folder that it has just created",
		'Run this again in a minute. Nothing was uploaded.',
	),
);
