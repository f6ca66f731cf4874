/** What the tests of files from a cloud have in common. */
import type { INodeParameters } from 'n8n-workflow';

import { boxAccounts } from '../../cloud/box';
import { adminAccount } from '../../cloud/dropbox';
import type { LoggedRequest } from '../../cloud';
import { tokenDigest } from '../../cloud/core/tokens';
import type { GeneratedContent, RunHandle, RunResult } from '../../engine/types';
import type { NodeRun, Rig } from '../../support/rig';
import { offsetOf, sha1Of } from '../boxUpload/uploads';
import { argumentOf, hashOf } from '../upload/uploads';

export const MIB = 1024 * 1024;
/** Whether tests take minutes; the normal run has the same ones on a smaller scale. */
export const isSlow = process.env.TEST_SLOW === '1';
export const MODIFIED = '2021-03-04T05:06:07Z';

export type Content = Buffer | string | GeneratedContent;

export interface Copy {
	parameters: INodeParameters;
	options?: INodeParameters;
	stops?: boolean;
	items?: NodeRun['items'];
	node?: NodeRun['node'];
}

const runOf = ({ parameters, options, stops, items, node }: Copy): NodeRun => ({
	resource: 'file',
	operation: 'upload',
	parameters: { simplify: false, ...parameters },
	...(options && { options }),
	...(stops ? {} : { onError: 'continueRegularOutput' as const }),
	items: items ?? [{ json: {} }],
	...(node && { node }),
});

export type Vendor = 'Dropbox' | 'Box';

/** The account that files are copied from is never the one that they go to. */
export const SOURCE_ACCOUNTS = { Dropbox: adminAccount, Box: boxAccounts.colleague };

/** Access tokens, by whose they are. */
export type Tokens = Readonly<Record<Vendor, readonly string[]>>;

/** Signs in to both source accounts, and to the others anew; gives all tokens. */
export async function connectSources(rig: Rig): Promise<Tokens> {
	const { Box, Dropbox } = SOURCE_ACCOUNTS;
	const ofDropbox = [
		await rig.connectDropbox(),
		await rig.connectSource('dropbox', { accountId: Dropbox.accountId }),
	];
	const ofBox = [await rig.connectBox(), await rig.connectSource('box', { accountId: Box.id })];
	const tokenOf = ({ tokens }: (typeof ofBox)[number]) => tokens.accessToken;
	return { Dropbox: ofDropbox.map(tokenOf), Box: ofBox.map(tokenOf) };
}

/** The log keeps digests of tokens. Requests with a token of another vendor than the one they went to, or to a host that only gives out files. */
export function tokensAstray({ cloud }: Rig, tokens: Tokens): string[] {
	const downloadHosts = new Set([...cloud.box.downloadHosts, ...cloud.dropbox.downloadHosts]);
	return cloud.log.flatMap(({ vendor, host, pathname, headers, argument }) => {
		const text = JSON.stringify([headers, pathname, argument]);
		const isOwn = (owner: Vendor) => owner.toLowerCase() === vendor && !downloadHosts.has(host);
		return (['Dropbox', 'Box'] as const)
			.filter(
				(owner) =>
					!isOwn(owner) &&
					tokens[owner].some((token) => text.includes(token) || text.includes(tokenDigest(token))),
			)
			.map((owner) => `${owner} at ${host}${pathname}`);
	});
}

/** What a test needs to read from a vendor. */
export const from = {
	Dropbox: {
		file: 'dropboxFile',
		folder: 'dropboxFolder',
		/** Where the content is asked for. */
		linkRoute: 'files/get_temporary_link',
		downloadRoute: 'temporary_link',
		/** A file in the source account; gives what the field takes. */
		put: ({ cloud }: Rig, name: string, content: Content): string => {
			const { accountId } = SOURCE_ACCOUNTS.Dropbox;
			cloud.dropbox.putFile(`/${name}`, content, { accountId, clientModified: MODIFIED });
			return `/${SOURCE_ACCOUNTS.Dropbox.displayName}/${name}`;
		},
		expire: ({ cloud }: Rig) => cloud.dropbox.expireTemporaryLinks(),
		secrets: ({ cloud }: Rig) => cloud.dropbox.temporaryLinkSecrets,
	},
	Box: {
		file: 'boxFile',
		folder: 'boxFolder',
		linkRoute: 'GET /files/:id/content',
		downloadRoute: 'download',
		put: ({ cloud }: Rig, name: string, content: Content): string =>
			cloud.box.putFile({
				name,
				content,
				userId: SOURCE_ACCOUNTS.Box.id,
				modifiedAtMs: Date.parse(MODIFIED),
			}).id,
		expire: ({ cloud }: Rig) => cloud.box.expireDownloadUrls(),
		secrets: ({ cloud }: Rig) => cloud.box.downloadSecrets,
	},
} as const;

/** What a test needs to write to a vendor, and to see what is there. */
export const to = {
	Dropbox: {
		run: async (rig: Rig, copy: Copy): Promise<RunResult> => await rig.dropbox(runOf(copy)),
		start: async (rig: Rig, copy: Copy): Promise<RunHandle> => await rig.startDropbox(runOf(copy)),
		stored: ({ cloud }: Rig) =>
			cloud.dropbox.files({ namespace: '1000000001' }).map((file) => ({
				path: file.path,
				hash: file.contentHash,
				modifiedAtMs: Date.parse(file.clientModified),
			})),
		hashOf,
		partRoute: 'files/upload_session/append_v2',
		commitRoute: 'files/upload_session/finish_batch_v2',
		overwrite: 'overwrite',
	},
	Box: {
		run: async (rig: Rig, copy: Copy): Promise<RunResult> => await rig.box(runOf(copy)),
		start: async (rig: Rig, copy: Copy): Promise<RunHandle> => await rig.startBox(runOf(copy)),
		stored: ({ cloud }: Rig) =>
			cloud.box
				.files()
				.filter(({ ownerId }) => ownerId === boxAccounts.user.id)
				.map((file) => ({
					path: file.path,
					hash: file.sha1,
					modifiedAtMs: file.contentModifiedAtMs,
				})),
		hashOf: sha1Of,
		partRoute: 'PUT /files/upload_sessions/:id',
		commitRoute: 'POST /files/upload_sessions/:id/commit',
		overwrite: 'version',
	},
} as const;

/** The pairs whose hashes can't be compared. */
export const CROSSINGS = [
	['Dropbox', 'Box'],
	['Box', 'Dropbox'],
] as const;

export const PAIRS: ReadonlyArray<readonly [Vendor, Vendor]> = [
	['Dropbox', 'Box'],
	['Box', 'Dropbox'],
	['Dropbox', 'Dropbox'],
	['Box', 'Box'],
];

/** Bytes that the clouds have given out as content. */
export function downloadedBytes(rig: Rig, vendor: Vendor): number {
	return rig.calls(from[vendor].downloadRoute).reduce((sum, { replyBytes }) => sum + replyBytes, 0);
}

/** The connection breaks after so many bytes of each of these downloads; after some of them the address has expired. */
export function cutDownloads(
	rig: Rig,
	vendor: Vendor,
	afterBytes: readonly number[],
	expiring: readonly number[] = [],
): void {
	for (const [index, bytes] of afterBytes.entries()) {
		rig.cloud.faults.add({
			route: from[vendor].downloadRoute,
			action: { kind: 'truncateReply', bytes },
			// What has begun goes on; the next request finds the address expired.
			onStrike: () =>
				void (expiring.includes(index) && setImmediate(() => from[vendor].expire(rig))),
		});
	}
}

/** The parts that were sent, by where they lie in their file. */
export function partsOf(
	rig: Rig,
	vendor: Vendor,
): Array<{ readonly offset: number; readonly status: number | undefined }> {
	return rig.calls(to[vendor].partRoute).map((call) => ({
		offset: vendor === 'Box' ? offsetOf(call) : offsetOfAppend(call),
		status: call.status,
	}));
}

function offsetOfAppend(call: LoggedRequest): number {
	return argumentOf(call).cursor?.offset ?? Number.NaN;
}
