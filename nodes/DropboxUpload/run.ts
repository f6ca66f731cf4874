import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { createHttpClient } from '../shared/http/n8nClient';
import { DEFAULT_RETRY_POLICY } from '../shared/http/retry';
import { InputProblem } from '../shared/fields/inputProblem';
import { added, collectionOf, optionChoice } from '../shared/fields/parameters';
import { readMaxRetries } from '../shared/fields/waiting';
import { requiredText } from '../shared/fields/values';
import type { Connection } from './api/connection';
import { createConnection } from './api/connection';
import type { Root } from './api/pathRoot';

const CREDENTIAL_TYPE = 'dropboxUploadOAuth2Api';

/** What the operations get to work with for one run of the node. */
export interface DropboxRun {
	readonly context: IExecuteFunctions;
	/** Items with the same root, team member and retries share a connection; throws InputProblem. */
	readonly connectionFor: (itemIndex: number) => Connection;
}

interface ConnectionOptions {
	readonly root: Root;
	readonly teamHeaders: Readonly<Record<string, string>>;
	readonly maxRetries: number;
}

export async function createRun(context: IExecuteFunctions): Promise<DropboxRun> {
	const accessType = await accessTypeOf(context);
	const connections = new Map<string, Connection>();
	return {
		context,
		connectionFor: (itemIndex) => {
			const options = readOptions(collectionOf(context, itemIndex), accessType);
			const key = JSON.stringify(options);
			const known = connections.get(key);
			if (known !== undefined) return known;
			const connection = connect(context, options);
			connections.set(key, connection);
			return connection;
		},
	};
}

/** What the app may see, as the credential says. */
export async function accessTypeOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
): Promise<string | undefined> {
	return (await context.getCredentials<{ accessType?: string }>(CREDENTIAL_TYPE)).accessType;
}

export function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	{ root, teamHeaders, maxRetries }: ConnectionOptions,
): Connection {
	return createConnection({
		client: createHttpClient(context, CREDENTIAL_TYPE, JSON.stringify(teamHeaders)),
		policy: { ...DEFAULT_RETRY_POLICY, maxRetries },
		root,
		teamHeaders,
	});
}

/** Throws InputProblem. */
export function readOptions(
	options: IDataObject,
	accessType: string | undefined,
): ConnectionOptions {
	return {
		root: readRoot(options, accessType),
		teamHeaders: readTeamHeaders(options),
		maxRetries: readMaxRetries(options),
	};
}

function readRoot(options: IDataObject, accessType: string | undefined): Root {
	const root = optionChoice(options, 'root', 'Root', ['automatic', 'home', 'namespaceId']);
	if (root === 'home') return { kind: 'home' };
	if (root === 'namespaceId') {
		const namespaceId = requiredText(
			options.namespaceId,
			'namespaceId',
			'Root Namespace ID',
			"Add the option 'Root Namespace ID', or set 'Root' to Automatic.",
		);
		if (!/^[-_0-9a-zA-Z:]+$/.test(namespaceId)) {
			throw new InputProblem(
				'namespaceId',
				"'Root Namespace ID' isn't a namespace ID",
				'Use the number that Dropbox gives for the shared folder.',
				namespaceId,
			);
		}
		return { kind: 'namespace', namespaceId };
	}
	return accessType === 'folder' ? { kind: 'home' } : { kind: 'teamSpace' };
}

function readTeamHeaders(options: IDataObject): Record<string, string> {
	const user = memberId(added(options, 'selectUser', ''), 'selectUser', 'Act as Team Member');
	const admin = memberId(added(options, 'selectAdmin', ''), 'selectAdmin', 'Act as Team Admin');
	if (user !== undefined && admin !== undefined) {
		throw new InputProblem(
			'selectUser',
			"'Act as Team Member' and 'Act as Team Admin' can't be used together",
			'Remove one of the two options.',
		);
	}
	return {
		...(user !== undefined && { 'Dropbox-API-Select-User': user }),
		...(admin !== undefined && { 'Dropbox-API-Select-Admin': admin }),
	};
}

function memberId(value: unknown, parameter: string, label: string): string | undefined {
	if (value === '') return undefined;
	const id = requiredText(value, parameter, label, 'Use a member ID like dbmid:….');
	// It becomes a header: nothing but the printable characters of an ID may pass.
	if (!/^[\x21-\x7e]+$/.test(id)) {
		throw new InputProblem(
			parameter,
			`'${label}' isn't a member ID`,
			'Use a member ID like dbmid:….',
			id,
		);
	}
	return id;
}
