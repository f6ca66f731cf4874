/** What the tests of Upload File have in common. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ErrorJson } from '../../../nodes/shared/output/errorItem';
import type { LoggedRequest } from '../../cloud';
import type { BoxFileView, BoxSettings } from '../../cloud/box';
import { defaultSettings } from '../../cloud/box/settings';
import { generateChunks } from '../../engine';
import type { GeneratedContent, ItemSpec, RunHandle, RunResult } from '../../engine/types';
import type { NodeRun, Rig, RigOptions } from '../../support/rig';
import { PACKAGE_DIR_VARIABLE, useRig } from '../../support/rig';
import { SCALE, scaledPackage } from '../../support/scaledPackage';
import { until } from '../../support/until';

export const KIB = 1024;
export const MIB = 1024 * KIB;
/** From here on Box takes upload sessions. */
export const LARGE = 20_000_000;
/** The same for tests with `useSmallerBox`. */
export const SMALLER_MIB = MIB / SCALE;
export const SMALLER_LARGE = LARGE / SCALE;

/** Tests that take minutes; the normal run has the same ones on a smaller scale. */
export const slowIt = process.env.TEST_SLOW === '1' ? it : it.skip;

export const DIRECT = 'POST /files/content';
export const DIRECT_VERSION = 'POST /files/:id/content';
export const CHECK = 'OPTIONS /files/content';
export const CREATE = 'POST /files/upload_sessions';
export const CREATE_VERSION = 'POST /files/:id/upload_sessions';
export const GET_SESSION = 'GET /files/upload_sessions/:id';
export const PUT_PART = 'PUT /files/upload_sessions/:id';
export const LIST_PARTS = 'GET /files/upload_sessions/:id/parts';
export const COMMIT = 'POST /files/upload_sessions/:id/commit';
export const ABORT = 'DELETE /files/upload_sessions/:id';
export const GET_FILE = 'GET /files/:id';
export const GET_FOLDER = 'GET /folders/:id';
export const LIST_ITEMS = 'GET /folders/:id/items';
export const CREATE_FOLDER = 'POST /folders';

export type Content = string | Buffer | GeneratedContent;

/** To a new version of the file. */
export const asVersionOf = (fileId: string) => ({ uploadAs: 'newVersion', fileId });

export interface Upload extends Pick<NodeRun, 'onError' | 'node' | 'mode' | 'timeoutMs'> {
	binaryPropertyName?: string;
	uploadAs?: string;
	fileId?: string;
	parentFolderId?: string | INodeParameters;
	fileName?: string;
	ifExists?: string;
	skipUnchanged?: boolean;
	attributes?: INodeParameters;
	options?: INodeParameters;
	items: ItemSpec[];
}

export function nodeRun(run: Upload): NodeRun {
	const { options, onError, node, mode, timeoutMs, items, ...parameters } = run;
	return {
		resource: 'file',
		operation: 'upload',
		// The whole of Box's response; simplify.test.ts is about the other.
		parameters: { simplify: false, ...parameters },
		options,
		onError,
		node,
		mode,
		timeoutMs,
		items,
	};
}

export async function upload(rig: Rig, run: Upload): Promise<RunResult> {
	return await rig.box(nodeRun(run));
}

export async function startUpload(rig: Rig, run: Upload): Promise<RunHandle> {
	return await rig.startBox(nodeRun(run));
}

/** The rig; each test begins with Box's own rules, and must leave Box nothing that its OpenAPI does not allow. */
export function useBox(options: RigOptions | (() => RigOptions) = {}): () => Rig {
	const rig = useRig(options);
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

/** The rig of tests that are about what happens to large files: all sizes of the node and of Box are as many times as small. */
export function useSmallerBox(pace: RigOptions['pace'] = {}): () => Rig {
	return useBox(() => ({
		packageDir: scaledPackage(process.env[PACKAGE_DIR_VARIABLE]),
		pace,
		cloud: { box: SMALLER_SIZES },
	}));
}

const SMALLER_SIZES: Partial<BoxSettings> = {
	partSizeBytes: defaultSettings.partSizeBytes / SCALE,
	minimumSessionBytes: defaultSettings.minimumSessionBytes / SCALE,
	maximumDirectBytes: defaultSettings.maximumDirectBytes / SCALE,
	knownPartsBytes: defaultSettings.knownPartsBytes / SCALE,
};

export const carryOn = { onError: 'continueRegularOutput' } as const;

export const byPath = (path: string): INodeParameters => ({
	__rl: true,
	mode: 'path',
	value: path,
});

export const byId = (id: string): INodeParameters => ({ __rl: true, mode: 'id', value: id });

/** An item with one file. */
export function file(fileName: string, content: Content, json: IDataObject = {}): ItemSpec {
	const isBytes = typeof content === 'string' || Buffer.isBuffer(content);
	const source = isBytes
		? { base64: Buffer.from(content).toString('base64') }
		: { generated: content };
	return { json, binary: { data: { ...source, fileName } } };
}

const hashes = new Map<string, string>();

export function sha1Of(content: Content): string {
	const isBytes = typeof content === 'string' || Buffer.isBuffer(content);
	if (isBytes) return createHash('sha1').update(content).digest('hex');
	const key = JSON.stringify(content);
	const known = hashes.get(key) ?? streamedSha1(content);
	hashes.set(key, known);
	return known;
}

function streamedSha1(content: GeneratedContent): string {
	const sha1 = createHash('sha1');
	for (const chunk of generateChunks(content)) sha1.update(chunk);
	return sha1.digest('hex');
}

export function jsonOf(result: RunResult): IDataObject[] {
	return (result.outputs[0] ?? []).map(({ json }) => json);
}

export function errorsOf(result: RunResult): Array<ErrorJson | undefined> {
	return jsonOf(result).map(({ error }) => error as unknown as ErrorJson | undefined);
}

/** What a run that stopped says, as the error of the execution keeps it. */
export function failureOf({ status, error }: RunResult): ErrorJson {
	const response = error && 'errorResponse' in error ? error.errorResponse : undefined;
	if (status !== 'error' || !response) throw new Error(`${status}: ${error?.message}`);
	return (response as unknown as { error: ErrorJson }).error;
}

export function storedFiles(rig: Rig): BoxFileView[] {
	return [...rig.cloud.box.files()].sort((a, b) => a.path.localeCompare(b.path, 'en'));
}

export function storedPaths(rig: Rig): string[] {
	return storedFiles(rig).map(({ path }) => path);
}

/** Every item is stored once with its own content, and says so; nothing else is there, and no session is open. */
export function expectAllStored(
	rig: Rig,
	result: RunResult,
	expected: ReadonlyArray<readonly [path: string, content: Content]>,
): void {
	expect(result.error).toBeUndefined();
	expect(result.status).toBe('success');
	const wanted = expected.map(([path, content]) => [path, sha1Of(content)]);
	const ids = new Map(storedFiles(rig).map(({ id, path }) => [id, path]));
	expect(jsonOf(result).map(({ id, sha1 }) => [ids.get(id as string), sha1])).toEqual(wanted);
	expect(storedFiles(rig).map(({ path, sha1 }) => [path, sha1])).toEqual(
		[...wanted].sort(([a = ''], [b = '']) => a.localeCompare(b, 'en')),
	);
	expect(storedFiles(rig).map(({ versions }) => versions)).toEqual(expected.map(() => 1));
	expect(result.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		expected.map((_, item) => ({ item })),
	);
	expect(openSessions(rig)).toEqual([]);
}

/** IDs of the sessions that Box still keeps. */
export function openSessions(rig: Rig): string[] {
	return rig.cloud.box.sessions().flatMap(({ id, state }) => (state === 'open' ? [id] : []));
}

/** Offset of the part that a request carried. */
export function offsetOf({ argument }: LoggedRequest): number {
	const { content_range: range = '' } = (argument ?? {}) as { content_range?: string };
	return Number(/^bytes (\d+)-/.exec(range)?.[1] ?? -1);
}

/** Bytes of parts that arrived, whatever became of them; half a request counts. */
export function sentPartBytes(rig: Rig): number {
	return rig.calls(PUT_PART).reduce((sum, { requestBytes }) => sum + requestBytes, 0);
}

/**
 * Answers nothing on this route before so many requests are under way, and then gives one more the
 * time to come. `skip`: so many go before, such as the first one that needs a permission, which goes alone.
 */
export function holdUntilAtOnce(rig: Rig, route: string, atOnce: number, skip = 0): void {
	const run = async () => {
		await until(() => rig.cloud.counters().peakInFlight >= atOnce, 25_000);
		await sleep(200);
	};
	rig.cloud.faults.add({ route, times: atOnce, skip, action: { kind: 'before', run } });
}

/** What the run said at its end. */
export function hintOf(result: RunResult): string {
	return result.hints.map(({ message }) => message).join();
}
