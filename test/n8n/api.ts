/** What a person does in the editor, through the calls that the editor makes. */
import type { IConnections, IDataObject, INode, IRun, IWorkflowSettings } from 'n8n-workflow';
import { Agent, request, RetryAgent, type Dispatcher } from 'undici';

import type { CloudClient } from '../cloud/client';
import { consent } from '../cloud/consent';
import { until } from '../support/until';

export const owner = {
	email: 'owner@example.com',
	firstName: 'Olivia',
	lastName: 'Owner',
	password: 'Upload-Sessions-1',
} as const;

export interface NewWorkflow {
	readonly name: string;
	readonly nodes: readonly INode[];
	readonly connections: IConnections;
	readonly settings?: IWorkflowSettings;
}

export interface CredentialSummary {
	readonly id: string;
	readonly name: string;
	readonly type: string;
}

export interface Execution extends Omit<IRun, 'status' | 'mode'> {
	readonly id: string;
	readonly workflowId: string;
	readonly status: string;
	readonly mode: string;
}

type Summary = Pick<Execution, 'id' | 'workflowId' | 'status' | 'mode'>;

/** Each look is a call to n8n, data and all. */
const POLL_MS = 100;

/**
 * n8n closes a connection that has been idle for 5 seconds, and a busy machine hears of it late: what only
 * looks is sent again.
 */
const dispatcher = new RetryAgent(new Agent(), { methods: ['GET'], statusCodes: [] });

const ENDED = ['success', 'error', 'crashed', 'canceled'];

export class N8nApi {
	private readonly jar = new Map<string, string>();

	private key: Promise<{ rawApiKey: string }> | undefined;

	constructor(readonly url: string) {}

	/** The first person to come to a new n8n; signed in afterwards. */
	async setUpOwner(): Promise<void> {
		await this.call('POST', 'owner/setup', owner);
	}

	async logIn(): Promise<void> {
		const { email, password } = owner;
		await this.call('POST', 'login', { emailOrLdapLoginId: email, password });
	}

	/** With them a browser is signed in, too. */
	cookies(): Array<{ name: string; value: string; url: string }> {
		return [...this.jar].map(([name, value]) => ({ name, value, url: this.url }));
	}

	/** Settings > Community nodes > Install. */
	async installPackage(name: string): Promise<void> {
		await this.call('POST', 'community-packages', { name });
	}

	async createCredential(name: string, type: string, data: IDataObject): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', 'credentials', { name, type, data });
		return id;
	}

	async credentials(): Promise<CredentialSummary[]> {
		return await this.call('GET', 'credentials');
	}

	/** What the editor does when a credential is saved. */
	async testCredential({ id }: CredentialSummary): Promise<{ status: string; message: string }> {
		const path = `credentials/${id}?includeData=true`;
		const credentials = await this.call<CredentialSummary>('GET', path);
		return await this.call('POST', 'credentials/test', { credentials });
	}

	/** "Connect my account": n8n's redirect, the vendor's consent page, and back. */
	async connect(credentialId: string, browser: CloudClient): Promise<void> {
		const authorizeUrl = await this.call<string>(
			'GET',
			`oauth2-credential/auth?id=${credentialId}`,
		);
		const back = await consent(browser, authorizeUrl, 'allow');
		const { statusCode, body } = await this.send('GET', back.href);
		const page = await body.text();
		if (statusCode !== 200 || page.includes('Failed to connect')) {
			throw new Error(`n8n did not take the vendor's answer (${statusCode}): ${page}`);
		}
	}

	async createWorkflow(workflow: NewWorkflow): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', 'workflows', workflow);
		return id;
	}

	/** Its triggers, webhooks and schedules work from now on. */
	async activate(workflowId: string): Promise<void> {
		const path = `workflows/${workflowId}`;
		const { versionId } = await this.call<{ versionId: string }>('GET', path);
		await this.call('POST', `${path}/activate`, { versionId });
	}

	async deactivate(workflowId: string): Promise<void> {
		await this.call('POST', `workflows/${workflowId}/deactivate`, {});
	}

	/** The button under the canvas; gives the execution's id. */
	async execute(workflowId: string, trigger: string): Promise<string> {
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`workflows/${workflowId}/run`,
			{ triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	async stopExecution(executionId: string): Promise<void> {
		await this.call('POST', `executions/${executionId}/stop`);
	}

	/** The newest first. */
	async executions(workflowId: string): Promise<Summary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.call<{ results: Summary[] }>(
			'GET',
			`executions?filter=${filter}&limit=100`,
		);
		return results;
	}

	/** With its data, which n8n gives in a readable form through its public interface only. */
	async execution(executionId: string): Promise<Execution> {
		const url = `${this.url}/api/v1/executions/${executionId}?includeData=true`;
		const headers = { 'x-n8n-api-key': await this.apiKey() };
		const { statusCode, body } = await request(url, { dispatcher, headers });
		const text = await body.text();
		if (statusCode !== 200) throw new Error(`Execution ${executionId}: ${statusCode} ${text}`);
		return JSON.parse(text) as Execution;
	}

	async finished(executionId: string, deadlineMs = 60_000): Promise<Execution> {
		const hasEnded = async () => ENDED.includes((await this.execution(executionId)).status);
		await until(hasEnded, deadlineMs, POLL_MS);
		return await this.execution(executionId);
	}

	/** A call of n8n's own interface. */
	async call<Reply>(
		method: Dispatcher.HttpMethod,
		path: string,
		argument?: unknown,
	): Promise<Reply> {
		const { statusCode, body } = await this.send(method, `${this.url}/rest/${path}`, argument);
		const text = await body.text();
		if (statusCode >= 400) throw new Error(`${method} ${path} answered ${statusCode}: ${text}`);
		return (JSON.parse(text || '{}') as { data: Reply }).data;
	}

	private async apiKey(): Promise<string> {
		const wanted = { label: 'tests', expiresAt: null, scopes: ['execution:read'] };
		this.key ??= this.call('POST', 'api-keys', wanted);
		return (await this.key).rawApiKey;
	}

	private async send(
		method: Dispatcher.HttpMethod,
		url: string,
		argument?: unknown,
	): Promise<Dispatcher.ResponseData> {
		const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
		const reply = await request(url, {
			dispatcher,
			method,
			headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
			...(argument !== undefined && { body: JSON.stringify(argument) }),
		});
		for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
			const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
			this.jar.set(name, value);
		}
		return reply;
	}
}
