/** Dropbox in the campaign: Upload Files. */
import type { IDataObject } from 'n8n-workflow';

import type { LoggedRequest } from '../../../cloud';
import { BlockHasher } from '../../../cloud/dropbox/contentHash';
import { rateLimited } from '../../../cloud/dropbox/errors';
import { REFUSALS } from '../../../cloud/refusedRoutes';
import { generateBuffer, generateChunks } from '../../../engine';
import type { Claim } from '../../campaign/claims';
import type { Random } from '../../campaign/random';
import { byPath } from '../../../support/destination';
import { commonFaults, remembered, textOf } from '../commonFaults';
import type { Ended, FaultVendor, Struck } from '../vendor';
import { SESSION_LOST } from '../vendor';
import {
	APPEND,
	contentRoutes,
	FINISH,
	FOLDER,
	KIB,
	MALFORMED_ENTRY,
	MIB,
	pathOf,
	replaceableRoutes,
	routesOf,
	sessionsOf,
	SMALL_BYTES,
	START,
	START_BATCH,
} from './calls';
import { dropboxFaults } from './faults';

function plan(random: Random, hopeless: boolean): ReturnType<FaultVendor['plan']> {
	const sizes: number[] = [];
	const many = random.chance(0.12);
	const count = many ? random.whole(60, 140) : random.skewed(1, 24);
	for (let index = 0; index < count; index++)
		sizes.push(random.skewed(16, many ? 4 * KIB : 300 * KIB));
	// One only: empty files could not be told apart.
	if (random.chance(0.2)) sizes[0] = 0;
	if (random.chance(0.5)) {
		for (let large = random.whole(1, 2); large > 0; large--) {
			const odd = random.pick([0, 1, 12_345]);
			sizes.push(random.whole(1, 5) * SMALL_BYTES + (odd || SMALL_BYTES));
		}
	}
	return {
		sizes,
		options: {
			partSizeMib: 4,
			parallel: random.whole(0, 8),
			memoryLimitMib: random.pick([4, 16, 96]),
			commitSize: random.pick([1_000, 1_000, random.whole(Math.ceil(count / 8), count)]),
			root: random.pick(['automatic', 'automatic', 'home']),
			...(hopeless && { maxRetries: random.whole(0, 1) }),
		},
	};
}

/** Sessions that were opened although nothing had happened to the ones before. */
function wasted({ log, scenario, struck }: Ended): string[] {
	const openings = log.filter(({ route }) => route === START_BATCH || route === START);
	const mayOpenMore = openings.some(({ fault }) => fault !== undefined) || struck[SESSION_LOST];
	if (mayOpenMore || scenario.hopeless || scenario.retryOnFail) return [];
	const opened = openings
		.filter(({ status }) => status === 200)
		.map(({ argument }) => (argument as { num_sessions?: number }).num_sessions ?? 1)
		.reduce((sum, sessions) => sum + sessions, 0);
	const { length } = scenario.files;
	return opened > length ? [`${opened} sessions were opened for ${length} files`] : [];
}

/** Files that failed together with the one that Dropbox has refused the batch for. */
function takenAlong({ claims, scenario, struck }: Ended): string[] {
	if (!struck[MALFORMED_ENTRY]) return [];
	const names = new Set<string | undefined>();
	for (const [index, claim] of claims.entries()) {
		const isRefused = claim.kind === 'failed' && claim.error.path === 'http/400';
		if (isRefused) names.add(scenario.files[index]?.name);
	}
	return names.size > 1 ? [`${names.size} files failed for what is wrong with one`] : [];
}

function notResumed(
	failed: ReadonlyArray<Claim | undefined>,
	log: readonly LoggedRequest[],
	struck: Struck,
): string[] {
	if (struck[SESSION_LOST]) return [];
	const used = new Set(log.flatMap(sessionsOf));
	return failed.flatMap((claim) => {
		const { sessionId, offset, partSizeBytes } =
			(claim?.kind === 'failed' ? claim.error.resume : undefined) ?? {};
		const isLarge = partSizeBytes !== undefined && Number(offset) > 0;
		if (!isLarge || used.has(String(sessionId))) return [];
		return [`a session with ${offset} bytes of a file in it was left aside`];
	});
}

const usualSettings = {
	quotaBytes: Infinity,
	maxArgumentHeaderBytes: 8192,
	oversizedHeaderStatus: 431,
	commitsInOrder: true,
	commitMs: 0,
	overlapRefusedAs: undefined,
	malformedText: undefined,
} as const;

export const dropbox: FaultVendor = {
	name: 'Dropbox',
	hasStrictConflict: true,
	sameContentConflicts: false,
	keepsVersions: false,
	conflict: /^path\/conflict\/file$/,
	partRoute: APPEND,
	commitRoute: FINISH,
	partBytesOf: (sizeBytes) => (sizeBytes < 128 * MIB ? 4 : 8) * MIB,
	serialRoutes: [START_BATCH, FINISH],
	replaceableRoutes,
	refusals: REFUSALS,
	connect: async (rig) => void (await rig.connectDropbox()),
	faultKinds: [
		...commonFaults({
			routes: routesOf,
			contentRoutes,
			tokenRoute: 'oauth2/token',
			rateLimited: (retryAfterSec) => rateLimited(retryAfterSec),
		}),
		...dropboxFaults,
	],
	plan,
	parameters: (ifExists, { options, skipUnchanged, strict }) => ({
		parameters: {
			folder: byPath(FOLDER),
			ifExists: ifExists === 'replace' ? 'overwrite' : ifExists,
			skipUnchanged,
		},
		options: { ...options, strictConflict: strict },
	}),
	start: async (rig, run) => await rig.startDropbox(run),
	prepare: (rig, scenario) => {
		// No order is promised within a batch, and a commit takes its time.
		rig.cloud.dropbox.settings.commitsInOrder = false;
		if (scenario.executionsAtOnce > 1) {
			const action = { kind: 'delay', delayMs: 150 } as const;
			rig.cloud.faults.add({ route: FINISH, times: 2, action });
		}
	},
	put: (rig, path, content) => void rig.cloud.dropbox.putFile(path, generateBuffer(content)),
	stored: (rig) =>
		rig.cloud.dropbox
			.files()
			.map(({ path, size, contentHash: hash }) => ({ path, sizeBytes: size, hash })),
	hashOf: remembered((content) => {
		const hasher = new BlockHasher();
		for (const chunk of generateChunks(content)) hasher.update(chunk);
		return hasher.hex();
	}),
	pathOf,
	claimOf: ({ path_display, path, size, content_hash: hash }: IDataObject) => ({
		path: textOf(path_display ?? path),
		sizeBytes: Number(size),
		hash: textOf(hash),
	}),
	misdeeds: (ended) => [...wasted(ended), ...takenAlong(ended)],
	notResumed,
	mend: ({ cloud }) => {
		Object.assign(cloud.dropbox.settings, usualSettings);
		cloud.dropbox.contention.clear();
		cloud.dropbox.contention.reportedAsPath = false;
	},
};
