/** From one cloud to the other: our upload, n8n's own two nodes in a row, and rclone between two remotes. */
import { fromCloud, type Link, type UploadNode } from './contenders/n8n';
import {
	BASE_PACKAGE,
	boxUpload,
	BUILT_IN,
	builtInAbsence,
	dropboxUpload,
} from './contenders/nodes';
import { rcloneCopy } from './contenders/rclone';
import { sampler } from './contenders/sample';
import type { Contender } from './contenders';

/** Two requests for each file, one after the other. */
const oneByOne = sampler({ line: { files: 100, bytes: 2e9 } });

const FROM_BOX = { source: 'boxFolder', boxFolder: '0' };
const FROM_DROPBOX = { source: 'dropboxFolder', dropboxFolder: '/' };

/** The whole account of the other vendor, as one item. */
function ours(vendor: Contender['vendor']): Contender {
	const isDropbox = vendor === 'dropbox';
	const { parameters, ...node } = isDropbox ? dropboxUpload() : boxUpload();
	return {
		id: 'ours-from-cloud',
		vendor,
		title: isDropbox ? 'Box folder to Dropbox (ours)' : 'Dropbox folder to Box (ours)',
		...fromCloud(
			{
				...node,
				parameters: { ...parameters, fileName: '', ...(isDropbox ? FROM_BOX : FROM_DROPBOX) },
				sourceCredentialType: isDropbox
					? 'boxUploadSourceOAuth2Api'
					: 'dropboxUploadSourceOAuth2Api',
			},
			() => [{}],
		),
	};
}

/** The items say where each file is: nothing has to be listed. */
function builtIn(vendor: Contender['vendor'], download: Link, sourceType: string): Contender {
	const node: UploadNode = {
		...BUILT_IN[vendor],
		sourceCredentialType: sourceType,
		packages: { basePackageDirs: [BASE_PACKAGE] },
	};
	return {
		id: 'built-in-from-cloud',
		vendor,
		title: "n8n's Dropbox and Box nodes",
		absence: builtInAbsence,
		sample: oneByOne,
		...fromCloud(
			node,
			({ places }, files) => files.map(({ name }, index) => ({ name, place: places[index] })),
			[download],
		),
	};
}

const getFile = { resource: 'file', operation: 'download', binaryPropertyName: 'data' };

export const COPIES_CASES = ['copied-1000', 'copied-1gib'];

export const COPIES: readonly Contender[] = [
	ours('dropbox'),
	ours('box'),
	builtIn(
		'dropbox',
		{
			type: 'n8n-nodes-base.box',
			parameters: { ...getFile, fileId: '={{ $json.place }}' },
		},
		'boxOAuth2Api',
	),
	builtIn(
		'box',
		{
			type: 'n8n-nodes-base.dropbox',
			parameters: { ...getFile, authentication: 'oAuth2', path: '={{ $json.place }}' },
		},
		'dropboxOAuth2Api',
	),
	rcloneCopy('dropbox', ['--transfers', '16', '--dropbox-batch-mode', 'sync']),
	rcloneCopy('box', ['--transfers', '16']),
];
