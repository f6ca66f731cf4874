import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { Container } from '@n8n/di';
import { createRunExecutionData, UnexpectedError, Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { LogRecord, RunError, RunRequest, RunResult } from '../types';
import type { CredentialsHelper } from './credentials';
import { withLogs } from './logs';
import type { Packages } from './packages';
import { toPlain } from './plain';

const BASE_URL = 'http://localhost:5678/';

type CancelableRun = ReturnType<WorkflowExecute['run']>;

interface Active {
	execution?: CancelableRun;
	result: Promise<RunResult>;
}

export class Executions {
	private readonly active = new Map<string, Active>();

	private readonly staticDataByWorkflow = new Map<string, IDataObject>();

	private readonly workflowIds = new Map<string, string>();

	private lastExecutionId = 0;

	constructor(
		private readonly packages: Packages,
		private readonly credentialsHelper: CredentialsHelper,
	) {}

	start(request: RunRequest): { executionId: string } {
		const executionId = String(++this.lastExecutionId);
		this.workflowIds.set(executionId, workflowIdOf(request));
		const entry: Active = { result: undefined as never };
		entry.result = this.run(executionId, request, (execution) => {
			entry.execution = execution;
		});
		// finish() reports it; until then a failed start is no unhandled rejection.
		entry.result.catch(() => {});
		this.active.set(executionId, entry);
		return { executionId };
	}

	async finish(executionId: string): Promise<RunResult> {
		try {
			return await this.get(executionId).result;
		} finally {
			this.active.delete(executionId);
		}
	}

	cancel(executionId: string): void {
		this.get(executionId).execution?.cancel();
	}

	workflowOf(executionId: string): string {
		const workflowId = this.workflowIds.get(executionId);
		if (workflowId === undefined) throw new Error(`No execution ${executionId}`);
		return workflowId;
	}

	staticData(workflowId: string): IDataObject {
		return this.staticDataByWorkflow.get(workflowId) ?? {};
	}

	/** Made afresh for each execution, as in n8n: nothing lives on in it. */
	additionalData(
		overrides: Partial<IWorkflowExecuteAdditionalData> = {},
	): IWorkflowExecuteAdditionalData {
		const missing = (what: string) => async () => {
			throw new UnexpectedError(`${what} is not part of the test engine`);
		};
		return {
			currentNodeExecutionIndex: 0,
			credentialsHelper: this.credentialsHelper,
			executeWorkflow: missing('Execute Workflow'),
			getRunExecutionData: async () => undefined,
			getRuntimeCredential: async () => undefined,
			startRunnerTask: missing('The task runner'),
			logAiEvent: () => {},
			externalSecretsProxy: Container.get(ExternalSecretsProxy),
			variables: {},
			restApiUrl: `${BASE_URL}rest`,
			instanceBaseUrl: BASE_URL,
			formBaseUrl: `${BASE_URL}form`,
			formWaitingBaseUrl: `${BASE_URL}form-waiting`,
			formTestBaseUrl: `${BASE_URL}form-test`,
			webhookBaseUrl: `${BASE_URL}webhook`,
			webhookWaitingBaseUrl: `${BASE_URL}webhook-waiting`,
			webhookTestBaseUrl: `${BASE_URL}webhook-test`,
			mcpBaseUrl: `${BASE_URL}mcp`,
			mcpTestBaseUrl: `${BASE_URL}mcp-test`,
			...overrides,
		};
	}

	private get(executionId: string): Active {
		const entry = this.active.get(executionId);
		if (!entry) throw new Error(`No active execution ${executionId}`);
		return entry;
	}

	private async run(
		executionId: string,
		request: RunRequest,
		onStart: (execution: CancelableRun) => void,
	): Promise<RunResult> {
		const { mode = 'trigger', workflow: spec } = request;
		const workflowId = workflowIdOf(request);
		const settings = { executionOrder: 'v1' as const, ...spec.settings };
		const workflow = new Workflow({
			id: workflowId,
			name: spec.name ?? 'Workflow',
			nodes: spec.nodes,
			connections: spec.connections,
			active: mode === 'trigger',
			nodeTypes: this.packages,
			staticData: structuredClone(spec.staticData ?? this.staticData(workflowId)),
			settings,
			pinData: request.pinData,
		});
		const logs: LogRecord[] = [];
		const uiMessages: unknown[] = [];
		const timeoutMs = (settings.executionTimeout ?? 0) * 1000;
		const additionalData = this.additionalData({
			executionId: request.withoutExecutionId === true ? undefined : executionId,
			workflowId,
			workflowSettings: settings,
			hooks: this.hooks(mode, executionId, { ...spec, id: workflowId } as IWorkflowBase),
			executionTimeoutTimestamp: timeoutMs > 0 ? Date.now() + timeoutMs : undefined,
			sendDataToUI: (type, data) => uiMessages.push(toPlain({ type, data })),
		});

		const execution = withLogs(logs, () =>
			launch(additionalData, mode, workflow, startNode(workflow, request), request),
		);
		onStart(execution);
		const timer = timeoutMs > 0 ? setTimeout(() => execution.cancel(), timeoutMs) : undefined;
		try {
			return summarise(executionId, await execution, { request, logs, uiMessages });
		} finally {
			clearTimeout(timer);
		}
	}

	// n8n saves static data at the end of production executions, and only when it changed.
	private hooks(mode: WorkflowExecuteMode, executionId: string, workflow: IWorkflowBase) {
		const hooks = new ExecutionLifecycleHooks(mode, executionId, workflow);
		hooks.addHandler('workflowExecuteAfter', (_run, newStaticData) => {
			if (mode === 'manual' || !newStaticData) return;
			this.staticDataByWorkflow.set(workflow.id, toPlain({ ...newStaticData }));
		});
		return hooks;
	}
}

function workflowIdOf({ workflow }: RunRequest): string {
	return workflow.id ?? 'workflow';
}

function startNode(workflow: Workflow, { startNode: name }: RunRequest): INode {
	const node = name === undefined ? workflow.getStartNode() : workflow.getNode(name);
	if (!node) throw new Error('The workflow has no node to start from');
	return node;
}

function launch(
	additionalData: IWorkflowExecuteAdditionalData,
	mode: 'manual' | 'trigger',
	workflow: Workflow,
	node: INode,
	{ pinData }: RunRequest,
): CancelableRun {
	if (mode === 'manual') {
		return new WorkflowExecute(additionalData, mode).run({ workflow, startNode: node, pinData });
	}
	const runExecutionData = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
		},
	});
	return new WorkflowExecute(additionalData, mode, runExecutionData).processRunExecutionData(
		workflow,
	);
}

function summarise(
	executionId: string,
	run: IRun,
	{ request, logs, uiMessages }: { request: RunRequest; logs: LogRecord[]; uiMessages: unknown[] },
): RunResult {
	const { runData, error, lastNodeExecuted } = run.data.resultData;
	const tasks = runData[request.resultNode ?? lastNodeExecuted ?? ''] ?? [];
	return toPlain<RunResult>({
		executionId,
		status: run.status,
		outputs: tasks.at(-1)?.data?.main?.map((items) => items ?? []) ?? [],
		error: error && describeError(error),
		runData,
		hints: Object.values(runData).flatMap((entries) => entries.flatMap(({ hints }) => hints ?? [])),
		logs,
		uiMessages,
		durationMs: (run.stoppedAt ?? new Date()).getTime() - run.startedAt.getTime(),
	});
}

function describeError(error: RunError): RunError {
	return { ...error, itemIndex: error.context?.itemIndex as number | undefined };
}
