import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { createHttpClient } from '../shared/http/n8nClient';
import { DEFAULT_RETRY_POLICY } from '../shared/http/retry';
import { choiceOf, collectionOf, firstReadable } from '../shared/fields/parameters';
import { readMaxRetries } from '../shared/fields/waiting';
import type { CloudSources } from '../shared/source/cloud/cloudFile';
import { memoized, onePer } from '../shared/memoized';
import type { HttpClient } from '../shared/http/types';
import { accountIn } from './api/account';
import type { UserChoice } from './api/asUser';
import type { Connection } from './api/connection';
import { createConnection } from './api/connection';
import type { SignedIn } from './api/failures/signIn';
import type { Step } from './api/failures/steps';
import { getSession } from './api/sessions';
import type { UploadSession } from './api/types';
import { findUsers } from './api/users';
import { readAsUser } from './fields/asUser';

/** What the operations get to work with for one run of the node. */
export interface BoxRun {
	readonly context: IExecuteFunctions;
	readonly sources: CloudSources;
	/** Items with the same user and retries share a connection; throws InputProblem. */
	readonly connectionFor: (itemIndex: number) => Connection;
	/** The session's part size and endpoints; asked for once a run, for the one step that the run is. */
	readonly sessionOf: (
		connection: Connection,
		sessionId: string,
		step: Step,
	) => Promise<Outcome<UploadSession>>;
}

export async function createRun(
	context: IExecuteFunctions,
	sources: CloudSources,
): Promise<BoxRun> {
	const credential = await credentialOf(
		context,
		firstReadable(context, (itemIndex) => authenticationOf(context, itemIndex)),
	);
	type Choice = ConnectionOptions & { readonly authentication: Authentication };
	const connectionWith = onePer(JSON.stringify, ({ authentication, ...options }: Choice) => {
		// An expression may choose another one for each item.
		const isSame = authentication === credential.authentication;
		return connect(context, options, isSame ? credential : { authentication, account: undefined });
	});
	const sessions = new Map<Connection, ReturnType<typeof sessionsOf>>();
	return {
		context,
		sources,
		connectionFor: (itemIndex) => {
			const options = readOptions(collectionOf(context, itemIndex));
			return connectionWith({ ...options, authentication: authenticationOf(context, itemIndex) });
		},
		sessionOf: async (connection, sessionId, step) => {
			const ofConnection = sessions.get(connection) ?? sessionsOf(connection);
			sessions.set(connection, ofConnection);
			return await ofConnection({ sessionId, step });
		},
	};
}

/** For a list in the editor: somebody waits in front of the screen. Throws InputProblem. */
export async function connectInEditor(
	context: ILoadOptionsFunctions,
	options: IDataObject,
): Promise<Connection> {
	const read = readOptions(options);
	const credential = await credentialOf(context, context.getCurrentNodeParameter('authentication'));
	return connect(context, { ...read, maxRetries: 1 }, credential);
}

function sessionsOf(connection: Connection) {
	return memoized(
		({ sessionId }: { readonly sessionId: string; readonly step: Step }) => sessionId,
		async ({ sessionId, step }): Promise<Outcome<UploadSession>> =>
			await getSession(connection, sessionId, { step }),
		{ keepFailures: false },
	);
}

interface ConnectionOptions {
	readonly asUser: UserChoice | undefined;
	readonly maxRetries: number;
}

const AUTHENTICATIONS = ['oAuth2', 'serverOAuth2', 'jwt'] as const;

type Authentication = (typeof AUTHENTICATIONS)[number];

/** The credential of the account that is read, where the source is in Box. */
export const BOX_SOURCE_CREDENTIAL = 'boxUploadSourceOAuth2Api';

const SIGN_INS = {
	oAuth2: { credentialType: 'boxUploadOAuth2Api', by: 'user' },
	serverOAuth2: { credentialType: 'boxUploadServerOAuth2Api', by: 'app' },
	jwt: { credentialType: 'boxUploadJwtApi', by: 'jwt' },
	source: { credentialType: BOX_SOURCE_CREDENTIAL, by: 'user' },
} as const satisfies Readonly<
	Record<Authentication | 'source', { credentialType: string; by: SignedIn['by'] }>
>;

/** Which credential signs in, and in whose name as far as that is known; no secret. */
interface Credential {
	readonly authentication: keyof typeof SIGN_INS;
	readonly account: string | undefined;
}

/** Throws InputProblem. */
function authenticationOf(context: IExecuteFunctions, itemIndex: number): Authentication {
	return choiceOf(context, itemIndex, 'authentication', 'Authentication', AUTHENTICATIONS);
}

/** Of the credential that is chosen in Authentication. A credential that cannot be read is told by the first call. */
async function credentialOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	chosen: unknown,
): Promise<Credential> {
	const authentication = AUTHENTICATIONS.find((one) => one === chosen) ?? 'oAuth2';
	const { by, credentialType } = SIGN_INS[authentication];
	// Whoever has signed in as a user is not named in the credential.
	if (by === 'user') return { authentication, account: undefined };
	const account = await context.getCredentials(credentialType).then(accountIn, () => undefined);
	return { authentication, account };
}

export function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	{ asUser, maxRetries }: ConnectionOptions,
	{ account, authentication }: Credential,
): Connection {
	const { by, credentialType } = SIGN_INS[authentication];
	const policy = { ...DEFAULT_RETRY_POLICY, maxRetries };
	const clientFor = (whose: UserChoice | undefined): HttpClient =>
		createHttpClient(context, credentialType, {
			scope: whose?.value ?? '',
			account: whose === undefined ? account : whose.by === 'id' ? whose.value : undefined,
		});
	return createConnection(clientFor(asUser), policy, {
		by,
		asUser,
		lookUp: async (login) =>
			await findUsers(createConnection(clientFor(undefined), policy, { by }), login),
	});
}

/** Throws InputProblem. */
function readOptions(options: IDataObject): ConnectionOptions {
	return { maxRetries: readMaxRetries(options), asUser: readAsUser(options) };
}
