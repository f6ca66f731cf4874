/** Uploads by the built nodes in n8n's engine, into the scratch folder. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Vendor } from '../cloud/core/contract';
import type { Engine, ItemSpec, RunResult } from '../engine';
import type { Verdict } from './assumption';

export interface UploadFinding {
	readonly name: string;
	readonly verdict: Verdict;
	readonly said: string;
	readonly files: number;
}

export interface UploadPlan {
	readonly small: number;
	readonly largeBytes: number;
}

interface Target {
	readonly vendor: Vendor;
	/** Of the engine. */
	readonly credential: { readonly type: string; readonly id: string };
	/** Parameters that say where the files go. */
	readonly into: INodeParameters;
}

interface Step {
	readonly name: string;
	readonly items: ItemSpec[];
	readonly parameters?: INodeParameters;
	/** What each item must say; undefined is fine. */
	readonly problemOf: (json: IDataObject, index: number) => string | undefined;
}

const CALLED: Readonly<Record<Vendor, string>> = { dropbox: 'dropboxUpload', box: 'boxUpload' };

/** One step after the other; a step that fails does not take the others with it. */
export async function uploadWithNodes(
	engine: Engine,
	target: Target,
	plan: UploadPlan,
	{ onFinding, signal }: { onFinding?: (finding: UploadFinding) => void; signal?: AbortSignal },
): Promise<UploadFinding[]> {
	const findings: UploadFinding[] = [];
	for (const step of stepsOf(plan)) {
		const finding = signal?.aborted
			? { name: step.name, verdict: 'not seen' as const, said: 'stopped before', files: 0 }
			: await take(engine, target, step);
		findings.push(finding);
		onFinding?.(finding);
	}
	return findings;
}

async function take(engine: Engine, target: Target, step: Step): Promise<UploadFinding> {
	const { items, name, parameters, problemOf } = step;
	try {
		const result = await run(engine, target, items, parameters);
		const jsons = (result.outputs[0] ?? []).map(({ json }) => json);
		const errors = jsons.flatMap(({ error }) => (error === undefined ? [] : [codeIn(error)]));
		const problem = jsons.map(problemOf).find((found) => found !== undefined);
		const missing = jsons.length === items.length ? undefined : 'items are missing';
		const said = errors[0] ?? codeOfRun(result) ?? missing ?? problem;
		return said === undefined
			? { name, verdict: 'held', said: '', files: jsons.length }
			: { name, verdict: 'broken', said, files: jsons.length };
	} catch (error) {
		const said = error instanceof Error ? error.name : 'no result';
		return { name, verdict: 'not seen', said, files: 0 };
	}
}

async function run(
	engine: Engine,
	{ credential, into, vendor }: Target,
	items: ItemSpec[],
	parameters: INodeParameters = {},
): Promise<RunResult> {
	return await engine.runNode({
		node: {
			type: `n8n-nodes-upload-sessions.${CALLED[vendor]}`,
			parameters: {
				resource: 'file',
				operation: 'upload',
				simplify: false,
				...into,
				...parameters,
			},
			credentials: { [credential.type]: credential.id },
			onError: 'continueRegularOutput',
		},
		items,
		timeoutMs: 20 * 60_000,
	});
}

/** The code of an error, which names nothing of the account. */
function codeIn(error: unknown): string {
	const { path } = error as { path?: unknown };
	return typeof path === 'string' && /^[\w/]{1,80}$/.test(path) ? path : 'an error';
}

function codeOfRun({ error, status }: RunResult): string | undefined {
	return status === 'success' ? undefined : codeIn(error ?? {});
}

function stepsOf({ largeBytes, small }: UploadPlan): Step[] {
	const files = Array.from({ length: small }, (_, seed) =>
		file(`small ${seed}.bin`, { sizeBytes: 1_000 + seed, seed }),
	);
	const large = file('large.bin', { sizeBytes: largeBytes, seed: 1 });
	const empty = file('empty.bin', { sizeBytes: 0, seed: 0 });
	const hasSize = (bytes: (index: number) => number) => (json: IDataObject, index: number) =>
		json.size === bytes(index) ? undefined : 'a file has another size';
	return [
		{ name: 'small files', items: files, problemOf: hasSize((index) => 1_000 + index) },
		{ name: 'an empty file', items: [empty], problemOf: hasSize(() => 0) },
		{ name: 'a large file', items: [large], problemOf: hasSize(() => largeBytes) },
		{
			name: 'the same again, Skip',
			items: [...files, large],
			parameters: { ifExists: 'skip' },
			problemOf: ({ skipped }) => (skipped === 'exists' ? undefined : 'a file was sent again'),
		},
		{
			name: 'another file of a name, Rename',
			items: [file('small 0.bin', { sizeBytes: 3_000, seed: 9 })],
			parameters: { ifExists: 'rename' },
			problemOf: ({ name }) =>
				name === 'small 0 (1).bin' ? undefined : 'the file has another name than expected',
		},
	];
}

function file(fileName: string, generated: { sizeBytes: number; seed: number }): ItemSpec {
	return { json: {}, binary: { data: { generated, fileName } } };
}
