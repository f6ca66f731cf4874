/**
 * Nodes inside n8n's engine. The files enter n8n's binary store before the meter starts: a node in
 * front of the upload starts the meter as its last act, and the one behind reads it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import { startEngine, type Engine, type RunRequest } from '../../test/engine';
import type { InputFile, Measured } from '../clients/job';
import { INPUT_DIR } from '../inputs';
import { withinTime } from './deadline';
import { FileServer } from './fileServer';
import { RunFailed, type Contender, type SourceAccount, type Task } from './types';

export const ROOT = join(__dirname, '..', '..');
const HOME = join(INPUT_DIR, 'n8n');
const METER_PACKAGE = join(__dirname, '..', 'engine', 'package');

export interface UploadNode {
	readonly type: string;
	readonly parameters: INode['parameters'];
	readonly credentialType: string;
	readonly credentialData: Record<string, string>;
	/** Of the account of the other vendor that a copy reads from. */
	readonly sourceCredentialType?: string;
	readonly packages: { readonly packageDirs?: string[]; readonly basePackageDirs?: string[] };
}

type Runnable = Pick<Contender, 'run'>;

/** n8n's own node that gets a file into its binary store. */
export const HTTP_REQUEST: Link = {
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url: '={{ $json.url }}',
		options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
	},
};

/** The same with files that lie on a server on the loopback interface, got by `before` or by the upload itself. */
export function fromServer(node: UploadNode, before: readonly Link[] = []): Runnable {
	return {
		run: async (task) => {
			const server = await FileServer.start(task.files);
			// Past the cloud's proxy, which knows the vendors only.
			const env = { ...task.cloud.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
			const engine = await open(node.packages, env);
			try {
				const items = task.files.map(({ name }) => ({ json: { name, url: server.urlOf(name) } }));
				return await runIn(engine, node, writeList(items), task, before);
			} finally {
				await engine.stop();
				await server.stop();
			}
		},
	};
}

/** The same with files that another vendor has, got by `before` or by the upload itself. */
export function fromCloud(
	node: UploadNode,
	itemsOf: (source: SourceAccount, files: readonly InputFile[]) => object[],
	before: readonly Link[] = [],
): Runnable {
	return {
		run: async (task) => {
			const { cloud, files, source } = task;
			if (source === undefined) throw new Error('No other cloud has the files');
			const engine = await open(node.packages, cloud.env);
			try {
				const items = itemsOf(source, files).map((json) => ({ json }));
				return await runIn(engine, node, writeList(items), task, before);
			} finally {
				await engine.stop();
			}
		},
	};
}

export function inN8n(node: UploadNode): Runnable {
	return {
		run: async (task) => {
			const list = await storedList(task.files);
			const engine = await open(node.packages, task.cloud.env);
			try {
				return await runIn(engine, node, list, task);
			} finally {
				await engine.stop();
			}
		},
	};
}

async function open(
	packages: UploadNode['packages'],
	env: Readonly<Record<string, string>>,
): Promise<Engine> {
	return await startEngine({
		basePackageDirs: packages.basePackageDirs,
		packageDirs: [...(packages.packageDirs ?? []), METER_PACKAGE],
		homeDir: HOME,
		env: { ...env, N8N_LOG_LEVEL: 'info' },
	});
}

async function runIn(
	engine: Engine,
	node: UploadNode,
	list: string,
	{ files, source, timeoutMs, ...account }: Task,
	before: readonly Link[] = [],
): Promise<Measured> {
	const { type, parameters, credentialType, credentialData, sourceCredentialType } = node;
	await setAccount(engine, { type: credentialType, data: credentialData }, account);
	const credentials = { [credentialType]: { id: credentialType, name: 'account' } };
	if (sourceCredentialType !== undefined && source !== undefined) {
		const data: Record<string, string> = source.vendor === 'dropbox' ? { accessType: 'full' } : {};
		await setAccount(engine, { type: sourceCredentialType, data }, source);
		credentials[sourceCredentialType] = { id: sourceCredentialType, name: 'account' };
	}
	const upload = { type, parameters, credentials };
	const usageBefore = await engine.usage();
	const { finished } = await engine.start(
		chain(
			{ type: 'bench.storedFiles', parameters: { list } },
			...before.map((link) => ({ ...link, credentials })),
			upload,
			{ type: 'bench.meter' },
		),
	);
	const result = await withinTime(finished, timeoutMs);
	const { measured, items } = result.outputs[0]?.[0]?.json ?? {};
	if (result.status === 'success') {
		if (items !== files.length) throw new Error(`${JSON.stringify(items)} items came out`);
		return measured as unknown as Measured;
	}
	const { peakRssBytes } = await engine.usage();
	const { message = result.status, httpCode } = result.error ?? {};
	throw new RunFailed(httpCode ? `${message} (${httpCode})` : message, {
		wallMs: result.runData[type]?.[0]?.executionTime ?? result.durationMs,
		peakGrowthBytes: peakRssBytes - usageBefore.rssBytes,
	});
}

async function setAccount(
	engine: Engine,
	{ type, data }: { readonly type: string; readonly data: Record<string, string> },
	{ accessToken, refreshToken }: Pick<SourceAccount, 'accessToken' | 'refreshToken'>,
): Promise<void> {
	await engine.setCredential(type, {
		name: 'account',
		type,
		data: {
			clientId: 'id',
			clientSecret: 'secret',
			...data,
			oauthTokenData: {
				access_token: accessToken,
				refresh_token: refreshToken,
				token_type: 'bearer',
			},
		},
	});
}

const stored = new Map<string, INodeExecutionData>();

/** A file with the items of these files, which lie in n8n's binary store from then on. */
async function storedList(files: readonly InputFile[]): Promise<string> {
	const missing = files.filter(({ path }) => !stored.has(path));
	if (missing.length > 0) {
		const engine = await open({}, {});
		try {
			const items = missing.map(({ path }) => ({ binary: { data: { path } } }));
			const { finished } = await engine.start(
				chain({ type: 'test.items', parameters: { items: JSON.stringify(items) } }),
			);
			const { outputs } = await finished;
			for (const [index, { path }] of missing.entries()) {
				const item = outputs[0]?.[index];
				if (!item?.binary?.data?.id) throw new Error(`${path} did not get into n8n's store`);
				stored.set(path, item);
			}
		} finally {
			await engine.stop();
		}
	}
	return writeList(files.map(({ path }) => stored.get(path)));
}

function writeList(items: readonly unknown[]): string {
	mkdirSync(INPUT_DIR, { recursive: true });
	const list = join(INPUT_DIR, 'items.json');
	writeFileSync(list, JSON.stringify(items));
	return list;
}

/** They are as large as the input files, and of no use to another process. */
export function forgetStored(): void {
	stored.clear();
	rmSync(HOME, { recursive: true, force: true, maxRetries: 5 });
}

export type Link = Pick<INode, 'type'> & Partial<INode>;

function chain(...links: readonly Link[]): RunRequest {
	const nodes = [{ type: 'test.start' } as Link, ...links].map((link, index): INode => {
		const place: [number, number] = [200 * index, 0];
		const name = link.type;
		return { parameters: {}, typeVersion: 1, position: place, id: `node-${index}`, name, ...link };
	});
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index]?.name ?? '',
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]),
	);
	return { workflow: { nodes, connections }, resultNode: nodes.at(-1)?.name };
}
