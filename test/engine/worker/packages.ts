import Module from 'node:module';

import {
	LazyPackageDirectoryLoader,
	PackageDirectoryLoader,
	RoutingNode,
	UnrecognizedCredentialTypeError,
	UnrecognizedNodeTypeError,
} from 'n8n-core';
import { NodeConnectionTypes, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';

import type { WorkerConfig } from '../types';

interface ModuleInternals {
	_resolveFilename: (this: unknown, request: string, ...rest: unknown[]) => string;
}

/**
 * In n8n a package has no n8n-workflow of its own and gets n8n's copy. The same here, wherever the
 * package lies, and nothing else: a package that needs another module must bring it along.
 */
export function shareWorkflowModule(): void {
	const internals = Module as unknown as ModuleInternals;
	const resolve = internals._resolveFilename;
	const shared = require.resolve('n8n-workflow');
	internals._resolveFilename = function (request, ...rest) {
		return request === 'n8n-workflow' ? shared : resolve.call(this, request, ...rest);
	};
}

export class Packages implements INodeTypes {
	private readonly loaders = new Map<string, PackageDirectoryLoader>();

	async load({ packageDirs, basePackageDirs, testPackageDir }: WorkerConfig): Promise<void> {
		shareWorkflowModule();
		for (const dir of basePackageDirs) await this.add(new LazyPackageDirectoryLoader(dir));
		for (const dir of [...packageDirs, testPackageDir])
			await this.add(new PackageDirectoryLoader(dir));
	}

	private async add(loader: PackageDirectoryLoader): Promise<void> {
		await loader.loadAll();
		if (loader.isLazyLoaded) loader.releaseTypes();
		this.loaders.set(loader.packageName, loader);
	}

	getByName(fullName: string): INodeType | IVersionedNodeType {
		const dot = fullName.lastIndexOf('.');
		const packageName = fullName.slice(0, dot);
		const nodeName = fullName.slice(dot + 1);
		const loader = this.loaders.get(packageName);
		if (!loader) throw new UnrecognizedNodeTypeError(packageName, nodeName);
		const baseName = nodeName.replace(/Tool$/, '');
		if (nodeName in loader.known.nodes || !(baseName in loader.known.nodes)) {
			return loader.getNode(nodeName).type;
		}
		return asTool(NodeHelpers.getVersionedNodeType(loader.getNode(baseName).type));
	}

	getByNameAndVersion(fullName: string, version?: number): INodeType {
		const nodeType = NodeHelpers.getVersionedNodeType(this.getByName(fullName), version);
		if (isDeclarative(nodeType)) {
			nodeType.execute = async function (this: IExecuteFunctions) {
				return (await new RoutingNode(this as never, nodeType).runNode()) ?? [];
			};
		}
		return nodeType;
	}

	getKnownTypes(): IDataObject {
		return Object.assign(
			{},
			...[...this.loaders].map(([packageName, { known }]) =>
				Object.fromEntries(
					Object.entries(known.nodes).map(([name, details]) => [`${packageName}.${name}`, details]),
				),
			),
		) as IDataObject;
	}

	credentialType(name: string): ICredentialType {
		const loader = this.credentialLoader(name);
		if (!loader) throw new UnrecognizedCredentialTypeError(name);
		return loader.getCredential(name).type;
	}

	parentTypes(name: string): string[] {
		const parents = this.credentialLoader(name)?.known.credentials[name]?.extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.parentTypes(parent)]);
	}

	supportedNodes(credentialName: string): string[] {
		const loader = this.credentialLoader(credentialName);
		const names = loader?.known.credentials[credentialName]?.supportedNodes ?? [];
		return names.map((name) => `${loader!.packageName}.${name}`);
	}

	nodeDescriptions(): INodeTypeDescription[] {
		return this.eagerLoaders().flatMap(({ packageName, types }) =>
			types.nodes.map((node) => ({ ...node, name: `${packageName}.${node.name}` })),
		);
	}

	credentialDescriptions(): ICredentialType[] {
		return this.eagerLoaders().flatMap(({ types }) => types.credentials);
	}

	private eagerLoaders(): PackageDirectoryLoader[] {
		return [...this.loaders.values()].filter(({ isLazyLoaded }) => !isLazyLoaded);
	}

	// The first that knows it: n8n's own oAuth2Api stands before the test package's.
	private credentialLoader(name: string): PackageDirectoryLoader | undefined {
		return [...this.loaders.values()].find(
			({ known, credentialTypes }) => name in known.credentials || name in credentialTypes,
		);
	}
}

/** What n8n's server makes of a node that is usable as a tool: the same, with an output for an agent. */
function asTool(nodeType: INodeType): INodeType {
	const { description } = nodeType;
	if (description.usableAsTool !== true) throw new Error(`${description.name} is no tool`);
	return Object.create(nodeType, {
		description: {
			value: {
				...description,
				name: `${description.name}Tool`,
				inputs: [],
				outputs: [NodeConnectionTypes.AiTool],
				properties: [...TOOL_PROPERTIES, ...description.properties],
			},
		},
	}) as INodeType;
}

const TOOL_PROPERTIES: INodeProperties[] = [
	{
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: 'Does what its name says',
	},
];

// n8n gives such a node its execute at run time.
function isDeclarative(nodeType: INodeType): boolean {
	if (nodeType.execute || nodeType.poll || nodeType.trigger || nodeType.supplyData) return false;
	if (nodeType.description.requestDefaults !== undefined) return true;
	return !nodeType.webhook && !nodeType.methods;
}
