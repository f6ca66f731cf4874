/** What the tests of Source: URL have in common. */
import type { INodeParameters } from 'n8n-workflow';

import { generateBuffer } from '../../engine';
import type { GeneratedContent, RunResult } from '../../engine/types';
import { destination } from '../../support/destination';
import type { NodeRun, Rig } from '../../support/rig';
import { sha1Of } from '../boxUpload/uploads';
import { hashOf } from '../upload/uploads';

export const MIB = 1024 * 1024;

export interface FromUrl {
	urls: readonly string[];
	parameters?: INodeParameters;
	options?: INodeParameters;
	stops?: boolean;
	node?: NodeRun['node'];
}

const requestOf = ({ urls, parameters, options, stops, node }: FromUrl) => ({
	resource: 'file',
	operation: 'upload',
	// The whole of the vendor's response; simplify.test.ts is about the other.
	parameters: { source: 'url', url: '={{ $json.url }}', simplify: false, ...parameters },
	...(options && { options }),
	...(node && { node }),
	...(stops ? {} : { onError: 'continueRegularOutput' as const }),
	items: urls.map((url) => ({ json: { url } })),
});

export async function toDropbox(rig: Rig, run: FromUrl): Promise<RunResult> {
	const { path = '/', ...parameters } = run.parameters ?? {};
	const where = destination(path as string);
	return await rig.dropbox(requestOf({ ...run, parameters: { ...where, ...parameters } }));
}

export async function toBox(rig: Rig, run: FromUrl): Promise<RunResult> {
	return await rig.box(requestOf(run));
}

/** What a test needs to do the same with each vendor. */
export const vendors = {
	Dropbox: {
		send: toDropbox,
		/** Hashes of all files there. */
		stored: ({ cloud }: Rig) => cloud.dropbox.files().map(({ contentHash }) => contentHash),
		hashOf,
	},
	Box: {
		send: toBox,
		stored: ({ cloud }: Rig) => cloud.box.files().map(({ sha1 }) => sha1),
		hashOf: sha1Of,
	},
};

export const vendorNames = Object.keys(vendors) as Array<keyof typeof vendors>;

export const generated = (sizeBytes: number, seed = sizeBytes): GeneratedContent => ({
	sizeBytes,
	seed,
});

export const bytesOf = (content: Buffer | GeneratedContent): Buffer =>
	Buffer.isBuffer(content) ? content : generateBuffer(content);
