/** The recipes of the README as steps for a program: a sentence that it doesn't understand is an error. */
import type {
	IDataObject,
	INode,
	INodeParameters,
	INodeProperties,
	INodeTypeDescription,
} from 'n8n-workflow';

import { readPage } from '../docs/markdown';
import { byPath } from './destination';
import type { ExportedWorkflow } from './exampleWorkflow';
import { listOf, readExample } from './exampleWorkflow';
import { choicesOf, fieldsOf } from './fields';

export interface Recipe {
	readonly title: string;
	/** The example that it begins with. */
	readonly file: string;
	/** What is done. A step may begin with the name of its node. */
	readonly steps: readonly string[];
	/** What is said beside the steps. */
	readonly remarks: string;
}

/** What a person brings along; the README can't know it. */
export interface Belongings {
	readonly file: string;
	readonly folder: string;
	readonly fileId: string;
	readonly sessions: readonly IDataObject[];
	readonly storedPaths: readonly string[];
}

/** The folder in Dropbox or Box, which doesn't exist yet. */
export const NEW_FOLDER = '/Chosen by me';

/** How the workflow is started. */
export type Start = 'by hand' | 'published';

const IMPORTED = /\[[^\]]+\]\(examples\/([^)]+)\)/g;

/** Each recipe of the page, with one example each, and each "instead" as a recipe of its own. */
export function readmeRecipes(): Recipe[] {
	const chapter = /^## Recipes$([\s\S]*?)^## /m.exec(readPage('README.md').text)![1]!;
	return chapter
		.split(/^### /m)
		.slice(1)
		.flatMap((section) => {
			const [title = '', ...paragraphs] = section.split(/\n+(?=\n)|\n(?=\d+\. )/).map(oneLine);
			const imports = paragraphs.find((text) => /^(?:.*\. )?Import \[/.test(text)) ?? '';
			const steps = paragraphs.filter((text) => /^\d+\. /.test(text));
			const remarks = paragraphs.filter((text) => !steps.includes(text));
			const variants = remarks.filter((text) => /\binstead, set \*|, set \*Output\*/.test(text));
			const files = [...imports.matchAll(IMPORTED)].map(([, file]) => file!);
			const database = remarks.filter((text) => text.startsWith('For a database, import ['));
			return [
				...files.flatMap((file) => {
					const recipe = recipeOf(title, file, steps, remarks);
					return [recipe, ...variants.map((variant) => varied(recipe, variant))];
				}),
				...database.map((text) => shortRecipe(text)),
			];
		});
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ');

function recipeOf(title: string, file: string, steps: string[], remarks: string[]): Recipe {
	const isBox = file.startsWith('box-');
	const of = (text: string) => forVendor(text, isBox);
	const numberless = steps.map((step) => of(step.replace(/^\d+\. /, '')));
	return { title: `${title} (${file})`, file, steps: numberless, remarks: of(remarks.join('\n')) };
}

/** One in a sentence: what to import, and what to change in it. */
function shortRecipe(text: string): Recipe {
	const [first = '', ...others] = text.split(SENTENCE_END);
	const [[, file = ''] = []] = [...first.matchAll(IMPORTED)];
	const steps = [first, 'Choose *Execute workflow*.'];
	return { title: `A database (${file})`, file, steps, remarks: others.join(' ') };
}

const SENTENCE_END = /(?<=\.) (?=[A-Z*])/;

/** `**Upload Files** (Box: **Upload File**)` is one of the two. */
function forVendor(text: string, isBox: boolean): string {
	return text.replace(/(\*+[^*]+\*+) \(Box: (\*+[^*]+\*+)\)/g, isBox ? '$2' : '$1');
}

/** The first sentence of a remark that says what to set in place of what the steps say, or beside it. */
function varied(recipe: Recipe, remark: string): Recipe {
	const [first = '', ...others] = remark.split(SENTENCE_END);
	const said = [first, ...others.filter((sentence) => sentence.startsWith('Set '))].join(' ');
	const before = recipe.steps.findIndex((step) => step.includes('*Execute workflow*'));
	const steps = [...recipe.steps.slice(0, before), said, ...recipe.steps.slice(before)];
	return { ...recipe, title: `${recipe.title}: ${first}`, steps, remarks: '' };
}

/** Somebody who does what a recipe says. */
export class Reader {
	readonly workflow: ExportedWorkflow;

	private readonly changed: Record<string, INodeParameters> = {};

	/** The node whose name a step began with. */
	private node = '';

	constructor(
		private readonly recipe: Recipe,
		private readonly mine: Belongings,
		private readonly descriptions: readonly INodeTypeDescription[],
		private readonly run: (
			start: Start,
			parameters: Record<string, INodeParameters>,
		) => Promise<void>,
	) {
		this.workflow = readExample(recipe.file);
	}

	async follow(): Promise<void> {
		for (const step of this.recipe.steps) {
			const [, node, rest = step] = /^\*\*([^*]+)\*\*:? (.*)$/.exec(step) ?? [];
			this.node = node ?? this.ours();
			for (const sentence of rest.split(SENTENCE_END)) await this.obey(sentence);
		}
		this.node = this.ours();
		for (const [, label, value] of this.recipe.remarks.matchAll(CLAIM)) this.expect(label!, value!);
	}

	private async obey(sentence: string): Promise<void> {
		for (const [pattern, act] of SENTENCES) {
			const match = pattern.exec(sentence);
			if (match) return await act(this, match.slice(1));
		}
		throw new Error(`${this.recipe.title}: nobody can follow "${sentence}"`);
	}

	/** Types a list into Edit Fields. */
	enterList(list: readonly unknown[]): void {
		const { parameters } = this.found();
		const { assignments } = parameters.assignments as { assignments: Array<{ name: string }> };
		this.change(listOf(assignments[0]!.name, list));
	}

	set(label: string, value: string): void {
		const { field, isOption } = this.labelled(label);
		const choice = choicesOf(field).find(({ name }) => name === value)?.value;
		const given = field.type === 'resourceLocator' ? byPath(value) : (choice ?? value);
		if (field.type === 'options' && choice === undefined) throw new Error(`no choice ${value}`);
		const { options } = this.parameters();
		const inner = { ...(options as INodeParameters | undefined), [field.name]: given };
		this.change(isOption ? { options: inner } : { [field.name]: given });
	}

	/** What the example has already. */
	expect(label: string, value: string): void {
		const { field, isOption } = this.labelled(label);
		const { options } = this.parameters();
		const has = (isOption ? (options as INodeParameters) : this.parameters())[field.name];
		const choice = choicesOf(field).find(({ name }) => name === value)?.value;
		const wanted = field.type === 'boolean' ? value === 'on' : (choice ?? value);
		if (has !== wanted) throw new Error(`${label} is ${JSON.stringify(has)} and not ${value}`);
	}

	goTo(node: string): void {
		this.node = node;
	}

	requireTrigger(): void {
		if (!/trigger$/i.test(this.found().type))
			throw new Error(`${this.node} doesn't start anything`);
	}

	requireOurs(): void {
		if (!isOurs(this.found())) throw new Error(`${this.node} has no credential`);
	}

	requireField(label: string): void {
		this.labelled(label);
	}

	async start(start: Start): Promise<void> {
		await this.run(start, this.changed);
	}

	get belongings(): Belongings {
		return this.mine;
	}

	parameters(): INodeParameters {
		const { name, parameters } = this.found();
		return { ...parameters, ...this.changed[name] };
	}

	change(parameters: INodeParameters): void {
		const { name } = this.found();
		this.changed[name] = { ...this.parameters(), ...parameters };
	}

	private ours(): string {
		return this.workflow.nodes.find(isOurs)!.name;
	}

	private found(): INode {
		const node = this.workflow.nodes.find(({ name }) => name === this.node);
		if (!node) throw new Error(`${this.recipe.file} has no ${this.node}`);
		return node;
	}

	private labelled(label: string): { field: INodeProperties; isOption: boolean } {
		const { type } = this.found();
		const { properties } = this.descriptions.find(({ name }) => name === type)!;
		const options = properties.filter(({ name }) => name === 'options').flatMap(fieldsOf);
		const field = [...properties, ...options].find(({ displayName }) => displayName === label);
		if (!field) throw new Error(`${this.node} in ${this.recipe.file} has no field ${label}`);
		return { field, isOption: options.includes(field) };
	}
}

const isOurs = ({ type }: INode) => type.startsWith('n8n-nodes-upload-sessions.');

/** `*Skip Unchanged* is on`, `*If File Exists* is set to *Rename*` */
const CLAIM = /\*([A-Z][^*]+)\* is (?:set to )?[*`]?(on|off|[A-Z][\w ]+?)(?:[*`]|\b(?=[.,)]))/g;

type Act = (reader: Reader, said: string[]) => void | Promise<void>;

/** All that a recipe can say. */
const SENTENCES: ReadonlyArray<readonly [RegExp, Act]> = [
	[
		/^enter the full path of your file\.$/,
		(reader) => reader.change({ fileSelector: reader.belongings.file }),
	],
	[
		/^enter the full path of your folder, followed by `([^`]+)` for all folders in it\.$/,
		(reader, [pattern]) => reader.change({ fileSelector: `${reader.belongings.folder}${pattern}` }),
	],
	[
		/^change \*([^*]+)\*(?:, (?:the folder|where the files go) in \w+)?\.$/,
		(reader, [label]) => reader.set(label!, NEW_FOLDER),
	],
	[
		/^[Ss]et \*([^*]+)\* to the path of your folder without `\/\*\*\/\*`\.$/,
		(reader, [label]) => reader.set(label!, reader.belongings.folder),
	],
	[/^[Ss]et \*([^*]+)\* to \*([^*]+)\*\.$/, (reader, [label, value]) => reader.set(label!, value!)],
	[
		/^To find the file by its name instead, set \*([^*]+)\* to \*([^*]+)\* and change \*([^*]+)\*\.$/,
		(reader, [label, value, folder]) => {
			reader.set(label!, value!);
			reader.set(folder!, '/');
		},
	],
	[
		/^For a database, import \[[^\]]+\]\([^)]+\), and change \*\*([^*]+)\*\* and \*\*([^*]+)\*\*\.$/,
		(reader, [read, upload]) => {
			reader.goTo(read!);
			reader.change({ fileSelector: reader.belongings.file });
			reader.goTo(upload!);
			reader.set('Parent Folder', NEW_FOLDER);
		},
	],
	[
		/^For one message about each night, set \*([^*]+)\* to \*([^*]+)\*, or begin with \[/,
		(reader, [label, value]) => reader.set(label!, value!),
	],
	[
		/^\*([^*]+)\* is [*`]([^*`]+)[*`](?:, the name of the form's field)?\.$/,
		(reader, [label, value]) => reader.expect(label!, value!),
	],
	[
		/^Put the ID of the file into \*([^*]+)\*; it is the number at the end of the file's URL in Box\.$/,
		(reader, [label]) => reader.set(label!, reader.belongings.fileId),
	],
	[/^enter the list\.$/, (reader) => reader.enterList(reader.belongings.sessions)],
	[
		/^Each entry needs `(\w+)`, `(\w+)` \(the size of the file in bytes\) and `(\w+)`\.$/,
		(reader, keys) =>
			reader.enterList(
				reader.belongings.sessions.map((session) =>
					Object.fromEntries(keys.map((key) => [key, session[key]])),
				),
			),
	],
	[
		/^select the credential of the account that opened the sessions\.$/,
		(reader) => reader.requireOurs(),
	],
	[
		/^enter the paths of your files, as Dropbox shows them\.$/,
		(reader) => reader.enterList(reader.belongings.storedPaths),
	],
	[
		/^enter the path of a single file\.$/,
		(reader) => reader.set('File', reader.belongings.storedPaths[0]!),
	],
	[/^is the form\.$/, (reader) => reader.requireTrigger()],
	[
		/^Anyone with the URL can send files: turn on authentication in the form, or keep the URL private\.$/,
		(reader) => reader.requireField('Authentication'),
	],
	[/^Choose \*Execute workflow\*(?: to try it)?\.$/, (reader) => reader.start('by hand')],
	[
		/^choose the time, then choose \*Publish\*\.$/,
		async (reader) => {
			reader.requireTrigger();
			reader.change({ rule: { interval: [{ triggerAtHour: 3 }] } });
			await reader.start('published');
		},
	],
	[
		/^Choose \*Publish\*, and give people the \*Production URL\* of \*\*([^*]+)\*\*\.$/,
		async (reader, [form]) => {
			reader.goTo(form!);
			reader.requireTrigger();
			await reader.start('published');
		},
	],
];
