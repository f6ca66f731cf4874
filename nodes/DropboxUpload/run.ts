import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { readMaxRetries } from '../shared/fields/waiting';
import { collectionOf } from '../shared/fields/parameters';
import { createHttpClient } from '../shared/http/n8nClient';
import { DEFAULT_RETRY_POLICY } from '../shared/http/retry';
import type { HttpClient } from '../shared/http/types';
import { isObject, isString } from '../shared/json';
import { onePer } from '../shared/memoized';
import type { CloudSources } from '../shared/source/cloud/cloudFile';
import type { Connection } from './api/connection';
import { createConnection } from './api/connection';
import type { Root } from './api/pathRoot';
import type { MemberChoice } from './api/teamMember';
import { readRoot } from './fields/root';
import { readMember } from './fields/teamMember';

const CREDENTIAL_TYPE = 'dropboxUploadOAuth2Api';

/** What the operations get to work with for one run of the node. */
export interface DropboxRun {
	readonly context: IExecuteFunctions;
	readonly sources: CloudSources;
	/** Items with the same root, team member and retries share a connection; throws InputProblem. */
	readonly connectionFor: (itemIndex: number) => Connection;
}

interface ConnectionOptions {
	readonly root: Root;
	readonly member: MemberChoice | undefined;
	readonly maxRetries: number;
}

/** What the credential says about itself; no secret. */
interface Credential {
	readonly credentialType: string;
	/** What the app may see. */
	readonly accessType: string | undefined;
	/** The account that has signed in; a team has none. */
	readonly accountId: string | undefined;
}

export async function createRun(
	context: IExecuteFunctions,
	sources: CloudSources,
): Promise<DropboxRun> {
	const credential = await credentialOf(context);
	const connectionWith = onePer(JSON.stringify, (options: ConnectionOptions) =>
		connect(context, options, credential),
	);
	return {
		context,
		sources,
		connectionFor: (itemIndex) =>
			connectionWith(readOptions(collectionOf(context, itemIndex), credential.accessType)),
	};
}

/** For a list in the editor: somebody waits in front of the screen. Throws InputProblem. */
export async function connectInEditor(
	context: ILoadOptionsFunctions,
	options: IDataObject,
): Promise<Connection> {
	const credential = await credentialOf(context);
	const read = readOptions(options, credential.accessType);
	return connect(context, { ...read, maxRetries: 1 }, credential);
}

/**
 * Dropbox says with each token whose it is, and n8n keeps what it says. A credential that can't be read is reported
 * by the first call, for each item.
 */
export async function credentialOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	credentialType = CREDENTIAL_TYPE,
): Promise<Credential> {
	const credential = await context.getCredentials(credentialType).catch((): IDataObject => ({}));
	const { accessType, oauthTokenData } = credential;
	const accountId = isObject(oauthTokenData) ? oauthTokenData.account_id : undefined;
	return {
		credentialType,
		accessType: isString(accessType) ? accessType : undefined,
		accountId: isString(accountId) && accountId !== '' ? accountId : undefined,
	};
}

export function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	{ root, member, maxRetries }: ConnectionOptions,
	{ accountId, credentialType }: Credential,
): Connection {
	const policy = { ...DEFAULT_RETRY_POLICY, maxRetries };
	const clientFor = (whose: MemberChoice | undefined): HttpClient =>
		createHttpClient(context, credentialType, {
			scope: JSON.stringify(whose ?? {}),
			account: accountKeyOf(whose, accountId),
		});
	return createConnection({
		client: clientFor(member),
		policy,
		root,
		member,
		team: () => createConnection({ client: clientFor(undefined), policy, root: { kind: 'home' } }),
	});
}

/** As far as it is known before anything has been asked. */
function accountKeyOf(
	member: MemberChoice | undefined,
	accountId: string | undefined,
): string | undefined {
	if (member === undefined) return accountId;
	return member.by === 'id' ? member.value : undefined;
}

/** Throws InputProblem. */
function readOptions(options: IDataObject, accessType: string | undefined): ConnectionOptions {
	return {
		root: readRoot(options, accessType),
		member: readMember(options),
		maxRetries: readMaxRetries(options),
	};
}
