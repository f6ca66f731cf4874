import { Expression } from 'n8n-workflow';
import type { ICredentialsDecrypted, IDataObject } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import type { CredentialTestResult, StoredCredential, WorkerApi, WorkerConfig } from '../types';
import { openBinaryStore } from './binaryStore';
import { CredentialsHelper, CredentialStore } from './credentials';
import { runCredentialTest } from './credentialTest';
import { Executions } from './executions';
import { searchList } from './listSearch';
import { captureLogs } from './logs';
import { letPaceBeSet, setPace } from './pace';
import { Packages } from './packages';
import { toPlain } from './plain';
import { PrototypeGuard } from './prototypes';
import { untimeRegularExpressions } from './regularExpressions';
import { collectGarbage, openHandles, peakMeter, usage } from './usage';

interface Call {
	id: number;
	method: keyof WorkerApi;
	params: unknown[];
}

async function createApi(config: WorkerConfig, unhandled: string[]): Promise<WorkerApi> {
	captureLogs();
	// n8n's default evaluator needs isolated-vm, a native module; this is its own alternative.
	Expression.setExpressionEngine('legacy');
	untimeRegularExpressions();
	const packages = new Packages();
	await packages.load(config);
	const binaryData = await openBinaryStore(config);
	const credentials = new CredentialStore();
	const helper = new CredentialsHelper(packages, credentials);
	const executions = new Executions(packages, helper);
	const prototypes = new PrototypeGuard();

	return {
		start: (request) => executions.start(request),
		finish: (executionId) => executions.finish(executionId),
		cancel: (executionId) => executions.cancel(executionId),
		staticData: (workflowId) => executions.staticData(workflowId),
		setCredential: (id, credential) => credentials.set(id, credential),
		getCredential: (id) => credentials.get(id),
		searchList: (request) =>
			searchList(
				packages,
				executions.additionalData({ currentNodeParameters: request.node.parameters }),
				request,
			),
		testCredential: (type, data) =>
			testCredential(packages, credentials, helper, executions, { name: type, type, data }),
		readBinary: async (id) => (await binaryData.getAsBuffer({ id } as never)).toString('base64'),
		deleteBinaryData: async (executionId) =>
			await binaryData.deleteMany([
				{ type: 'execution', workflowId: executions.workflowOf(executionId), executionId },
			]),
		usage,
		resetPeak: () => peakMeter.reset(),
		collectGarbage,
		openHandles,
		nodeDescriptions: () => packages.nodeDescriptions(),
		credentialDescriptions: () => packages.credentialDescriptions() as never,
		unhandledErrors: () => unhandled,
		pollutedPrototypes: () => prototypes.changes(),
		setPace,
	};
}

async function testCredential(
	packages: Packages,
	store: CredentialStore,
	helper: CredentialsHelper,
	executions: Executions,
	credential: StoredCredential,
): Promise<CredentialTestResult> {
	const { test } = packages.credentialType(credential.type);
	if (!test) return { status: 'Error', message: 'No testing function found for this credential.' };
	const id = randomUUID();
	store.set(id, credential);
	const additionalData = executions.additionalData({ currentNodeParameters: {} });
	const { data, type, name } = credential;
	const decrypted = helper.applyDefaults(additionalData, data as never, type, 'internal');
	// The request sees what the person typed; a token refresh reads and writes the saved one.
	additionalData.credentialsHelper = Object.create(helper, {
		getDecrypted: {
			value: async (...args: Parameters<CredentialsHelper['getDecrypted']>) =>
				args[5] ? await helper.getDecrypted(...args) : decrypted,
		},
	}) as CredentialsHelper;
	try {
		const details: ICredentialsDecrypted = { id, name, type, data: decrypted };
		return await runCredentialTest(additionalData, details, test);
	} finally {
		store.delete(id);
	}
}

async function serve(): Promise<void> {
	const unhandled: string[] = [];
	// n8n reports these and lives on.
	const remember = (error: unknown) =>
		unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.on('uncaughtException', remember);
	process.on('unhandledRejection', remember);
	process.on('disconnect', () => process.exit(0));

	const send = (message: IDataObject) => process.connected && process.send!(message);
	try {
		const config = JSON.parse(process.env.ENGINE_CONFIG!) as WorkerConfig;
		if (config.isPaceSettable) letPaceBeSet();
		const api = (await createApi(config, unhandled)) as unknown as Record<
			string,
			(...params: unknown[]) => unknown
		>;
		process.on('message', (message) => {
			const { id, method, params } = message as Call;
			void (async () => await api[method]!(...params))().then(
				(result) => send({ id, result: toPlain(result) }),
				(error: unknown) => send({ id, error: describe(error) }),
			);
		});
		send({ ready: true });
	} catch (error) {
		send({ ready: false, error: describe(error) });
	}
}

function describe(error: unknown): IDataObject {
	const { name, message, stack } = error as Error;
	return { name, message, stack };
}

void serve();
