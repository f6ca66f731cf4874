/** What people read in the editor, in the package as it is built. */
import type {
	ICredentialType,
	INode,
	INodeProperties,
	INodePropertyMode,
	INodePropertyModeValidation,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { assertFreshBuild, repositoryDir } from '../support/freshBuild';

interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
}

/** Fields that need no more words than n8n and their own name have for them. */
const KNOWN_TO_ALL: ReadonlySet<string> = new Set(['resource', 'operation']);

/** An example of a password would be a password that somebody uses. */
const WITHOUT_EXAMPLE: ReadonlySet<string> = new Set(['linkPassword', 'sourceLinkPassword']);

/** Names that are written with a capital letter wherever they stand. */
const PROPER_NAMES: ReadonlySet<string> = new Set(['Box', 'Dropbox']);

function built<T>(file: string): T {
	const className = path.basename(file).split('.')[0] ?? '';
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const module = require(path.join(repositoryDir, file)) as Record<string, new () => T>;
	const Class = module[className];
	if (Class === undefined) throw new Error(`${file} has no ${className}`);
	return new Class();
}

interface Field extends INodeProperties {
	/** Where it is, for the message. */
	readonly where: string;
}

function fieldsOf(owner: string, properties: readonly INodeProperties[]): Field[] {
	return properties
		.filter(({ type }) => type !== 'hidden' && type !== 'notice')
		.flatMap((property) => {
			const shownIn = (property.displayOptions?.show?.operation ?? []).map(String).join(' ');
			const where = [owner, shownIn, property.name].filter((part) => part !== '').join(' > ');
			const inner = property.type === 'collection' ? property.options : [];
			return [{ ...property, where }, ...fieldsOf(where, inner as INodeProperties[])];
		});
}

const choicesOf = ({ type, options = [] }: INodeProperties): INodePropertyOptions[] =>
	type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];

const where = (fields: readonly Field[]): string[] => fields.map((field) => field.where);

let manifest: Manifest;
let nodes: INodeTypeDescription[] = [];
let fields: Field[] = [];

beforeAll(() => {
	assertFreshBuild();
	manifest = JSON.parse(readFileSync(path.join(repositoryDir, 'package.json'), 'utf8')) as Manifest;
	nodes = manifest.n8n.nodes.map((file) => built<INodeType>(file).description);
	const credentials = manifest.n8n.credentials.map((file) => built<ICredentialType>(file));
	fields = [...nodes, ...credentials].flatMap(({ name, properties }) => fieldsOf(name, properties));
	expect(fields.length).toBeGreaterThan(100);
});

describe('every field', () => {
	it('says what it is for', () => {
		const silent = fields
			.filter(({ name, type }) => !KNOWN_TO_ALL.has(name) && type !== 'collection')
			.filter(({ description = '' }) => description.length < 20);
		expect(where(silent)).toEqual([]);
	});

	it('in which something is typed shows an example, or holds the usual value', () => {
		const typed = fields.filter(({ type }) => type === 'string' || type === 'json');
		const bare = typed.filter(
			({ name, placeholder = '', default: value }) =>
				placeholder === '' && value === '' && !WITHOUT_EXAMPLE.has(name),
		);
		const notCalledExample = typed.filter(
			({ placeholder = '' }) => placeholder !== '' && !placeholder.startsWith('e.g. '),
		);
		expect(where(bare)).toEqual([]);
		expect(where(notCalledExample)).toEqual([]);
	});

	it('has a default that it offers itself', () => {
		const odd = fields.filter((field) => {
			const { type, default: value, typeOptions: { minValue = -Infinity, maxValue } = {} } = field;
			if (type === 'options') return choicesOf(field).every((choice) => choice.value !== value);
			if (type === 'boolean') return typeof value !== 'boolean';
			if (type !== 'number' || typeof value === 'string') return false;
			return !(Number(value) >= minValue && Number(value) <= (maxValue ?? Infinity));
		});
		expect(where(odd)).toEqual([]);
	});

	it('ends its description like all others: one sentence without a full stop, several with one', () => {
		const odd = fields.filter(({ description = '' }) => {
			const sentences = description.replace(/e\.g\. /g, '').split(/\. (?=['A-Z0-9])/).length;
			return description !== '' && description.endsWith('.') !== sentences > 1;
		});
		expect(where(odd)).toEqual([]);
	});
});

describe('every choice', () => {
	it('says what it means, and differs from the others', () => {
		for (const field of fields.filter(({ name }) => name !== 'resource')) {
			const choices = choicesOf(field);
			const bare = choices.filter(({ description = '' }) => description === '');
			expect({ where: field.where, bare }).toEqual({ where: field.where, bare: [] });
			expect(new Set(choices.map(({ name }) => name)).size).toBe(choices.length);
		}
	});
});

type Rule = NonNullable<INodePropertyMode['validation']>[number];

function remedyOf(rule: Rule): string {
	const { errorMessage } = (rule as INodePropertyModeValidation).properties as {
		errorMessage?: string;
	};
	return errorMessage ?? '';
}

describe('every way to name a folder', () => {
	it('shows an example, and says how a mistake is mended', () => {
		const locators = fields.filter(({ type }) => type === 'resourceLocator');
		expect(locators.length).toBeGreaterThan(2);
		for (const { modes = [], where: place } of locators) {
			for (const { displayName, placeholder = '', validation = [] } of modes) {
				expect([place, displayName, placeholder]).not.toContain('');
				for (const rule of validation) {
					expect(remedyOf(rule)).toMatch(/^[A-Z].{10,}/);
				}
			}
		}
	});
});

describe('every link to the documentation', () => {
	it('leads to a heading of the README', () => {
		const read = (file: string) => readFileSync(path.join(repositoryDir, file), 'utf8');
		const headings = [...read('README.md').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
			heading.toLowerCase().replaceAll(' ', '-'),
		);
		const pages = [
			...manifest.n8n.nodes.map((file) => read(file.replace(/\.js$/, '.json'))),
			...manifest.n8n.credentials.map((file) => read(file)),
		];
		const anchors = pages.flatMap((page) =>
			[...page.matchAll(/https:[^"'\s]*upload-sessions#([a-z-]+)/g)].map(([, anchor]) => anchor),
		);
		expect(anchors.length).toBeGreaterThan(4);
		const known = new Set([...headings, 'readme']);
		expect(anchors.filter((anchor) => !known.has(anchor ?? ''))).toEqual([]);
	});
});

describe('the uploads of both nodes', () => {
	const orderOf = ({ properties }: INodeTypeDescription): string[] =>
		properties
			.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes('upload'))
			.map(({ displayName }) => displayName.replace('Parent Folder', 'Folder'));

	it('have the fields that they share in the same order', () => {
		const [dropbox = [], box = []] = nodes.map(orderOf);
		const shared = dropbox.filter((name) => box.includes(name));
		expect(shared.length).toBeGreaterThan(8);
		expect(box.filter((name) => dropbox.includes(name))).toEqual(shared);
	});
});

describe('every operation', () => {
	it('has an action line in sentence case, of its own', () => {
		const actions = nodes.flatMap(({ properties }) =>
			properties
				.filter(({ name }) => name === 'operation')
				.flatMap((list) => choicesOf(list).map(({ action = '' }) => action)),
		);
		expect(actions.length).toBeGreaterThan(14);
		expect(new Set(actions).size).toBe(actions.length);
		for (const action of actions) {
			const [first = '', ...others] = action.split(' ');
			expect(first).toMatch(/^[A-Z][a-z]+$/);
			const capitalized = others.filter((word) => word !== word.toLowerCase());
			expect(capitalized.filter((word) => !PROPER_NAMES.has(word))).toEqual([]);
			expect(others.length).toBeGreaterThan(0);
		}
	});
});

describe('every operation as a tool', () => {
	/** What n8n tells an agent's model of a tool whose description is set automatically. */
	const toldOf = (description: INodeTypeDescription): string[] =>
		description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap((list) =>
				choicesOf(list).map(({ value: operation }) => {
					const [resource] = list.displayOptions?.show?.resource ?? [];
					const node = { parameters: { descriptionType: 'auto', resource, operation } };
					return NodeHelpers.getToolDescriptionForNode(node as unknown as INode, { description });
				}),
			);

	it('tells a model what it does, and with which service', () => {
		const told = nodes.map((description) => ({
			name: description.name,
			told: toldOf(description),
		}));
		expect(told).toEqual([
			{
				name: 'dropboxUpload',
				told: [
					'Upload files in Dropbox Upload',
					'Get many shared files in Dropbox Upload',
					'Get sharing metadata of file in Dropbox Upload',
					'Get shared link to file in Dropbox Upload',
					'Check batch job in Dropbox Upload',
					'Finish upload batch in Dropbox Upload',
					'Append data to upload session in Dropbox Upload',
					'Finish upload session in Dropbox Upload',
					'Start upload session in Dropbox Upload',
				],
			},
			{
				name: 'boxUpload',
				told: [
					'Upload file in Box Upload',
					'Abort upload session in Box Upload',
					'Commit Box session in Box Upload',
					'Create upload session in Box Upload',
					'Get upload session in Box Upload',
					'List parts of upload session in Box Upload',
					'Plan upload session in Box Upload',
					'Upload part of file in Box Upload',
				],
			},
		]);
	});
});
