/** What the tests of Source: URL have in common. */
import type { INodeParameters } from 'n8n-workflow';

import { generateBuffer } from '../../engine';
import type { GeneratedContent, RunResult } from '../../engine/types';
import type { Rig } from '../../support/rig';

export const MIB = 1024 * 1024;

export interface FromUrl {
	urls: readonly string[];
	parameters?: INodeParameters;
	options?: INodeParameters;
	stops?: boolean;
}

const requestOf = ({ urls, parameters, options, stops }: FromUrl) => ({
	resource: 'file',
	operation: 'upload',
	parameters: { source: 'url', url: '={{ $json.url }}', ...parameters },
	...(options && { options }),
	...(stops ? {} : { onError: 'continueRegularOutput' as const }),
	items: urls.map((url) => ({ json: { url } })),
});

export async function toDropbox(rig: Rig, run: FromUrl): Promise<RunResult> {
	return await rig.dropbox(requestOf({ ...run, parameters: { path: '/', ...run.parameters } }));
}

export async function toBox(rig: Rig, run: FromUrl): Promise<RunResult> {
	return await rig.box(requestOf(run));
}

export const generated = (sizeBytes: number, seed = sizeBytes): GeneratedContent => ({
	sizeBytes,
	seed,
});

export const bytesOf = (content: Buffer | GeneratedContent): Buffer =>
	Buffer.isBuffer(content) ? content : generateBuffer(content);
