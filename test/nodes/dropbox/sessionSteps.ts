/** The operations on one upload session, and files to send. */
import type { IDataObject } from 'n8n-workflow';

import type { ItemSpec } from '../../engine';
import type { Rig } from '../../support/rig';
import { fromInput, jsonOf } from './uploads';

export const start = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: 'data' },
};

export const startEmpty = { ...start, parameters: { binaryPropertyName: '' } };

export const append = {
	resource: 'uploadSession',
	operation: 'append',
	parameters: { sessionId: fromInput.sessionId, offset: fromInput.offset },
};

export const finish = { resource: 'uploadSession', operation: 'finish', parameters: fromInput };

export function fileOf(content: Buffer | string, json: IDataObject = {}): ItemSpec {
	const base64 = Buffer.from(content).toString('base64');
	return { json, binary: { data: { base64, fileName: 'file.bin' } } };
}

export function generatedFile(sizeBytes: number, json: IDataObject = {}): ItemSpec {
	return { json, binary: { data: { generated: { sizeBytes, seed: 1 }, fileName: 'file.bin' } } };
}

/** An empty session; its ID. */
export async function startedSession(rig: Rig, options: IDataObject = {}): Promise<string> {
	const result = await rig.dropbox({ ...startEmpty, options: options as never });
	return jsonOf(result)[0]!.session_id as string;
}
