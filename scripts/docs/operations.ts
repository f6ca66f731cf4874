/** Every operation of a built node with its parameters, as the node describes them to n8n. */
import { isDeepStrictEqual } from 'node:util';

import type {
	INodeProperties,
	INodePropertyOptions,
	INodeTypeDescription,
	NodeParameterValueType,
} from 'n8n-workflow';

import { choicesOf, fieldsOf } from '../../test/support/fields';
import { textTable } from '../../test/support/page';
import { optionGroups } from './optionGroups';

const HEAD = ['Parameter', 'Default', 'What it does'];

/** Names of other parameters, for conditions. */
type Labels = ReadonlyMap<string, INodeProperties>;

export function operationsOf({ properties }: INodeTypeDescription): string {
	const operations = listedOperations(properties);
	const shown = operations.map(({ key }) => shownFor(properties, key));
	const optionsOf = shown.map((fields) => collectionOf(fields, 'options'));
	const common = optionsOf[0]!.filter((option) =>
		optionsOf.every((options) => options.some((other) => isDeepStrictEqual(other, option))),
	);
	const always = properties.filter(
		({ name, displayOptions }) => name !== 'resource' && displayOptions === undefined,
	);
	const sections = operations.map((operation, index) => {
		const own = optionsOf[index]!.filter(
			(option) => !common.some((shared) => isDeepStrictEqual(shared, option)),
		);
		return section(operation, shown[index]!, own);
	});
	return [...sections, '### Options of every operation', '', tableOf([...always, ...common])].join(
		'\n',
	);
}

function section(
	{ title, resource, description }: ListedOperation,
	fields: readonly INodeProperties[],
	options: readonly INodeProperties[],
): string {
	const collections = fields.filter(
		({ type, name }) => type === 'collection' && name !== 'options',
	);
	const plain = fields.filter(({ type }) => type !== 'collection' && type !== 'notice');
	const notices = fields.filter(({ type }) => type === 'notice');
	return [
		`### ${title}`,
		'',
		`Resource *${resource}*. ${sentence(description)}`,
		'',
		...notices.flatMap(({ displayName }) => [displayName, '']),
		tableOf(plain),
		'',
		...collections.flatMap(({ displayName, name }) => [
			`${displayName}:`,
			'',
			tableOf(collectionOf(fields, name), plain),
			'',
		]),
		...optionGroups(options).flatMap((group) => [
			`${group.title}:`,
			'',
			tableOf(group.options, plain),
			'',
		]),
	].join('\n');
}

/** `ofNode`: the parameters beside a collection, which its fields name as `/source`. */
function tableOf(
	fields: readonly INodeProperties[],
	ofNode: readonly INodeProperties[] = [],
): string {
	const labels: Labels = new Map([
		...fields.map((field) => [field.name, field] as const),
		...ofNode.map((field) => [`/${field.name}`, field] as const),
	]);
	return textTable(
		HEAD,
		fields.map((field) => [
			`**${field.displayName}**\n\`${field.name}\``,
			defaultOf(field),
			[
				...conditionsOf(field, labels),
				`${sentence(field.description ?? '')}${limitsOf(field)}`,
				...choicesOf(field).map(choiceLine),
				...(field.modes ?? []).map(({ displayName, hint }) =>
					hint === undefined ? `• *${displayName}*` : `• *${displayName}*: ${sentence(hint)}`,
				),
			].join('\n'),
		]),
	);
}

function choiceLine({ name, description }: INodePropertyOptions): string {
	return `• *${name}*${description === undefined ? '' : `: ${sentence(description)}`}`;
}

/** With what other choice n8n shows the field. */
function conditionsOf({ displayOptions, required }: INodeProperties, labels: Labels): string[] {
	const { hide = {}, show = {} } = displayOptions ?? {};
	const conditions = (conditional: typeof show, verb: string): string[] =>
		Object.entries(conditional).flatMap(([name, values]) => {
			const field = labels.get(name);
			if (field === undefined) return [];
			const chosen = ((values ?? []) as NodeParameterValueType[]).map((value) =>
				valueText(field, value),
			);
			return [`${verb} ${field.displayName}: ${chosen.join(' or ')}.`];
		});
	const lines = [...conditions(show, 'With'), ...conditions(hide, 'Not with')];
	return [...(required ? ['Required.'] : []), ...lines].map((line) => `*${line}*`);
}

function limitsOf({ typeOptions }: INodeProperties): string {
	const { minValue, maxValue } = typeOptions ?? {};
	if (minValue === undefined) return '';
	const from = minValue.toLocaleString('en-US');
	return maxValue === undefined
		? ` From ${from}.`
		: ` From ${from} to ${maxValue.toLocaleString('en-US')}.`;
}

function defaultOf(field: INodeProperties): string {
	const { default: value, type } = field;
	if (type === 'resourceLocator') return String((value as { value: string }).value);
	return Array.isArray(value) || value === '' ? '' : valueText(field, value);
}

function valueText(field: INodeProperties, value: NodeParameterValueType): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (typeof value === 'number') return value.toLocaleString('en-US');
	const choice = choicesOf(field).find((entry) => entry.value === value);
	if (choice !== undefined) return choice.name;
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	// An expression, which the editor shows without the sign that makes it one.
	return `\`${text.replace(/^=/, '')}\``;
}

function sentence(text: string): string {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}

function collectionOf(fields: readonly INodeProperties[], collection: string): INodeProperties[] {
	const found = fields.find(({ name }) => name === collection);
	return found ? fieldsOf(found) : [];
}

interface ListedOperation {
	readonly key: readonly [resource: string, operation: string];
	readonly title: string;
	readonly resource: string;
	readonly description: string;
}

/** In the order of the lists, the node's default resource first. */
function listedOperations(properties: readonly INodeProperties[]): ListedOperation[] {
	const resources = properties.find(({ name }) => name === 'resource')!;
	const ordered = [...choicesOf(resources)].sort(
		(a, b) => Number(b.value === resources.default) - Number(a.value === resources.default),
	);
	return ordered.flatMap(({ name: resourceName, value: resource }) => {
		const list = properties.find(
			({ name, displayOptions }) =>
				name === 'operation' && displayOptions?.show?.resource?.includes(resource),
		);
		return choicesOf(list!).map(({ name, value, description = '' }) => ({
			key: [String(resource), String(value)] as const,
			title: name,
			resource: resourceName,
			description,
		}));
	});
}

/** Without the condition that makes it the operation's own. */
function shownFor(
	properties: readonly INodeProperties[],
	[resource, operation]: ListedOperation['key'],
): INodeProperties[] {
	return properties.filter(
		({ displayOptions }) =>
			// What an agent gets in place of another one stands in docs/uploads.md.
			displayOptions?.show?.['@tool'] === undefined &&
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(operation),
	);
}
