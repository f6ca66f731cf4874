/** A new n8n with this package in it, and the loopback cloud as all of its internet. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCloud, type CloudOptions, type LoopbackCloud } from '../cloud';
import { CloudClient } from '../cloud/client';
import type { Manifest } from '../cloud/npm';
import { assertFreshBuild } from '../support/freshBuild';
import { packAndUnpack } from '../support/packed';
import { N8nApi } from './api';
import { startN8n, type N8nProcess } from './process';

export interface Stage {
	readonly cloud: LoopbackCloud;
	readonly n8n: N8nProcess;
	readonly api: N8nApi;
	stop(): Promise<void>;
}

/** Without an owner: that is the first person who comes. */
export async function startStage(cloudOptions: CloudOptions = {}): Promise<Stage> {
	assertFreshBuild();
	const folder = mkdtempSync(join(tmpdir(), 'upload-sessions-n8n-'));
	const cloud = await startCloud(cloudOptions);
	const stopCloud = async () => {
		await cloud.stop();
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const { manifest, tarball } = packed(join(folder, 'packed'));
		cloud.npm.publish(manifest, tarball);
		const homeDir = join(folder, 'home');
		const n8n = await startN8n({ homeDir, env: cloud.env });
		// As in the apps' consoles: no other address gets a code.
		for (const { clients } of [cloud.dropboxOAuth, cloud.boxOAuth]) {
			clients[0]!.redirectUris = [`${n8n.url}/rest/oauth2-credential/callback`];
		}
		return {
			cloud,
			n8n,
			api: new N8nApi(n8n.url),
			stop: async () => {
				await n8n.stop();
				await stopCloud();
			},
		};
	} catch (error) {
		await stopCloud();
		throw error;
	}
}

export interface Packed {
	readonly manifest: Manifest;
	readonly tarball: Buffer;
}

/** What npm would publish: n8n gets it from the cloud's registry, by its name. */
export function packed(folder: string): Packed {
	const { packageDir, tarball } = packAndUnpack(folder);
	const manifest = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as Manifest;
	return { manifest, tarball: readFileSync(tarball) };
}

/** The accounts that workflows use, by credential type; each is connected through the vendor's pages. */
export async function connectAccounts(
	api: N8nApi,
	cloud: LoopbackCloud,
	dropbox: { readonly sharedLinks?: boolean } = {},
): Promise<Record<string, string>> {
	const browser = new CloudClient(cloud);
	const [client] = cloud.dropboxOAuth.clients;
	const connect = async (name: string, type: string, data = {}) => {
		const id = await api.createCredential(name, type, { ...client, ...data });
		await api.connect(id, browser);
		return id;
	};
	try {
		return {
			dropboxUploadOAuth2Api: await connect('Dropbox account', 'dropboxUploadOAuth2Api', {
				accessType: 'full',
				...dropbox,
			}),
			boxUploadOAuth2Api: await connect('Box account', 'boxUploadOAuth2Api'),
		};
	} finally {
		await browser.close();
	}
}
