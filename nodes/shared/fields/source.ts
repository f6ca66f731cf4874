import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { printableUrl } from '../redact';
import { binaryField } from './optionsCollection';
import { InputProblem } from './inputProblem';
import { choiceOf, textOf } from './parameters';
import { singleLine } from './readers';

const onlyFor = (source: string) => ({ show: { source: [source] } });

/** Where an upload gets its file. */
export const sourceFields: readonly INodeProperties[] = [
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'Binary Field', value: 'binary', description: 'A file of the input item' },
			{
				name: 'URL',
				value: 'url',
				description: 'A file on another server, uploaded without storing it in n8n',
			},
		],
		default: 'binary',
		description: 'Where the file comes from',
	},
	// Not required here nor below: where an expression sets Source, n8n would ask for both.
	{ ...binaryField, required: false, displayOptions: onlyFor('binary') },
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		displayOptions: onlyFor('url'),
		default: '',
		placeholder: 'e.g. https://example.com/report.pdf',
		description:
			'A link that returns the file to anyone who opens it. No sign-in is sent to the server. A broken download resumes if the server allows it.',
	},
];

const CLOUD_SOURCES = ['dropboxFile', 'dropboxFolder', 'boxFile', 'boxFolder'] as const;
const SOURCES = ['binary', 'url', ...CLOUD_SOURCES] as const;

/** Throws InputProblem. */
export function readSource(
	context: IExecuteFunctions,
	itemIndex: number,
): (typeof SOURCES)[number] {
	return choiceOf(context, itemIndex, 'source', 'Source', SOURCES);
}

/** The address to get the file from; undefined when it comes from elsewhere. Throws InputProblem. */
export function readUrl(context: IExecuteFunctions, itemIndex: number): string | undefined {
	if (readSource(context, itemIndex) !== 'url') return undefined;
	const text = singleLine(textOf(context, itemIndex, 'url', 'URL').trim(), 'url', 'URL');
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
	throw new InputProblem(
		'url',
		text === '' ? "'URL' is empty" : "'URL' isn't a web URL",
		'Enter a URL that begins with https:// or http://.',
		text === '' ? undefined : printableUrl(text),
	);
}
