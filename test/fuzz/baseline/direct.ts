/** Calls straight into the loopback cloud's services, past sockets and faults, for what only needs to be there. */
import type { CloudReply } from '../../cloud/core/contract';
import type { Rig } from '../../support/rig';

export interface DirectCall {
	readonly rig: Rig;
	readonly accessToken: string;
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
	yield await Promise.resolve(bytes);
}

function jsonOf<T>({ status, json, text }: CloudReply): T {
	if (status < 300) return json as T;
	throw new Error(`The cloud could not be prepared: ${status} ${JSON.stringify(json ?? text)}`);
}

/** A call of Dropbox with bytes as its body. */
export async function dropboxContent<T>(
	{ rig, accessToken }: DirectCall,
	route: string,
	argument: object,
	body = '',
): Promise<T> {
	const reply = await rig.cloud.dropbox.handle({
		sequence: 0,
		method: 'POST',
		host: 'content.dropboxapi.com',
		pathname: `/2/${route}`,
		query: new URLSearchParams(),
		headers: {
			authorization: `Bearer ${accessToken}`,
			'content-type': 'application/octet-stream',
			'dropbox-api-arg': JSON.stringify(argument),
		},
		body: oneChunk(Buffer.from(body)),
	});
	return jsonOf<T>(reply);
}

/** A call of Dropbox with a JSON body. */
export async function dropboxRpc<T>(
	{ rig, accessToken }: DirectCall,
	route: string,
	argument: object,
): Promise<T> {
	const reply = await rig.cloud.dropbox.handle({
		sequence: 0,
		method: 'POST',
		host: 'api.dropboxapi.com',
		pathname: `/2/${route}`,
		query: new URLSearchParams(),
		headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
		body: oneChunk(Buffer.from(JSON.stringify(argument))),
	});
	return jsonOf<T>(reply);
}

/** A call of Box's upload API. */
export async function boxUpload<T>(
	{ rig, accessToken }: DirectCall,
	method: string,
	path: string,
	headers: Record<string, string>,
	body: Buffer,
): Promise<T> {
	const reply = await rig.cloud.box.handle({
		sequence: 0,
		method,
		host: 'upload.box.com',
		pathname: `/api/2.0/files${path}`,
		query: new URLSearchParams(),
		headers: { authorization: `Bearer ${accessToken}`, ...headers },
		body: oneChunk(body),
	});
	return jsonOf<T>(reply);
}
