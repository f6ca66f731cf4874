/** Both nodes as n8n sees them, and whether what they show is what they read. */
import type { IExecuteFunctions, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { BoxUpload } from '../../nodes/BoxUpload/BoxUpload.node';
import { operations as ownBoxOperations } from '../../nodes/BoxUpload/operations';
import { createRun as createBoxRun } from '../../nodes/BoxUpload/run';
import { DropboxUpload } from '../../nodes/DropboxUpload/DropboxUpload.node';
import { operations as ownDropboxOperations } from '../../nodes/DropboxUpload/operations';
import { cloudSources } from '../../nodes/cloudSources/cloudSources';
import { withCloudSources } from '../../nodes/cloudSources/description';
import { resultsOf } from '../../nodes/shared/operation/executeNode';
import { createRun as createDropboxRun } from '../../nodes/DropboxUpload/run';
import { startEngine } from '../engine';
import { choicesOf, everyField, fieldsOf } from '../support/fields';
import { assertFreshBuild, repositoryDir } from '../support/freshBuild';
import { watchedContext } from '../support/watchedContext';

const dropboxOperations = withCloudSources(ownDropboxOperations);
const boxOperations = withCloudSources(ownBoxOperations);

const dropboxConnection = ['maxRetries', 'namespaceId', 'root', 'selectAdmin', 'selectUser'];
const dropboxCommit = [
	'autorename',
	'clientModified',
	'mode',
	'mute',
	'propertyGroups',
	'rev',
	'strictConflict',
];
const boxConnection = ['asUser', 'maxRetries'];

/** Saved workflows hold these names: none may ever change or go away. */
const promised: Record<string, Record<string, Record<string, string[]>>> = {
	dropboxUpload: {
		'uploadSession start': {
			parameters: ['binaryPropertyName'],
			options: [...dropboxConnection, 'closeSession', 'sessionType'],
		},
		'uploadSession append': {
			parameters: ['binaryPropertyName', 'offset', 'sessionId'],
			options: [...dropboxConnection, 'closeSession', 'partSizeMib'],
		},
		'uploadSession finish': {
			parameters: ['binaryPropertyName', 'offset', 'path', 'sessionId', 'simplify'],
			options: [...dropboxConnection, ...dropboxCommit],
		},
		'uploadBatch finishBatch': {
			parameters: ['offset', 'path', 'sessionId', 'simplify'],
			options: [
				...dropboxConnection,
				...dropboxCommit,
				'commitMethod',
				'deadlineMinutes',
				'waitForJob',
			],
		},
		'uploadBatch checkJob': {
			parameters: ['asyncJobId', 'simplify'],
			options: [...dropboxConnection, 'deadlineMinutes', 'submitted', 'waitForJob'],
		},
		'sharedFile get': {
			parameters: ['file', 'simplify'],
			options: [...dropboxConnection, 'actions'],
		},
		'sharedFile getLink': {
			parameters: ['file', 'simplify'],
			options: [...dropboxConnection, 'linkAudience', 'linkExpires', 'linkPassword'],
		},
		'sharedFile getMany': {
			parameters: ['file', 'simplify'],
			options: [...dropboxConnection, 'actions'],
		},
	},
	boxUpload: {
		'file upload': {
			parameters: [
				...['binaryPropertyName', 'boxFile', 'boxFolder', 'dropboxFile', 'dropboxFolder'],
				...['fileId', 'fileName', 'ifExists', 'parentFolderId', 'simplify'],
				...['skipUnchanged', 'source', 'uploadAs', 'url'],
			],
			attributes: ['contentCreatedAt', 'contentModifiedAt', 'description'],
			options: [
				...boxConnection,
				'checkFirst',
				'compareContent',
				'deadlineMinutes',
				'ifMatch',
				'keepFoldersBelow',
				'linkAudience',
				'linkExpires',
				'linkPassword',
				'memoryLimitMib',
				'output',
				'parallel',
				'planOnly',
				'resume',
				'resumeFolder',
				'resumeFrom',
				'sharedLink',
				'skipParts',
				'sourceLinkPassword',
			],
		},
		'uploadSession create': {
			parameters: ['binaryPropertyName', 'fileId', 'fileName', 'parentFolderId', 'uploadAs'],
			options: [...boxConnection, 'fileSize'],
		},
		'uploadSession get': { parameters: ['sessionId'], options: boxConnection },
		'uploadSession uploadPart': {
			parameters: ['binaryPropertyName', 'offset', 'sessionId'],
			options: [...boxConnection, 'fileSize'],
		},
		'uploadSession listParts': { parameters: ['sessionId'], options: boxConnection },
		'uploadSession plan': {
			parameters: ['binaryPropertyName', 'sessionId'],
			options: boxConnection,
		},
		'uploadSession commit': {
			parameters: ['binaryPropertyName', 'sessionId', 'simplify'],
			attributes: ['contentCreatedAt', 'contentModifiedAt', 'description'],
			options: [
				...boxConnection,
				'deadlineMinutes',
				'digest',
				'ifMatch',
				'ifNoneMatch',
				'partsFrom',
				'partsJson',
			],
		},
		'uploadSession abort': { parameters: ['sessionId'], options: boxConnection },
	},
};

/** Names that stand in the docs and in the product owner's own words. */
const promisedLabels: Record<string, Record<string, string>> = {
	dropboxUpload: {
		'uploadBatch finishBatch': 'Finish Upload Batch',
		'uploadBatch checkJob': 'Check Batch Job',
		'sharedFile get': 'Get Shared File Metadata',
	},
	boxUpload: { 'file upload': 'Upload File', 'uploadSession commit': 'Commit Box Session' },
};

interface TestedNode {
	name: string;
	properties: INodeProperties[];
	operations: { resource: string; value: string; run: (context: IExecuteFunctions) => unknown }[];
}

const nodes: TestedNode[] = [
	{
		name: 'dropboxUpload',
		properties: new DropboxUpload().description.properties,
		operations: dropboxOperations.map((operation) => ({
			...operation,
			run: async (context) =>
				await resultsOf(operation, context, (of) => createDropboxRun(of, cloudSources(of))),
		})),
	},
	{
		name: 'boxUpload',
		properties: new BoxUpload().description.properties,
		operations: boxOperations.map((operation) => ({
			...operation,
			run: async (context) =>
				await resultsOf(operation, context, (of) => createBoxRun(of, cloudSources(of))),
		})),
	},
];

let descriptions: INodeTypeDescription[] = [];

beforeAll(async () => {
	assertFreshBuild();
	const engine = await startEngine({ packageDirs: [repositoryDir] });
	try {
		descriptions = await engine.nodeDescriptions();
	} finally {
		await engine.stop();
	}
}, 120_000);

function loaded(name: string): INodeTypeDescription {
	const found = descriptions.filter(
		(description) => description.name === `n8n-nodes-upload-sessions.${name}`,
	);
	expect(found).toHaveLength(1);
	return found[0]!;
}

/** The operations in the lists, as `resource operation`. */
function listed({ properties }: { properties: readonly INodeProperties[] }) {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap((list) =>
			choicesOf(list).map(({ value, name }) => {
				const [resource] = (list.displayOptions?.show?.resource ?? []) as string[];
				return { key: `${resource} ${String(value)}`, name };
			}),
		);
}

function shownFor(properties: readonly INodeProperties[], key: string): INodeProperties[] {
	const [resource, operation] = key.split(' ');
	return properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(operation),
	);
}

/** Own names under `parameters`, those of each collection under its name. */
function namesOf(properties: readonly INodeProperties[]): Record<string, string[]> {
	const shown = properties.filter(({ type }) => type !== 'notice');
	const collections = shown.filter(({ type }) => type === 'collection');
	const plain = shown.filter(({ type }) => type !== 'collection');
	return {
		// Simplify is there twice, with a default for people and one for agents.
		parameters: [...new Set(plain.map(({ name }) => name))].sort(),
		...Object.fromEntries(
			collections.map((collection) => [
				collection.name,
				fieldsOf(collection)
					.map(({ name }) => name)
					.sort(),
			]),
		),
	};
}

describe.each(nodes)('$name', ({ name, properties, operations }) => {
	test('is loaded by n8n with the properties of the sources', () => {
		expect(loaded(name).properties).toEqual(JSON.parse(JSON.stringify(properties)));
	});

	test('can be used as a tool, has icons for light and dark, and a subtitle', () => {
		const { builderHint, usableAsTool, iconUrl, subtitle, inputs, outputs } = loaded(name);
		// On a resource or an operation it would keep n8n from loading the node.
		expect(builderHint?.searchHint).toContain('of any size and number');
		expect({ usableAsTool, inputs, outputs }).toEqual({
			usableAsTool: true,
			inputs: ['main'],
			outputs: ['main'],
		});
		expect(JSON.stringify(iconUrl)).toMatch(/light.*\.svg.*dark.*\.dark\.svg/);
		expect(subtitle).toContain('$parameter["operation"]');
	});

	test('lists each operation once', () => {
		const keys = listed(loaded(name)).map(({ key }) => key);
		expect(keys).toEqual([...new Set(keys)]);
		expect(keys.sort()).toEqual(
			operations.map(({ resource, value }) => `${resource} ${value}`).sort(),
		);
	});

	test.each(Object.keys(promised[name]!))('keeps the names of %s', (key) => {
		const { properties: atN8n } = loaded(name);
		const entry = listed({ properties: atN8n }).filter((operation) => operation.key === key);
		expect(entry).toHaveLength(1);
		const label = promisedLabels[name]?.[key];
		if (label !== undefined) expect(entry[0]?.name).toBe(label);
		const { parameters, options, ...others } = promised[name]![key]!;
		expect(namesOf(shownFor(atN8n, key))).toEqual({
			parameters,
			options: [...options!].sort(),
			...others,
		});
	});

	test('shows a default operation for each resource that it lists', () => {
		const { properties: atN8n } = loaded(name);
		const resource = atN8n.find((property) => property.name === 'resource')!;
		const resources = choicesOf(resource).map(({ value }) => value);
		expect(resources).toContain(resource.default);
		const lists = atN8n.filter((property) => property.name === 'operation');
		expect(lists.map(({ displayOptions }) => displayOptions?.show?.resource?.[0])).toEqual(
			resources,
		);
		for (const list of lists) {
			expect(choicesOf(list).map(({ value }) => value)).toContain(list.default);
		}
	});

	test('has no field that could hold a secret, but for the password of a link, which is masked', () => {
		const secret = everyField(properties).filter(({ name: field }) =>
			/token|secret|password|api_?key/i.test(field),
		);
		for (const field of secret) {
			expect(field.typeOptions?.password).toBe(true);
			expect(['linkPassword', 'sourceLinkPassword']).toContain(field.name);
		}
	});

	test('shows a field only by fields that are there', () => {
		for (const { key } of listed({ properties })) {
			const shown = shownFor(properties, key);
			const check = (fields: readonly INodeProperties[]) => {
				const names = fields.map((field) => field.name);
				const known = new Set([...names, 'resource', 'operation', '@tool']);
				for (const { displayOptions } of fields) {
					for (const condition of Object.keys(displayOptions?.show ?? {})) {
						const isOfNode = condition.startsWith('/');
						if (isOfNode) expect(shown.map((field) => `/${field.name}`)).toContain(condition);
						else expect(known).toContain(condition);
					}
				}
			};
			check(shown);
			for (const field of shown) check(fieldsOf(field));
		}
	});

	describe.each(operations)('$resource $value', ({ resource, value, run }) => {
		test('reads what it shows, and shows what it reads', async () => {
			const shown = shownFor(properties, `${resource} ${value}`);
			const watched = watchedContext(shown, { authentication: 'oAuth2' });
			for (const context of watched.contexts) await run(context);
			// Who signs in is asked once for the node, not by the operation.
			watched.reads.delete('authentication');
			const { parameters, ...collections } = namesOf(shown);
			const expected = [
				...parameters!,
				...Object.keys(collections),
				...Object.entries(collections).flatMap(([collection, fields]) =>
					fields.map((field) => `${collection}.${field}`),
				),
			];
			expect([...watched.reads].sort()).toEqual(expected.sort());
		});
	});
});
