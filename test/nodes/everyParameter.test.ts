/**
 * Every parameter of every operation, with what an expression gives that no user has typed: each is told for
 * its own item, by name, and nothing is sent. A new parameter that is read in another way fails here.
 */
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { operations as boxOperations } from '../../nodes/BoxUpload/operations';
import { withCloudSources } from '../../nodes/cloudSources/description';
import { operations as dropboxOperations } from '../../nodes/DropboxUpload/operations';
import type { ItemSpec } from '../engine/types';
import { fieldsOf } from '../support/fields';
import { useRig } from '../support/rig';
import { errorsOf } from './upload/uploads';

const rig = useRig();
beforeEach(async () => {
	await rig().connectSource('dropbox');
	await rig().connectSource('box');
});

/** `none` is undefined: the item does not have it. */
const KINDS: Readonly<Record<string, IDataObject[string]>> = {
	none: undefined,
	nothing: null,
	object: { a: 1 },
	list: ['x'],
	yes: true,
	nan: undefined,
	half: undefined,
};

/** What is no mistake. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
	// An item that has not failed before has nothing to resume.
	resumeFrom: ['none', 'nothing'],
	// Without it a failure does not name its file.
	submitted: ['none', 'nothing'],
	// An entry of the list is told as input/parts.
	partsJson: ['list'],
};

/** Where the default is an expression, or nothing that can be read. */
const BASE: INodeParameters = {
	sessionId: 'S1',
	offset: 0,
	path: '/a.txt',
	file: '/a.txt',
	asyncJobId: 'job',
	url: 'https://files.example/a.pdf',
	dropboxFile: '/a.txt',
	dropboxFolder: '/a',
	fileId: '1',
	boxFile: '1',
	boxFolder: '1',
	'options.submitted': '',
};

const RAW_JAVASCRIPT = /malformed|undefined|Cannot read|is not a function|\[object|NaN|TypeError/;

interface Parameter {
	/** E.g. `options.mute`. */
	readonly at: string;
	readonly property: INodeProperties;
}

function parametersOf(properties: readonly INodeProperties[]): Parameter[] {
	return properties
		.filter(({ type }) => type !== 'notice')
		.flatMap((property) =>
			property.type === 'collection'
				? fieldsOf(property).map((field) => ({
						at: `${property.name}.${field.name}`,
						property: field,
					}))
				: [{ at: property.name, property }],
		);
}

/** The hostile value for items that are about this parameter, and a fine one for all others. */
function expressionFor({ at, property }: Parameter): string {
	const fine = JSON.stringify(BASE[at] ?? property.default);
	const half = '"a" + String.fromCharCode(55357)';
	const value = `($json.kind === "nan" ? NaN : $json.kind === "half" ? ${half} : $json.v)`;
	return `={{ $json.at === "${at}" ? ${value} : ($json.base["${at}"] ?? (${fine})) }}`;
}

function nested(parameters: readonly Parameter[]): INodeParameters {
	const plain: INodeParameters = {};
	const collections: Record<string, INodeParameters> = {};
	for (const parameter of parameters) {
		const [name = '', field] = parameter.at.split('.');
		if (field === undefined) plain[name] = expressionFor(parameter);
		else (collections[name] ??= {})[field] = expressionFor(parameter);
	}
	return { ...plain, ...collections };
}

/** What makes n8n show the parameter. */
function baseFor({ at, property }: Parameter): IDataObject {
	const [collection, field] = at.split('.');
	const prefix = field === undefined ? '' : `${collection}.`;
	return Object.fromEntries(
		Object.entries(property.displayOptions?.show ?? {}).map(([name, values]) => [
			// A parameter of the node, not one beside it.
			name.startsWith('/') ? name.slice(1) : prefix + name,
			(values as unknown[])[0],
		]),
	) as IDataObject;
}

interface Case {
	readonly parameter: string;
	readonly item: ItemSpec;
}

function casesOf(parameters: readonly Parameter[]): Case[] {
	return parameters.flatMap((parameter) =>
		Object.entries(KINDS)
			.filter(([kind]) => {
				const { name, type } = parameter.property;
				if (type === 'boolean' && kind === 'yes') return false;
				return !ALLOWED[name]?.includes(kind);
			})
			.map(([kind, v]) => ({
				parameter: parameter.property.name,
				item: {
					json: { at: parameter.at, kind, v, base: baseFor(parameter) },
					binary: { data: { base64: 'aGVsbG8=', fileName: 'a.txt' } },
				},
			})),
	);
}

describe.each([
	['Dropbox', withCloudSources(dropboxOperations)],
	['Box', withCloudSources(boxOperations)],
] as const)('%s', (vendor, operations) => {
	const send = vendor === 'Dropbox' ? 'dropbox' : 'box';

	it.each(
		operations.map(({ resource, value, properties }) => [resource, value, properties] as const),
	)('%s %s', async (resource, operation, properties) => {
		const parameters = parametersOf(properties);
		const cases = casesOf(parameters);
		const result = await rig()[send]({
			resource,
			operation,
			parameters: nested(parameters),
			items: cases.map(({ item }) => item),
			onError: 'continueRegularOutput',
		});
		expect(result.status).toBe('success');
		const told = errorsOf(result).map((error) => error?.path);
		const label = (index: number) => `${JSON.stringify(cases[index]?.item.json)}: `;
		expect(told.map((path, index) => label(index) + path)).toEqual(
			cases.map(({ parameter }, index) => `${label(index)}input/${parameter}`),
		);
		for (const error of errorsOf(result)) {
			expect(error).toMatchObject({ class: 'input', stored: 'no', retryable: false });
			expect(error!.message).not.toMatch(RAW_JAVASCRIPT);
		}
		expect(rig().cloud.log).toEqual([]);
	});
});
