/** What the pictures in docs/images show of our own texts, so that a test can say when one is older than that. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { readExample } from '../support/exampleWorkflow';
import { repositoryDir } from '../support/freshBuild';
import type { Editor } from './texts';
import { builtEditor, choicesOf, errorTexts } from './texts';

/** Of a picture whose texts have changed since, until it is made again. */
export const OUTDATED = 'outdated';

const RECORD = path.join(repositoryDir, 'docs', 'images', 'texts.json');

type Shown = (editor: Editor) => unknown;

const shownIn: Readonly<Record<string, Shown>> = {
	agent: () => readExample('dropbox-agent.json').nodes,
	'connect-dropbox': ({ fields }) =>
		fields.filter(({ where }) => where.startsWith('dropboxUploadOAuth2Api')).map(labelsOf),
	error: () => errorTexts().filter(({ where }) => where === 'path/conflict/file'),
	'files-in-json': uploadFields,
	'from-url': uploadFields,
	'night-job': () => readExample('dropbox-night-job.json').nodes,
	'nodes-panel': ({ nodes }) =>
		nodes.map(({ displayName, description }) => [displayName, description]),
	operations: ({ fields }) =>
		fields
			.filter(({ name, where }) => name === 'operation' && where.startsWith('dropboxUpload'))
			.flatMap((field) => choicesOf(field).map(({ action }) => action)),
	'plan-only': uploadFields,
	run: (editor) => [readExample('dropbox-one-file.json').nodes, uploadFields(editor)],
	'upload-files': uploadFields,
};

export const pictures = Object.keys(shownIn);

/** The texts of a picture, as a hash. */
export function textsHash(picture: string): string {
	const shown = shownIn[picture];
	if (shown === undefined) throw new Error(`nobody has said what ${picture} shows`);
	return createHash('sha256')
		.update(JSON.stringify(shown(builtEditor())))
		.digest('hex')
		.slice(0, 16);
}

export function pictureRecord(): Record<string, string> {
	return JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, string>;
}

/** Called when the picture has just been made. */
export function recordPicture(picture: string): void {
	const record = { ...pictureRecord(), [picture]: textsHash(picture) };
	const sorted = Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
	writeFileSync(RECORD, `${JSON.stringify(Object.fromEntries(sorted), null, '\t')}\n`);
}

/** What is in sight without pointing at anything. */
function labelsOf({ displayName, hint, placeholder }: INodeProperties): unknown[] {
	return [displayName, hint, placeholder];
}

function uploadFields({ fields }: Editor): unknown[] {
	return fields
		.filter(({ where }) => where.startsWith('dropboxUpload > upload'))
		.map((field) => [labelsOf(field), choicesOf(field).map(({ name }) => name)]);
}
