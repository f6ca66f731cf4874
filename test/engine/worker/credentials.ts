import { getAdditionalKeys } from 'n8n-core';
import * as n8nWorkflow from 'n8n-workflow';
import {
	ICredentialsHelper,
	isExpression,
	NodeHelpers,
	UnexpectedError,
	Workflow,
} from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentials,
	ICredentialsExpressionResolveValues,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeProperties,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { StoredCredential } from '../types';
import type { Packages } from './packages';

// n8n never takes these from storage when the credential type hides them: the type decides.
const PINNED_WHEN_HIDDEN = new Set([
	'useDynamicClientRegistration',
	'authUrl',
	'accessTokenUrl',
	'grantType',
	'authentication',
	'usePkce',
	'requestTokenUrl',
	'signatureMethod',
]);

const resolverNode: INode = {
	id: 'credential',
	name: '',
	type: 'mock',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The table of saved credentials. It hands out copies, as a database does. */
export class CredentialStore {
	private readonly rows = new Map<string, StoredCredential>();

	set(id: string, credential: StoredCredential): void {
		this.rows.set(id, structuredClone(credential));
	}

	get(id: string): StoredCredential {
		const row = this.rows.get(id);
		if (!row) throw new Error(`Credential with ID "${id}" does not exist.`);
		return structuredClone(row);
	}

	delete(id: string): void {
		this.rows.delete(id);
	}
}

export class CredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly packages: Packages,
		private readonly store: CredentialStore,
	) {
		super();
	}

	getParentTypes(name: string): string[] {
		return this.packages.parentTypes(name);
	}

	isCredentialUsableByNode(type: string, nodeType: string): boolean {
		if (!this.packages.credentialType(type).restrictToSupportedNodes) return true;
		return this.packages.supportedNodes(type).includes(nodeType);
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		const credentialType = this.packages.credentialType(type);
		const properties: INodeProperties[] = [];
		for (const parent of credentialType.extends ?? []) {
			NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(properties, credentialType.properties);
		if (type === 'oAuth2Api') {
			properties.push({
				displayName: 'oauthTokenData',
				name: 'oauthTokenData',
				type: 'json',
				default: {},
			});
		}
		return properties;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		type: string,
		requestOptions: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.packages.credentialType(type);
		if (typeof authenticate === 'function') return await authenticate(credentials, requestOptions);
		if (!authenticate) return requestOptions;
		if (!workflow || !node)
			throw new UnexpectedError('Declarative authentication needs a workflow');

		const resolve = (text: string) =>
			isExpression(text)
				? String(
						workflow.expression.getSimpleParameterValue(
							node,
							text,
							'internal',
							{ $credentials: credentials },
							undefined,
							'',
						) ?? '',
					)
				: text;
		const target = requestOptions as unknown as Record<string, Record<string, string>>;
		target.headers ??= {};
		for (const [part, values] of Object.entries(authenticate.properties)) {
			for (const [key, value] of Object.entries(values as Record<string, string>)) {
				(target[part] ??= {})[resolve(key)] = resolve(value);
			}
		}
		return requestOptions;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		type: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication, properties } = this.packages.credentialType(type);
		const expirable = properties.find(
			({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable === true,
		);
		if (!expirable || !preAuthentication) return undefined;
		const isTest = node.parameters.temp === '' && node.type === 'n8n-nodes-base.noOp';
		if (credentials[expirable.name] !== '' && !credentialsExpired && !isTest) return undefined;

		const output = await preAuthentication.call(withinDomains(helpers, credentials), credentials);
		const details = node.credentials?.[type];
		if (output[expirable.name] === undefined || !details) return undefined;
		const stored = this.stored(details, type);
		const kept = Object.entries(output).filter(
			([name]) => name === expirable.name || !isExpression(stored[name]),
		);
		await this.updateCredentials(details, type, {
			...stored,
			...Object.fromEntries(kept),
		} as ICredentialDataDecryptedObject);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		type: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { preAuthentication } = this.packages.credentialType(type);
		return (await preAuthentication?.call(withinDomains(helpers, credentials), credentials)) as
			ICredentialDataDecryptedObject | undefined;
	}

	async getCredentials(): Promise<ICredentials> {
		throw new UnexpectedError('Encrypted credentials are not kept here');
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		expressionResolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const data = this.stored(details, type);
		if (raw) return data;
		return this.applyDefaults(
			additionalData,
			data,
			type,
			mode,
			executeData,
			expressionResolveValues,
		);
	}

	/** What n8n makes of a saved credential before use: defaults, hidden fields, expressions. */
	applyDefaults(
		additionalData: IWorkflowExecuteAdditionalData,
		stored: ICredentialDataDecryptedObject,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		values?: ICredentialsExpressionResolveValues,
	): ICredentialDataDecryptedObject {
		const properties = this.getCredentialsProperties(type);
		const isPinned = (field: string) =>
			PINNED_WHEN_HIDDEN.has(field) &&
			properties.some(({ name, type }) => name === field && type === 'hidden');
		const data = Object.fromEntries(Object.entries(stored).filter(([field]) => !isPinned(field)));

		const withDefaults = NodeHelpers.getNodeParameters(
			properties,
			data as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		for (const field of ['oauthTokenData', 'allowedHttpRequestDomains', 'allowedDomains']) {
			if (stored[field] !== undefined) withDefaults[field] ??= stored[field];
		}
		if (stored.oauthTokenData !== undefined) withDefaults.oauthTokenData = stored.oauthTokenData;

		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (values) {
			return values.workflow.expression.getParameterValue(
				withDefaults as never,
				values.runExecutionData,
				values.runIndex,
				values.itemIndex,
				values.node.name,
				values.connectionInputData,
				mode,
				keys,
				executeData,
				false,
				withDefaults,
			) as unknown as ICredentialDataDecryptedObject;
		}
		const workflow = new Workflow({
			nodes: [resolverNode],
			connections: {},
			active: false,
			nodeTypes: singleNodeTypes({ description: { properties: [] } } as never),
		});
		return workflow.expression.getComplexParameterValue(
			resolverNode,
			withDefaults as never,
			mode,
			keys,
			undefined,
			undefined,
			withDefaults,
		) as unknown as ICredentialDataDecryptedObject;
	}

	async updateCredentials(
		details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const id = this.idOf(details, type);
		this.store.set(id, { ...this.store.get(id), data: data });
	}

	async updateCredentialsOauthTokenData(
		details: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const { oauthTokenData } = data;
		await this.updateCredentials(details, type, {
			...this.stored(details, type),
			oauthTokenData: oauthTokenData!,
		});
	}

	private stored(details: INodeCredentialsDetails, type: string): ICredentialDataDecryptedObject {
		const credential = this.store.get(this.idOf(details, type));
		if (credential.type !== type) {
			throw new Error(`Credential with ID "${details.id}" does not exist for type "${type}".`);
		}
		return credential.data as ICredentialDataDecryptedObject;
	}

	private idOf(details: INodeCredentialsDetails, type: string): string {
		if (!details.id) throw new Error(`Found credential with no ID (${details.name}, ${type})`);
		return details.id;
	}
}

/** What a credential asks for itself goes to the domains that it is restricted to; older versions have no such rule. */
function withinDomains(
	{ helpers }: IHttpRequestHelper,
	credentials: ICredentialDataDecryptedObject,
): IHttpRequestHelper {
	const { getCredentialOwnRequestAllowedDomains: domainsOf } = n8nWorkflow as Partial<
		typeof n8nWorkflow
	>;
	return {
		helpers: {
			httpRequest: async (options) => {
				const allowedDomains = domainsOf?.(credentials);
				return (await helpers.httpRequest(
					allowedDomains === undefined ? options : { ...options, allowedDomains },
				)) as unknown;
			},
		},
	};
}

/** Node types for a workflow with one node that no package holds. */
export function singleNodeTypes(nodeType: import('n8n-workflow').INodeType) {
	return {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
}
