import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { createHttpClient } from '../shared/http/n8nClient';
import { DEFAULT_RETRY_POLICY } from '../shared/http/retry';
import { InputProblem } from '../shared/fields/inputProblem';
import { choiceOf, collectionOf, optionText } from '../shared/fields/parameters';
import { readMaxRetries } from '../shared/fields/waiting';
import { memoized } from '../shared/memoized';
import { printable } from '../shared/fields/values';
import type { Connection } from './api/connection';
import { createConnection } from './api/connection';
import type { SignedIn } from './api/failures/signIn';
import type { Step } from './api/failures/steps';
import { getSession } from './api/sessions';
import type { UploadSession } from './api/types';

/** What the operations get to work with for one run of the node. */
export interface BoxRun {
	readonly context: IExecuteFunctions;
	/** Items with the same user and retries share a connection; throws InputProblem. */
	readonly connectionFor: (itemIndex: number) => Connection;
	/** The session's part size and endpoints; asked for once a run, for the one step that the run is. */
	readonly sessionOf: (
		connection: Connection,
		sessionId: string,
		step: Step,
	) => Promise<Outcome<UploadSession>>;
}

export function createRun(context: IExecuteFunctions): BoxRun {
	const connections = new Map<string, Connection>();
	const sessions = new Map<Connection, ReturnType<typeof sessionsOf>>();
	return {
		context,
		connectionFor: (itemIndex) => {
			const { asUser, maxRetries } = readOptions(collectionOf(context, itemIndex));
			const authentication = choiceOf(context, itemIndex, 'authentication', 'Authentication', [
				'oAuth2',
				'serverOAuth2',
				'jwt',
			]);
			const key = JSON.stringify([authentication, asUser, maxRetries]);
			const known = connections.get(key);
			if (known !== undefined) return known;
			const connection = connect(context, authentication, { asUser, maxRetries });
			connections.set(key, connection);
			return connection;
		},
		sessionOf: async (connection, sessionId, step) => {
			const ofConnection = sessions.get(connection) ?? sessionsOf(connection);
			sessions.set(connection, ofConnection);
			return await ofConnection({ sessionId, step });
		},
	};
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
	readonly asUser: string | undefined;
	readonly maxRetries: number;
}

const USER_SIGN_IN = { credentialType: 'boxUploadOAuth2Api', by: 'user' } as const;
/** By what is chosen in Authentication. */
const SIGN_INS = new Map<unknown, { credentialType: string; by: SignedIn['by'] }>([
	['oAuth2', USER_SIGN_IN],
	['serverOAuth2', { credentialType: 'boxUploadServerOAuth2Api', by: 'app' }],
	['jwt', { credentialType: 'boxUploadJwtApi', by: 'jwt' }],
]);

/** Throws InputProblem. */
export function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	authentication: unknown,
	{ asUser, maxRetries }: ConnectionOptions,
): Connection {
	const { by, credentialType } = SIGN_INS.get(authentication) ?? USER_SIGN_IN;
	return createConnection(
		createHttpClient(context, credentialType, asUser ?? ''),
		{ ...DEFAULT_RETRY_POLICY, maxRetries },
		asUser === undefined ? {} : { 'As-User': asUser },
		by,
	);
}

/** Throws InputProblem. */
export function readOptions(options: IDataObject): ConnectionOptions {
	const maxRetries = readMaxRetries(options);
	const asUser = optionText(options, 'asUser', 'As User');
	if (asUser === '') return { asUser: undefined, maxRetries };
	const userId = asUser.trim();
	if (!/^[0-9]+$/.test(userId)) {
		throw new InputProblem(
			'asUser',
			"'As User' isn't a user ID",
			'Use the numeric ID of the Box user.',
			printable(asUser),
		);
	}
	return { asUser: userId, maxRetries };
}
