/**
 * A client of n8n's MCP Server Trigger: the Model Context Protocol over Streamable HTTP, no more of it than an
 * agent needs to use tools. Source: https://modelcontextprotocol.io/specification/2025-06-18/basic/transports
 */
import type { IDataObject } from 'n8n-workflow';
import { request } from 'undici';

const PROTOCOL_VERSION = '2025-06-18';

export interface McpTool {
	readonly name: string;
	readonly description: string;
	readonly inputSchema: {
		readonly type: 'object';
		readonly properties: Record<string, IDataObject>;
		readonly required?: string[];
	};
}

export interface McpResult {
	readonly isError: boolean;
	readonly text: string;
}

interface Message {
	readonly id?: number;
	readonly result?: IDataObject;
	readonly error?: { readonly code: number; readonly message: string };
}

export class McpClient {
	private sessionId: string | undefined;
	private lastId = 0;

	private constructor(private readonly url: string) {}

	static async connect(url: string): Promise<McpClient> {
		const client = new McpClient(url);
		await client.call('initialize', {
			protocolVersion: PROTOCOL_VERSION,
			capabilities: {},
			clientInfo: { name: 'tests', version: '1.0.0' },
		});
		await client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
		return client;
	}

	async tools(): Promise<McpTool[]> {
		const { tools } = await this.call('tools/list', {});
		return tools as unknown as McpTool[];
	}

	async callTool(name: string, toolArguments: IDataObject): Promise<McpResult> {
		const { isError, content } = (await this.call('tools/call', {
			name,
			arguments: toolArguments,
		})) as { isError?: boolean; content?: Array<{ type: string; text: string }> };
		const text = (content ?? []).map((part) => part.text).join('\n');
		return { isError: isError ?? false, text };
	}

	async close(): Promise<void> {
		const { body } = await request(this.url, { method: 'DELETE', headers: this.headers() });
		await body.dump();
	}

	private async call(method: string, params: IDataObject): Promise<IDataObject> {
		this.lastId += 1;
		const id = this.lastId;
		const messages = await this.send({ jsonrpc: '2.0', id, method, params });
		const answer = messages.find((message) => message.id === id);
		if (!answer?.result) throw new Error(`${method} got no result: ${JSON.stringify(messages)}`);
		return answer.result;
	}

	private async send(message: IDataObject): Promise<Message[]> {
		const { statusCode, headers, body } = await request(this.url, {
			method: 'POST',
			headers: this.headers(),
			body: JSON.stringify(message),
		});
		const text = await body.text();
		if (statusCode >= 400) throw new Error(`MCP answered ${statusCode}: ${text}`);
		this.sessionId ??= [headers['mcp-session-id'] ?? []].flat()[0];
		return text.startsWith('{') ? [JSON.parse(text) as Message] : eventsOf(text);
	}

	private headers(): Record<string, string> {
		return {
			'content-type': 'application/json',
			accept: 'application/json, text/event-stream',
			'mcp-protocol-version': PROTOCOL_VERSION,
			...(this.sessionId !== undefined && { 'mcp-session-id': this.sessionId }),
		};
	}
}

const eventsOf = (stream: string): Message[] =>
	stream
		.split('\n')
		.filter((line) => line.startsWith('data:'))
		.map((line) => JSON.parse(line.slice('data:'.length)) as Message);
