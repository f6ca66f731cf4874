/** What the tests of Upload Files have in common. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { LoggedRequest } from '../../cloud';
import type { DropboxFileView } from '../../cloud/dropbox';
import { contentHash } from '../../cloud/dropbox';
import { BlockHasher } from '../../cloud/dropbox/contentHash';
import { generateChunks } from '../../engine';
import type { GeneratedContent, ItemSpec, RunHandle, RunResult } from '../../engine/types';
import { destination } from '../../support/destination';
import type { NodeRun, Rig } from '../../support/rig';

export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Tests that take minutes; the normal run has the same ones on a smaller scale. */
export const slowIt = process.env.TEST_SLOW === '1' ? it : it.skip;

export const START = 'files/upload_session/start';
export const START_BATCH = 'files/upload_session/start_batch';
export const APPEND = 'files/upload_session/append_v2';
export const APPEND_BATCH = 'files/upload_session/append_batch';
export const FINISH = 'files/upload_session/finish_batch_v2';
export const GET_METADATA = 'files/get_metadata';
export const LIST_FOLDER = 'files/list_folder';

export interface Upload extends Pick<NodeRun, 'onError' | 'node' | 'mode' | 'timeoutMs'> {
	folder?: INodeParameters[string];
	fileName?: string;
	/** Both in one; see `destination`. */
	path?: string;
	ifExists?: string;
	rev?: string;
	skipUnchanged?: boolean;
	options?: INodeParameters;
	items: ItemSpec[];
}

function nodeRun({
	options,
	onError,
	node,
	mode,
	timeoutMs,
	items,
	path = '/',
	...parameters
}: Upload): NodeRun {
	return {
		resource: 'file',
		operation: 'upload',
		// The whole of Dropbox's response; simplify.test.ts is about the other.
		parameters: { ...destination(path), simplify: false, ...parameters },
		options,
		onError,
		node,
		mode,
		timeoutMs,
		items,
	};
}

export async function upload(rig: Rig, run: Upload): Promise<RunResult> {
	return await rig.dropbox(nodeRun(run));
}

export async function startUpload(rig: Rig, run: Upload): Promise<RunHandle> {
	return await rig.startDropbox(nodeRun(run));
}

export const carryOn = { onError: 'continueRegularOutput' } as const;

/** An item with one file. */
export function file(fileName: string, content: string | Buffer | GeneratedContent): ItemSpec {
	const isBytes = typeof content === 'string' || Buffer.isBuffer(content);
	const source = isBytes
		? { base64: Buffer.from(content).toString('base64') }
		: { generated: content };
	return { json: {}, binary: { data: { ...source, fileName } } };
}

export function numbered(
	count: number,
	sizeBytes: number,
	name = (index: number) => `${index}.bin`,
): ItemSpec[] {
	return Array.from({ length: count }, (_, seed) => file(name(seed), { sizeBytes, seed }));
}

const hashes = new Map<string, string>();

function streamedHash(content: GeneratedContent): string {
	const hasher = new BlockHasher();
	for (const chunk of generateChunks(content)) hasher.update(chunk);
	return hasher.hex();
}

export function hashOf(content: string | Buffer | GeneratedContent): string {
	if (typeof content === 'string' || Buffer.isBuffer(content)) {
		return contentHash(Buffer.from(content));
	}
	const key = JSON.stringify(content);
	const hash = hashes.get(key) ?? streamedHash(content);
	hashes.set(key, hash);
	return hash;
}

/** The documented form of a failure, as far as its details do not matter. */
export interface ErrorJson {
	path: string;
	message: string;
	description: string;
	retryable: boolean;
	stored: string;
	resume?: IDataObject & { sessionId?: string; offset?: number };
}

export function jsonOf(result: RunResult): IDataObject[] {
	return (result.outputs[0] ?? []).map(({ json }) => json);
}

export function errorsOf(result: RunResult): Array<ErrorJson | undefined> {
	return jsonOf(result).map(({ error }) => error as unknown as ErrorJson | undefined);
}

/** Paths by content: nothing lost, nothing doubled. */
export function storedFiles(rig: Rig): Map<string, DropboxFileView> {
	return new Map(rig.cloud.dropbox.files().map((stored) => [stored.path, stored]));
}

export function storedPaths(rig: Rig): string[] {
	return rig.cloud.dropbox.files().map(({ path }) => path);
}

/** Every item is stored once with its own content, and says so. */
export function expectAllStored(
	rig: Rig,
	result: RunResult,
	expected: ReadonlyArray<readonly [path: string, content: string | Buffer | GeneratedContent]>,
): void {
	expect(result.error).toBeUndefined();
	expect(result.status).toBe('success');
	expect(jsonOf(result).map(({ path_display: path, content_hash: hash }) => [path, hash])).toEqual(
		expected.map(([path, content]) => [path, hashOf(content)]),
	);
	expect(
		rig.cloud.dropbox
			.files()
			.map(({ path, contentHash: hash }) => [path, hash])
			.sort(),
	).toEqual(expected.map(([path, content]) => [path, hashOf(content)]).sort());
	expect(result.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		expected.map((_, item) => ({ item })),
	);
}

interface Argument {
	cursor?: { session_id: string; offset: number };
	close?: boolean;
	entries?: Array<{
		cursor: { session_id: string; offset: number };
		length?: number;
		commit?: { path: string };
	}>;
}

export function argumentOf({ argument }: LoggedRequest): Argument {
	return argument ?? {};
}

/** Bytes of a large file that were sent for each offset, over all sessions; half a request counts. */
export function sentByOffset(rig: Rig): Map<number, number> {
	const sent = new Map<number, number>();
	for (const call of rig.calls(APPEND)) {
		const offset = argumentOf(call).cursor?.offset ?? -1;
		sent.set(offset, (sent.get(offset) ?? 0) + call.requestBytes);
	}
	return sent;
}

export function pathsOfCommits(rig: Rig): string[][] {
	return rig
		.calls(FINISH)
		.map((call) => (argumentOf(call).entries ?? []).map(({ commit }) => commit?.path ?? ''));
}

/** What the run said at its end. */
export function hintOf(result: RunResult): string {
	return result.hints.map(({ message }) => message).join();
}
