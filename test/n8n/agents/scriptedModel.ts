/**
 * A language model that says what a test has written down: OpenAI's Responses API, as far as n8n's OpenAI Chat
 * Model asks for it (POST /v1/responses, not streamed), on the loopback interface.
 * Source: https://platform.openai.com/docs/api-reference/responses/create
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

/** A tool as the model gets it; nothing else tells it what the tool does. */
export interface OfferedTool {
	readonly type: 'function';
	readonly name: string;
	readonly description: string;
	readonly parameters: {
		readonly type: 'object';
		readonly properties: Record<string, { type?: string; description?: string; enum?: string[] }>;
		readonly required?: string[];
	};
}

/** What the model is told before it says something. */
export interface Turn {
	readonly tools: readonly OfferedTool[];
	/** What its calls so far have brought, in the order of the calls. */
	readonly results: readonly string[];
	/** Everything that was said to it, instructions included. */
	readonly text: string;
}

export interface Call {
	readonly tool: string;
	readonly arguments: IDataObject;
}

/** Either calls tools, or answers and is done. */
export type Move = { readonly call: readonly Call[] } | { readonly say: string };

export type Step = (turn: Turn) => Move;

interface InputItem {
	readonly type?: string;
	readonly call_id?: string;
	readonly output?: string;
	readonly content?: unknown;
}

interface ResponsesRequest {
	readonly model: string;
	readonly input: readonly InputItem[];
	readonly tools?: readonly OfferedTool[];
	readonly stream?: boolean;
}

export const API_KEY = 'sk-scripted';

export class ScriptedModel {
	/** What was asked of it, the newest last. */
	readonly turns: Turn[] = [];

	/** What it was asked wrongly, and what a step has thrown. */
	readonly problems: string[] = [];

	private steps: Step[] = [];
	private calls = 0;
	private readonly given = new Set<string>();

	private readonly server = createServer((incoming, response) => {
		this.serve(incoming, response).catch((error: Error) => {
			this.problems.push(error.message);
			json(response, 400, { error: { message: error.message, type: 'invalid_request_error' } });
		});
	});

	static async start(): Promise<ScriptedModel> {
		const model = new ScriptedModel();
		model.server.listen(0, '127.0.0.1');
		await once(model.server, 'listening');
		return model;
	}

	/** The Base URL of the credential. */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	/** How many steps nobody has asked for. */
	get stepsLeft(): number {
		return this.steps.length;
	}

	/** One step for each time that it is asked. */
	play(...steps: readonly Step[]): void {
		this.steps = [...steps];
		this.turns.length = 0;
		this.problems.length = 0;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = await readRequest(incoming);
		const turn = this.turnOf(request);
		this.turns.push(turn);
		const step = this.steps.shift();
		if (step === undefined) throw new Error('Nothing is written down for this turn');
		json(response, 200, this.reply(request.model, step(turn)));
	}

	private turnOf({ input, tools = [] }: ResponsesRequest): Turn {
		const outputs = input.filter(({ type }) => type === 'function_call_output');
		for (const { call_id: id = '' } of outputs) {
			if (!this.given.has(id)) throw new Error(`No tool call was found for ${id}`);
		}
		return {
			tools,
			results: outputs.map(({ output = '' }) => output),
			text: JSON.stringify(input),
		};
	}

	private reply(model: string, move: Move): IDataObject {
		const output = 'say' in move ? [message(move.say)] : move.call.map((call) => this.call(call));
		return {
			id: `resp_${this.turns.length}`,
			object: 'response',
			created_at: Math.floor(Date.now() / 1_000),
			status: 'completed',
			error: null,
			incomplete_details: null,
			model,
			output,
			parallel_tool_calls: true,
			usage: {
				input_tokens: 1,
				input_tokens_details: { cached_tokens: 0 },
				output_tokens: 1,
				output_tokens_details: { reasoning_tokens: 0 },
				total_tokens: 2,
			},
		};
	}

	private call({ tool, arguments: given }: Call): IDataObject {
		this.calls += 1;
		const id = `call_${this.calls}`;
		this.given.add(id);
		return {
			type: 'function_call',
			id: `fc_${this.calls}`,
			call_id: id,
			name: tool,
			arguments: JSON.stringify(given),
			status: 'completed',
		};
	}
}

const message = (text: string): IDataObject => ({
	type: 'message',
	id: 'msg_1',
	role: 'assistant',
	status: 'completed',
	content: [{ type: 'output_text', text, annotations: [] }],
});

/** As OpenAI refuses them: another route, key or form. */
async function readRequest(incoming: IncomingMessage): Promise<ResponsesRequest> {
	const route = `${incoming.method} ${incoming.url}`;
	if (route !== 'POST /v1/responses') throw new Error(`Unknown request URL: ${route}`);
	if (incoming.headers.authorization !== `Bearer ${API_KEY}`) throw new Error('Incorrect API key');
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const request = JSON.parse(Buffer.concat(chunks).toString()) as ResponsesRequest;
	if (request.stream) throw new Error('Streaming is not written down');
	for (const { type, name, parameters } of request.tools ?? []) {
		// https://platform.openai.com/docs/guides/function-calling
		if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) throw new Error(`Invalid tool name: ${name}`);
		if (type !== 'function' || parameters.type !== 'object') {
			throw new Error(`Invalid schema for function ${name}`);
		}
	}
	return request;
}

function json(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
