/** The uploads that are nodes of n8n: ours, and those that n8n brings along. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { fromServer, HTTP_REQUEST, inN8n, ROOT, type UploadNode } from './n8n';
import { sampler } from './sample';
import type { Contender } from './types';

export const BASE_PACKAGE = join(__dirname, '..', 'node_modules', 'n8n-nodes-base');

/** One file after the other, and more than a second for each megabyte. */
const sampleForDropbox = sampler({
	loopback: { files: 1000, bytes: 50e6 },
	line: { files: 100, bytes: 50e6 },
});
const sampleForBox = sampler({
	loopback: { files: 1000, bytes: 1e9 },
	line: { files: 100, bytes: 250e6 },
});

export function dropboxUpload(options: INode['parameters'] = {}): UploadNode {
	return {
		type: 'n8n-nodes-upload-sessions.dropboxUpload',
		parameters: {
			resource: 'file',
			operation: 'upload',
			binaryPropertyName: 'data',
			fileName: '={{ $binary.data.fileName }}',
			options,
		},
		credentialType: 'dropboxUploadOAuth2Api',
		credentialData: { accessType: 'full' },
		packages: { packageDirs: [ROOT] },
	};
}

export function boxUpload(): UploadNode {
	return {
		type: 'n8n-nodes-upload-sessions.boxUpload',
		parameters: {
			resource: 'file',
			operation: 'upload',
			binaryPropertyName: 'data',
			parentFolderId: { __rl: true, mode: 'id', value: '0' },
			fileName: '={{ $binary.data.fileName }}',
		},
		credentialType: 'boxUploadOAuth2Api',
		credentialData: {},
		packages: { packageDirs: [ROOT] },
	};
}

/** Our upload with Source: URL, and what people do without it. */
function fromUrl(node: UploadNode): Contender[] {
	const isDropbox = node.type.endsWith('dropboxUpload');
	const vendor = isDropbox ? 'dropbox' : 'box';
	return [
		{
			id: 'ours-from-url',
			vendor,
			title: 'Upload from a URL (ours)',
			isFromUrl: true,
			...fromServer({
				...node,
				// A file of a URL has no binary field to be named after.
				parameters: {
					...node.parameters,
					source: 'url',
					url: '={{ $json.url }}',
					fileName: '={{ $json.name }}',
				},
			}),
		},
		{
			id: 'http-request',
			vendor,
			title: 'HTTP Request, then our upload',
			isFromUrl: true,
			absence: builtInAbsence,
			...fromServer(
				{
					...node,
					parameters: node.parameters,
					packages: { ...node.packages, basePackageDirs: [BASE_PACKAGE] },
				},
				[HTTP_REQUEST],
			),
		},
	];
}

/** Our upload of a new version, and the same when it sends every part. */
function newVersions(node: UploadNode): Contender[] {
	const storing = (options: INode['parameters']): UploadNode => ({
		...node,
		parameters: { ...node.parameters, ifExists: 'version', options },
	});
	return [
		{
			id: 'ours-new-version',
			vendor: 'box',
			title: 'ours, a new version',
			isNewVersion: true,
			...inN8n(storing({})),
		},
		{
			id: 'ours-all-parts',
			vendor: 'box',
			title: 'ours, Skip Parts: Never',
			isNewVersion: true,
			...inN8n(storing({ skipParts: 'never' })),
		},
	];
}

/** n8n's own uploads. */
export const BUILT_IN: Readonly<Record<'dropbox' | 'box', UploadNode>> = {
	dropbox: {
		type: 'n8n-nodes-base.dropbox',
		parameters: {
			authentication: 'oAuth2',
			resource: 'file',
			operation: 'upload',
			path: '=/{{ $binary.data.fileName }}',
			binaryData: true,
			binaryPropertyName: 'data',
		},
		credentialType: 'dropboxOAuth2Api',
		credentialData: { accessType: 'full' },
		packages: { basePackageDirs: [BASE_PACKAGE] },
	},
	box: {
		type: 'n8n-nodes-base.box',
		parameters: {
			resource: 'file',
			operation: 'upload',
			parentId: '0',
			fileName: '={{ $binary.data.fileName }}',
			binaryData: true,
			binaryPropertyName: 'data',
		},
		credentialType: 'boxOAuth2Api',
		credentialData: {},
		packages: { basePackageDirs: [BASE_PACKAGE] },
	},
};

export const nodeContenders: readonly Contender[] = [
	{
		id: 'ours',
		vendor: 'dropbox',
		title: 'Dropbox Upload (ours)',
		...inN8n(dropboxUpload()),
	},
	{
		id: 'ours',
		vendor: 'box',
		title: 'Box Upload (ours)',
		...inN8n(boxUpload()),
	},
	...[dropboxUpload(), boxUpload()].flatMap(fromUrl),
	...newVersions(boxUpload()),
	{
		id: 'built-in',
		vendor: 'dropbox',
		title: "n8n's Dropbox node",
		absence: builtInAbsence,
		sample: sampleForDropbox,
		...inN8n(BUILT_IN.dropbox),
	},
	{
		id: 'built-in',
		vendor: 'box',
		title: "n8n's Box node",
		absence: builtInAbsence,
		sample: sampleForBox,
		...inN8n(BUILT_IN.box),
	},
];

export function builtInAbsence(): string | undefined {
	const isThere = existsSync(join(BASE_PACKAGE, 'package.json'));
	return isThere ? undefined : 'n8n-nodes-base could not be installed';
}

export function nodesBaseVersion(): string | undefined {
	const file = join(BASE_PACKAGE, 'package.json');
	if (!existsSync(file)) return undefined;
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
