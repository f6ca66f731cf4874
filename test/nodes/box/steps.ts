/** One step of a session by hand, and what the tests read of its result. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import type { ErrorJson } from '../../../nodes/shared/output/errorItem';
import type { BoxSettings } from '../../cloud/box';
import type { ItemSpec, RunResult } from '../../engine/types';
import { type NodeRun, type Rig, useRig } from '../../support/rig';

/** A few bytes stand for a large file where the size itself is not at stake. */
const smallFiles: Partial<BoxSettings> = { minimumSessionBytes: 1, partSizeBytes: 10 };
export const text = 'Twenty-four bytes, three';
export const partsOfText = ['Twenty-fou', 'r bytes, t', 'hree'];

export const PUT_PART = 'PUT /files/upload_sessions/:id';
export const LIST_PARTS = 'GET /files/upload_sessions/:id/parts';
export const COMMIT = 'POST /files/upload_sessions/:id/commit';

/** The rig with small parts. After each test: Box got nothing that its OpenAPI does not allow. */
export function useBox(): () => Rig {
	const rig = useRig({ cloud: { box: smallFiles } });
	let settings: BoxSettings | undefined;
	beforeEach(() => {
		const { box } = rig().cloud;
		settings ??= { ...box.settings };
		Object.assign(box.settings, settings);
	});
	afterEach(() => {
		expect(rig().cloud.box.schemaProblems).toEqual([]);
	});
	return rig;
}

export type StepOptions = Omit<NodeRun, 'resource' | 'operation'>;

export function step(operation: string, options: StepOptions = {}): NodeRun {
	return { resource: 'uploadSession', operation, ...options };
}

export function fileItem(content: string | Buffer, json: IDataObject = {}): ItemSpec {
	const base64 = Buffer.from(content).toString('base64');
	return { json, binary: { data: { base64, fileName: 'report.txt', mimeType: 'text/plain' } } };
}

export function sha1(content: string | Buffer, encoding: 'hex' | 'base64' = 'base64'): string {
	return createHash('sha1').update(content).digest(encoding);
}

/** The items' json; the run must have succeeded. */
export function jsonOf({ status, error, outputs }: RunResult): IDataObject[] {
	if (status !== 'success') throw new Error(`${status}: ${error?.message}\n${error?.description}`);
	return (outputs[0] ?? []).map(({ json }) => json);
}

export function onlyJson(result: RunResult): IDataObject {
	const [first, ...others] = jsonOf(result);
	if (!first || others.length > 0) throw new Error(`${others.length + 1} items instead of one`);
	return first;
}

/** What a failed run says, as the error of the execution keeps it. */
export function failureOf({ status, error }: RunResult): ErrorJson {
	const response = error && 'errorResponse' in error ? error.errorResponse : undefined;
	if (status !== 'error' || !response) throw new Error(`${status}: ${error?.message}`);
	return (response as unknown as { error: ErrorJson }).error;
}

/** Straight into the cloud, for what a test only needs to be there. */
async function putAtBox(
	rig: Rig,
	method: string,
	path: string,
	headers: Record<string, string>,
	body: Buffer,
): Promise<{ id?: string; part?: IDataObject }> {
	const { accessToken } = rig.cloud.issueToken('box');
	const { status, json } = await rig.cloud.box.handle({
		sequence: 0,
		method,
		host: 'upload.box.com',
		pathname: `/api/2.0/files${path}`,
		query: new URLSearchParams(),
		headers: { authorization: `Bearer ${accessToken}`, ...headers },
		body: oneChunk(body),
	});
	if (status >= 300) throw new Error(`${status} ${JSON.stringify(json)}`);
	return json as { id?: string; part?: IDataObject };
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
	yield await Promise.resolve(bytes);
}

/** A session for a new file, or for a new version of one. */
export async function openSession(
	rig: Rig,
	content: string | Buffer = text,
	target: { name: string } | { fileId: string } = { name: 'report.txt' },
): Promise<string> {
	const isNew = 'name' in target;
	const path = isNew ? '/upload_sessions' : `/${target.fileId}/upload_sessions`;
	const body = {
		file_size: Buffer.byteLength(content),
		...(isNew && { folder_id: '0', file_name: target.name }),
	};
	const headers = { 'content-type': 'application/json' };
	const { id } = await putAtBox(rig, 'POST', path, headers, Buffer.from(JSON.stringify(body)));
	return id!;
}

/** Puts parts of the content into a session; gives them as Upload Part does. */
export async function putParts(
	rig: Rig,
	sessionId: string,
	content: string | Buffer = text,
	offsets?: readonly number[],
): Promise<IDataObject[]> {
	const whole = Buffer.from(content);
	const { partSizeBytes } = rig.cloud.box.settings;
	const all = Array.from({ length: Math.ceil(whole.length / partSizeBytes) }, (_, i) => i);
	const sent: IDataObject[] = [];
	for (const offset of offsets ?? all.map((index) => index * partSizeBytes)) {
		const bytes = whole.subarray(offset, offset + partSizeBytes);
		const headers = {
			'content-type': 'application/octet-stream',
			'content-range': `bytes ${offset}-${offset + bytes.length - 1}/${whole.length}`,
			digest: `sha=${sha1(bytes)}`,
		};
		const { part } = await putAtBox(rig, 'PUT', `/upload_sessions/${sessionId}`, headers, bytes);
		sent.push({ session_id: sessionId, part });
	}
	return sent;
}

/** A session with all parts of `text` in it. */
export async function filledSession(
	rig: Rig,
	target?: { name: string } | { fileId: string },
): Promise<string> {
	const sessionId = await openSession(rig, text, target);
	await putParts(rig, sessionId);
	return sessionId;
}

/** Sends the parts of `text` with the node. */
export function uploadParts(sessionId: string, offsets: readonly number[] = [0, 10, 20]): NodeRun {
	return step('uploadPart', {
		items: offsets.map((offset) => fileItem(text, { offset })),
		parameters: { sessionId, offset: '={{ $json.offset }}' },
	});
}

/** Commit of `text`, with the file in the item. */
export function commitOf(
	sessionId: string,
	options: INodeParameters = {},
	more: StepOptions = {},
): NodeRun {
	return step('commit', {
		items: [fileItem(text)],
		...more,
		parameters: { sessionId, ...more.parameters },
		options,
	});
}

export function partOf(
	sessionId: string,
	offset = 0,
	options: INodeParameters = {},
	more: StepOptions = {},
): NodeRun {
	return step('uploadPart', {
		items: [fileItem(text)],
		...more,
		parameters: { sessionId, offset, ...more.parameters },
		options,
	});
}

/** How often a route was called, e.g. `PUT /files/upload_sessions/:id`. */
export function callsOf(rig: Rig, route: string): number {
	return rig.cloud.counters().requestsByRoute[route] ?? 0;
}
