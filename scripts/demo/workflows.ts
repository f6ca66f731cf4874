/** Which example moves which files. The parameters are what its notes tell a person to change. */
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { listOf, withForwardSlashes } from '../../test/support/exampleWorkflow';
import type { SourceFile, Sources } from './sourceFiles';

/** An example, set up as a person would. */
export interface Prepared {
	readonly title: string;
	readonly example: string;
	readonly parameters: Readonly<Record<string, INodeParameters>>;
	/** The node whose items are the results. */
	readonly resultNode: string;
}

export interface Transfer extends Prepared {
	readonly vendor: 'Dropbox' | 'Box';
	readonly files: readonly SourceFile[];
	/** Where a file must be afterwards. */
	readonly storedAt: (file: SourceFile) => string;
}

export const selector = (...path: string[]): INodeParameters => ({
	fileSelector: withForwardSlashes(join(...path)),
});

/** In Dropbox as in Box. */
const UPLOADED = '/From n8n';
const BY_HAND = '/Step by step';

/** Made of the name of the folder that the file lies in. */
const byHandPath: INodeParameters = {
	path: `=${BY_HAND}/{{ $binary.data.directory.split('/').pop() }}/{{ $binary.data.fileName }}`,
};

const STEP_BY_STEP = 'Notes';

export function transfersOf({ root, small, dropboxLarge, forBox, boxLarge }: Sources): Transfer[] {
	const byHand = ({ folder, name }: SourceFile) => `${BY_HAND}/${folder}/${name}`;
	const toDropbox = join(root, 'to-dropbox');
	const toBox = join(root, 'to-box');
	return [
		{
			title: 'Upload files to Dropbox',
			example: 'dropbox-upload-files.json',
			parameters: {
				'Read Files': selector(toDropbox, '**', '*'),
				'Upload Files': {
					resource: 'file',
					operation: 'upload',
					folder: { __rl: true, mode: 'path', value: UPLOADED },
					options: { keepFoldersBelow: withForwardSlashes(toDropbox) },
				},
			},
			resultNode: 'Stored Files',
			vendor: 'Dropbox',
			files: [...small, dropboxLarge],
			storedAt: uploadedTo,
		},
		{
			title: 'The same with a batch job',
			example: 'dropbox-batch-job.json',
			parameters: {
				'Read Files': selector(toDropbox, STEP_BY_STEP, '*'),
				'Finish Upload Batch': byHandPath,
			},
			resultNode: 'Stored Files',
			vendor: 'Dropbox',
			files: small.filter(({ folder }) => folder === STEP_BY_STEP),
			storedAt: byHand,
		},
		{
			title: 'The same in parts by hand',
			example: 'dropbox-finish-batch.json',
			parameters: {
				'Read Files': selector(toDropbox, dropboxLarge.folder, '*'),
				'Finish Upload Batch': byHandPath,
			},
			resultNode: 'Stored Files',
			vendor: 'Dropbox',
			files: [dropboxLarge],
			storedAt: byHand,
		},
		{
			title: 'Upload files to Box',
			example: 'box-upload-files.json',
			parameters: {
				'Read Files': selector(toBox, '**', '*'),
				'Upload File': {
					resource: 'file',
					operation: 'upload',
					parentFolderId: { __rl: true, mode: 'path', value: UPLOADED },
					options: { keepFoldersBelow: withForwardSlashes(toBox) },
				},
			},
			resultNode: 'Stored Files',
			vendor: 'Box',
			files: forBox,
			storedAt: uploadedTo,
		},
		{
			title: 'A Box session by hand',
			example: 'box-session-by-hand.json',
			parameters: { 'Read File': selector(toBox, boxLarge.folder, '*') },
			resultNode: 'Stored File',
			vendor: 'Box',
			files: [boxLarge],
			storedAt: ({ name }) => `/${name}`,
		},
	];
}

export const uploadedTo = ({ folder, name }: SourceFile) => `${UPLOADED}/${folder}/${name}`;

export function nightJobOf({ root }: Sources): Prepared {
	return {
		title: 'A night job',
		example: 'dropbox-night-job.json',
		parameters: {
			'Read Files': selector(root, 'to-dropbox', STEP_BY_STEP, '*'),
			'Upload Files': {
				resource: 'file',
				operation: 'upload',
				folder: { __rl: true, mode: 'path', value: '/Every night' },
				ifExists: 'fail',
				skipUnchanged: true,
				options: {},
			},
		},
		resultNode: 'Stored Files',
	};
}

/** The question who may do what with these files. */
export function sharingOf(paths: readonly string[]): Prepared {
	return {
		title: 'Ask who may do what',
		example: 'dropbox-share-metadata.json',
		parameters: {
			'Files to Look At': listOf('file', paths),
			'One File': {
				resource: 'sharedFile',
				operation: 'get',
				file: paths[0]!,
				options: { actions: ['create_view_link', 'edit_contents'] },
			},
		},
		resultNode: 'Readable List',
	};
}
