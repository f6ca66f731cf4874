/** Every text that people read, as the package has it when it is built. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import ts from 'typescript';

import { everyNode, UNKNOWN } from '../../scripts/docs/failures/sources';
import { boxRows, dropboxRows, inputRows, linkRows } from '../../scripts/docs/failures/vendors';
import { readPage, allPages } from '../docs/markdown';
import { exampleFiles, readExample } from '../support/exampleWorkflow';
import { assertFreshBuild, repositoryDir } from '../support/freshBuild';
import type { Text } from './rules';

interface Manifest {
	readonly n8n: { readonly nodes: readonly string[]; readonly credentials: readonly string[] };
}

export interface Field extends INodeProperties {
	/** Where it is, for the message. */
	readonly where: string;
}

export interface Editor {
	readonly nodes: readonly INodeTypeDescription[];
	readonly fields: readonly Field[];
}

export function builtEditor(): Editor {
	assertFreshBuild();
	const file = path.join(repositoryDir, 'package.json');
	const { n8n } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
	const nodes = n8n.nodes.map((node) => built<INodeType>(node).description);
	const credentials = n8n.credentials.map((credential) => built<ICredentialType>(credential));
	const fields = [...nodes, ...credentials].flatMap(({ name, properties }) =>
		fieldsOf(name, properties),
	);
	return { nodes, fields };
}

function built<T>(file: string): T {
	const className = path.basename(file).split('.')[0] ?? '';
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const module = require(path.join(repositoryDir, file)) as Record<string, new () => T>;
	const Class = module[className];
	if (Class === undefined) throw new Error(`${file} has no ${className}`);
	return new Class();
}

function fieldsOf(owner: string, properties: readonly INodeProperties[]): Field[] {
	return properties
		.filter(({ type }) => type !== 'hidden')
		.flatMap((property) => {
			const shownIn = (property.displayOptions?.show?.operation ?? []).map(String).join(' ');
			const where = [owner, shownIn, property.name].filter((part) => part !== '').join(' > ');
			const inner = property.type === 'collection' ? property.options : [];
			return [{ ...property, where }, ...fieldsOf(where, inner as INodeProperties[])];
		});
}

export const choicesOf = ({ type, options = [] }: INodeProperties): INodePropertyOptions[] =>
	type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];

/** Descriptions, hints, notices, choices, and what a wrong value is told. */
export function editorTexts({ nodes, fields }: Editor): Text[] {
	return [
		...nodes.map(({ name, description }) => ({ where: name, text: description })),
		...fields.flatMap((field) =>
			[
				field.type === 'notice' ? field.displayName : undefined,
				field.description,
				field.hint,
				...choicesOf(field).map((choice) => choice.description),
				...(field.modes ?? []).flatMap(({ hint, validation = [] }) => [
					hint === undefined ? undefined : [hint].flat().map(String).join(' '),
					...validation.map((rule) => remedyOf(rule)),
				]),
			]
				.filter((text) => text !== undefined)
				.map((text) => ({ where: field.where, text })),
		),
	];
}

function remedyOf(rule: unknown): string | undefined {
	return (rule as { properties?: { errorMessage?: string } }).properties?.errorMessage;
}

export function actionTexts({ fields }: Editor): Text[] {
	return fields
		.filter(({ name }) => name === 'operation')
		.flatMap((field) =>
			choicesOf(field).map(({ action = '' }) => ({ where: field.where, text: action })),
		);
}

/** What error texts quote: fields and operations whose names can't be taken for plain words. */
export function namesInTexts({ fields }: Editor): string[] {
	const operations = fields
		.filter(({ name }) => name === 'operation')
		.flatMap((field) => choicesOf(field).map(({ name }) => name));
	const labels = fields
		.filter(({ type }) => type !== 'notice')
		.flatMap(({ displayName }) => [displayName, displayName.replace(/ \(.*\)$/, '')]);
	return [...new Set([...operations, ...labels])].filter((name) => name.includes(' '));
}

export interface ErrorText {
	readonly where: string;
	readonly message: string;
	readonly remedy: string;
}

let allErrors: ErrorText[] | undefined;

export function errorTexts(): ErrorText[] {
	allErrors ??= [...dropboxRows(), ...boxRows(), ...linkRows(), ...inputRows()].map(
		({ path: where, message, remedy }) => ({ where, message, remedy }),
	);
	return allErrors;
}

/** The pages for people who use the nodes, a paragraph, line or cell each. */
export function pageTexts(): Text[] {
	return allPages()
		.filter(({ file }) => !FOR_DEVELOPERS.has(file))
		.flatMap(({ file }) => proseOf(file));
}

const FOR_DEVELOPERS = new Set(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'AGENTS.md']);

function proseOf(file: string): Text[] {
	const prose = readPage(file)
		.text.replace(/^```[\s\S]*?^```/gm, '')
		// Written from the code, whose texts are looked at there.
		.replace(/<!-- (\S+): begin -->[\s\S]*?<!-- \1: end -->/g, '');
	return prose
		.split(/\n(?=\s*(?:[-|#>]|\d+\.|!\[))|\n{2,}/)
		.flatMap((block) => (block.trimStart().startsWith('|') ? block.split('|') : [block]))
		.map((text) => text.replace(/\s*\n\s*/g, ' ').trim())
		.filter((text) => /[a-z]/.test(text))
		.map((text) => ({ where: file, text }));
}

export function exampleTexts(): Text[] {
	return exampleFiles().flatMap((file) => {
		const { name, nodes } = readExample(file);
		const notes = nodes
			.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
			.flatMap(({ parameters }) => (parameters.content as string).split(/\n+/));
		return [name, ...nodes.map((node) => node.name), ...notes].map((text) => ({
			where: `examples/${file}`,
			text,
		}));
	});
}

const LEAST_WORDS = 3;

/** Every text in the sources, a template without what a run fills in: errors, hints, progress and log lines. */
export function sourceTexts(): Text[] {
	return everyNode(ts.isStringLiteralLike)
		.map((node) => ({ node, text: node.text }))
		.concat(
			everyNode(ts.isTemplateExpression).map((node) => ({
				node: node as unknown as ts.StringLiteralLike,
				text: [node.head, ...node.templateSpans.map(({ literal }) => literal)]
					.map(({ text }) => text)
					.join(UNKNOWN),
			})),
		)
		.filter(({ text }) => text.split(' ').length >= LEAST_WORDS && /[A-Za-z]{2}/.test(text))
		.map(({ node, text }) => ({ where: node.getSourceFile().fileName, text }));
}
