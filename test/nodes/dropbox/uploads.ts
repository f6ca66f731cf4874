/** What the tests of Dropbox's operations have in common. */
import assert from 'node:assert/strict';

import type { IDataObject } from 'n8n-workflow';

import { CloudClient } from '../../cloud/client';
import type { RunResult } from '../../engine/types';
import type { Rig } from '../../support/rig';

export const MIB = 1024 * 1024;

export interface Cursor extends IDataObject {
	session_id: string;
	offset: number;
}

const SESSIONS_PER_CALL = 40;

/** Closed upload sessions of the personal account with these contents, in order. */
export async function closedSessions(
	{ cloud }: Pick<Rig, 'cloud'>,
	contents: readonly string[],
): Promise<Cursor[]> {
	const client = new CloudClient(cloud, cloud.issueToken('dropbox').accessToken);
	try {
		const cursors: Cursor[] = [];
		for (let at = 0; at < contents.length; at += SESSIONS_PER_CALL) {
			const bytes = contents.slice(at, at + SESSIONS_PER_CALL).map((text) => Buffer.from(text));
			const started = await client.rpc('files/upload_session/start_batch', {
				num_sessions: bytes.length,
			});
			const ids = started.json.session_ids;
			const appended = await client.content(
				'files/upload_session/append_batch',
				{
					entries: bytes.map(({ length }, index) => ({
						cursor: { session_id: ids[index], offset: 0 },
						length,
						close: true,
					})),
				},
				Buffer.concat(bytes),
			);
			const tags = appended.json.entries.map((entry) => entry['.tag']);
			// Without jest, as npm run n8n needs such sessions, too.
			assert.deepEqual(tags, Array(ids.length).fill('success'));
			cursors.push(...ids.map((id, index) => ({ session_id: id, offset: bytes[index]!.length })));
		}
		return cursors;
	} finally {
		await client.close();
	}
}

/** One input item per file: its closed session and its path. */
export async function filesToCommit(
	rig: Pick<Rig, 'cloud'>,
	paths: readonly string[],
): Promise<Array<{ json: IDataObject }>> {
	const cursors = await closedSessions(
		rig,
		paths.map((path) => `content of ${path}`),
	);
	return cursors.map((cursor, index) => ({ json: { ...cursor, path: paths[index]! } }));
}

/** The parameters of Finish Upload Batch and Finish Session that take all from the input item. */
export const fromInput = {
	sessionId: '={{ $json.session_id }}',
	offset: '={{ $json.offset }}',
	path: '={{ $json.path }}',
};

export const finishBatch = {
	resource: 'uploadBatch',
	operation: 'finishBatch',
	parameters: fromInput,
};

export const checkJob = { resource: 'uploadBatch', operation: 'checkJob' };

export function jsonOf(result: RunResult, output = 0): IDataObject[] {
	return (result.outputs[output] ?? []).map(({ json }) => json);
}

/** The documented form of a failure, as far as its details do not matter. */
export interface ErrorJson {
	path: string;
	message: string;
	description: string;
	class: string;
	retryable: boolean;
	stored: string;
	vendor: string;
	status?: number;
	requestId?: string;
	resume?: Record<string, unknown>;
}

export function errorsOf(result: RunResult, output = 0): Array<ErrorJson | undefined> {
	return jsonOf(result, output).map(({ error }) => error as unknown as ErrorJson | undefined);
}
