/** One run against one vendor: a scratch folder, the probes, uploads by the built nodes, and the folder is gone again. */
import type { Dispatcher } from 'undici';

import type { Vendor } from '../cloud/core/contract';
import type { Engine } from '../engine';
import type { Assumption, Finding, Probes } from './assumption';
import * as box from './box/api';
import { boxAssumptions } from './box/assumptions';
import { boxProbes } from './box/probes';
import * as dropbox from './dropbox/api';
import { dropboxAssumptions } from './dropbox/assumptions';
import { dropboxProbes } from './dropbox/probes';
import { probeAll } from './probing';
import type { Report } from './report';
import { makeBoxFolder, makeDropboxFolder, removeBoxFolder, removeDropboxFolder } from './scratch';
import type { UploadFinding, UploadPlan } from './uploads';
import { uploadWithNodes } from './uploads';
import { Wire } from './wire';

export interface VerifyOptions {
	readonly vendor: Vendor;
	readonly accessToken: string;
	/** The name of the scratch folder, which must not exist. */
	readonly folder: string;
	readonly version: string;
	readonly say: (line: string) => void;
	readonly plan: UploadPlan;
	/** None: the nodes upload nothing. */
	readonly startEngine?: () => Promise<Engine>;
	readonly dispatcher?: Dispatcher;
	/** Stops after the call under way, and removes the folder. */
	readonly signal?: AbortSignal;
	/** Only these probes. */
	readonly only?: (id: string) => boolean;
	readonly boxSessionBytes?: number;
	readonly pollMs?: number;
}

/** What is found, and what could not be removed, by name: the names are for the screen only. */
export interface Verified {
	readonly report: Report;
	readonly left: readonly string[];
}

interface Opened {
	/** What could not be removed, by name. */
	remove(): Promise<string[]>;
	probe(): Promise<Finding[]>;
	/** Where the nodes upload to. */
	readonly into: Parameters<typeof uploadWithNodes>[1]['into'];
}

const CREDENTIALS: Readonly<Record<Vendor, string>> = {
	dropbox: 'dropboxUploadOAuth2Api',
	box: 'boxUploadOAuth2Api',
};

/** Throws FolderExists, and whatever keeps the run from its beginning. */
export async function verify(options: VerifyOptions): Promise<Verified> {
	const { signal, vendor } = options;
	const wire = newWire(options, signal);
	const opened =
		vendor === 'dropbox' ? await openDropbox(wire, options) : await openBox(wire, options);
	let findings: Finding[] = [];
	let uploads: UploadFinding[] = [];
	let left: string[] = [];
	try {
		findings = [...(await opened.probe()), ...observed(assumptionsOf(vendor), wire)];
		uploads = await uploadAll(opened, options);
	} finally {
		left = await opened.remove();
	}
	const report: Report = {
		vendor,
		date: new Date().toISOString().slice(0, 10),
		version: options.version,
		sentBytes: wire.sentBytes,
		complete: !(signal?.aborted ?? false),
		assumptions: findings,
		uploads,
		left: left.length,
	};
	return { report, left };
}

export function assumptionsOf(vendor: Vendor): readonly Assumption[] {
	return vendor === 'dropbox' ? dropboxAssumptions : boxAssumptions;
}

function newWire({ accessToken, dispatcher, vendor }: VerifyOptions, signal?: AbortSignal): Wire {
	const { codeOf, requestIdOf } = vendor === 'dropbox' ? dropbox : box;
	return new Wire({
		accessToken,
		codeOf,
		requestIdOf,
		...(dispatcher && { dispatcher }),
		...(signal && { signal }),
	});
}

async function openDropbox(wire: Wire, options: VerifyOptions): Promise<Opened> {
	const { folder, pollMs } = options;
	const api = await makeDropboxFolder(wire, folder, pollMs);
	return {
		// Whoever has stopped the run still wants the folder removed.
		remove: async () =>
			await removeDropboxFolder(new dropbox.DropboxApi(newWire(options), api.folder, pollMs)),
		probe: async () => await probeAll(api, chosen(dropboxProbes, options), events(options)),
		into: { folder: { __rl: true, mode: 'path', value: api.path('by the node') } },
	};
}

async function openBox(wire: Wire, options: VerifyOptions): Promise<Opened> {
	const { boxSessionBytes, folder, pollMs } = options;
	const inRoot = new box.BoxApi(wire, '0', boxSessionBytes, pollMs);
	const folderId = await makeBoxFolder(inRoot, folder);
	const api = new box.BoxApi(wire, folderId, boxSessionBytes, pollMs);
	return {
		remove: async () => await removeBoxFolder(new box.BoxApi(newWire(options), folderId), folder),
		probe: async () => await probeAll(api, chosen(boxProbes, options), events(options)),
		into: { parentFolderId: { __rl: true, mode: 'id', value: folderId } },
	};
}

function chosen<A>(probes: Probes<A>, { only = () => true }: VerifyOptions): Probes<A> {
	return Object.fromEntries(Object.entries(probes).filter(([id]) => only(id)));
}

function events({ say, signal }: VerifyOptions) {
	return {
		onFinding: ({ id, said, verdict }: Finding) =>
			say(`  ${verdict.padEnd(8)} ${id}${said === '' ? '' : `: ${said}`}`),
		...(signal && { signal }),
	};
}

async function uploadAll(opened: Opened, options: VerifyOptions): Promise<UploadFinding[]> {
	const { accessToken, plan, say, signal, startEngine, vendor } = options;
	if (startEngine === undefined || signal?.aborted) return [];
	const engine = await startEngine();
	// The run under way ends with the engine.
	const stop = (): void => void engine.kill();
	signal?.addEventListener('abort', stop);
	try {
		const credential = { type: CREDENTIALS[vendor], id: 'verify' };
		const oauthTokenData = { access_token: accessToken, token_type: 'bearer' };
		const data = { oauthTokenData, ...(vendor === 'dropbox' && { accessType: 'full' }) };
		await engine.setCredential(credential.id, { name: 'Verify', type: credential.type, data });
		return await uploadWithNodes(engine, { vendor, credential, into: opened.into }, plan, {
			onFinding: ({ name, said, verdict }) =>
				say(`  ${verdict.padEnd(8)} upload: ${name}${said === '' ? '' : `: ${said}`}`),
			...(signal && { signal }),
		});
	} finally {
		signal?.removeEventListener('abort', stop);
		await engine.stop();
	}
}

/** What shows only if it happens, in what the raw calls have met; and what no run can show. */
function observed(assumptions: readonly Assumption[], { seen }: Wire): Finding[] {
	return assumptions
		.filter(({ checked }) => checked !== 'probed')
		.map(({ checked, id }): Finding => {
			if (checked === 'not provable') {
				return { id, verdict: 'not seen', said: 'takes longer than a run', calls: [] };
			}
			const [, name = ''] = id.split('/');
			const met = seen.filter((call) => SEEN_AS[name]?.(call) ?? false);
			if (met.length === 0) return { id, verdict: 'not seen', said: 'did not happen', calls: [] };
			const hasNoWait = ASKS_TO_WAIT.has(name) && met.some((call) => call.retryAfter === undefined);
			const calls = met.slice(0, 3).map(({ retryAfter: _, ...call }) => call);
			return hasNoWait
				? { id, verdict: 'broken', said: 'there was no Retry-After', calls }
				: { id, verdict: 'held', said: `${met.length} times`, calls };
		});
}

type Seen = Wire['seen'][number];

const ASKS_TO_WAIT = new Set(['rate-limit', 'processing']);

const SEEN_AS: Readonly<Record<string, (call: Seen) => boolean>> = {
	'rate-limit': ({ status }) => status === 429,
	busy: ({ code }) => code?.includes('too_many_write_operations') ?? false,
	processing: ({ status }) => status === 202,
	'parts-lag': ({ code }) => code === 'parts_mismatch',
	'folder-locked': ({ code }) => code === 'operation_blocked_temporary',
};
