/** Box in the campaign: Upload File. */
import { createHash } from 'node:crypto';

import type { LoggedRequest } from '../../../cloud';
import { REFUSALS } from '../../../cloud/refusedRoutes';
import { generateBuffer, generateChunks } from '../../../engine';
import type { Rig } from '../../../support/rig';
import type { Claim } from '../../campaign/claims';
import type { Random } from '../../campaign/random';
import type { PlannedFile, Scenario } from '../../campaign/scenario';
import { commonFaults, remembered, textOf } from '../commonFaults';
import type { Ended, FaultVendor, StoredFile, Struck } from '../vendor';
import { SESSION_LOST } from '../vendor';
import {
	COMMIT,
	contentRoutes,
	CREATE,
	CREATE_FOLDER,
	CREATE_VERSION,
	FOLDER,
	KIB,
	LARGE_BYTES,
	MIB,
	pathOf,
	PUT_PART,
	replaceableRoutes,
	routesOf,
	write,
} from './calls';
import { boxFaults } from './faults';

/** Each version is a file of its own here: one too many shows. */
function stored({ cloud: { box } }: Rig): StoredFile[] {
	return box
		.files()
		.flatMap(({ path, size, sha1, earlierSha1s }) => [
			...earlierSha1s.map((hash) => ({ path, sizeBytes: -1, hash, isReplaced: true })),
			{ path, sizeBytes: size, hash: sha1 },
		]);
}

function plan(random: Random, hopeless: boolean): ReturnType<FaultVendor['plan']> {
	const count = random.skewed(1, 20);
	const smallest = random.pick([16, 4 * KIB]);
	const sizes = Array.from({ length: count }, () => random.skewed(smallest, 200 * KIB));
	if (random.chance(0.15)) sizes[0] = 0;
	if (random.chance(0.1)) sizes.push(random.whole(4, 6) * MIB);
	const large = random.chance(0.5) ? random.whole(1, random.chance(0.2) ? 2 : 1) : 0;
	for (let left = large; left > 0; left--) {
		sizes.push(LARGE_BYTES + random.pick([0, 1, 2_000_000, 5_242_880]));
	}
	return {
		sizes,
		options: {
			parallel: random.whole(0, 6),
			memoryLimitMib: random.pick([4, 16, 96]),
			checkFirst: random.pick(['auto', 'auto', 'always', 'never']),
			...(random.chance(0.25) && { resume: false }),
			...(large > 0 && random.chance(0.5) && { skipParts: 'always' }),
			...(hopeless && { maxRetries: random.whole(0, 1), deadlineMinutes: 0.05 }),
		},
	};
}

/** Box has most parts of it, whatever the node makes of that. */
const isAskedFor = ({ content }: PlannedFile): boolean => content.sizeBytes >= LARGE_BYTES;

/** Box has opened the session, and nobody has heard so. */
const OPENED_UNHEARD: ReadonlyArray<LoggedRequest['fault']> = [
	'loseReply',
	'truncateReply',
	'replyAfter',
	'replyFirst',
];

/** Sessions that stay open although no item names them. */
function leftOpen({ claims, log, rig }: Ended): string[] {
	// A run that stops tells of one item.
	if (claims.some(({ kind }) => kind === 'silent')) return [];
	const named = new Set(
		claims.map((claim) => (claim.kind === 'failed' ? claim.error.resume?.sessionId : undefined)),
	);
	const left = rig.cloud.box.sessions().filter(({ id, isOpen }) => isOpen && !named.has(id));
	const unheard = log.filter(
		({ fault, route }) =>
			(route === CREATE || route === CREATE_VERSION) && OPENED_UNHEARD.includes(fault),
	);
	return left.length > unheard.length
		? [`${left.length} upload sessions are left open that nobody needs`]
		: [];
}

/** Whoever comes second has not seen what the first one wrote. */
function replacedUnseen({ log, overtaken }: Ended): string[] {
	return log
		.filter(({ sequence, status }) => overtaken.has(sequence) && (status === 200 || status === 201))
		.map(({ route }) => `${route} replaced what another client had written a moment before`);
}

const LEFT_OPEN = "upload session couldn't be discarded";

function notResumed(
	failed: ReadonlyArray<Claim | undefined>,
	log: readonly LoggedRequest[],
	struck: Struck,
	{ options }: Scenario,
): string[] {
	if (struck[SESSION_LOST] || options.resume === false) return [];
	return failed.flatMap((claim) => {
		if (claim?.kind !== 'failed') return [];
		const { description, resume } = claim.error;
		const { sessionId } = resume ?? {};
		// The item names one that was given up, too: nothing of the file was sent to it.
		if (sessionId === undefined || description.includes(LEFT_OPEN)) return [];
		const isUsed = log.some(({ pathname }) => pathname.includes(String(sessionId)));
		return isUsed ? [] : [`the session of a broken upload was left aside`];
	});
}

export const box: FaultVendor = {
	name: 'Box',
	hasStrictConflict: false,
	sameContentConflicts: true,
	keepsVersions: true,
	conflict: /^(item_name_in_use|precondition_failed)$/,
	partRoute: PUT_PART,
	commitRoute: COMMIT,
	partBytesOf: () => 8 * MIB,
	serialRoutes: [CREATE_FOLDER],
	replaceableRoutes,
	// It has no reason of its own for a 409 without a code.
	refusals: REFUSALS.filter((refusal) => refusal !== 409),
	connect: async (rig) => void (await rig.connectBox()),
	faultKinds: [
		...commonFaults({
			routes: routesOf,
			contentRoutes,
			tokenRoute: 'oauth2/token',
			rateLimited: (retryAfterSec) => ({
				kind: 'reply',
				status: 429,
				headers: { 'content-type': 'application/json', 'retry-after': String(retryAfterSec) },
				body: JSON.stringify({ type: 'error', status: 429, code: 'rate_limit_exceeded' }),
			}),
		}),
		...boxFaults,
	],
	plan,
	parameters: (ifExists, { options, skipUnchanged }) => ({
		parameters: {
			parentFolderId: { __rl: true, mode: 'path', value: `/${FOLDER}` },
			ifExists: ifExists === 'replace' ? 'version' : ifExists,
			skipUnchanged,
		},
		options,
	}),
	start: async (rig, run) => await rig.startBox(run),
	prepare: ({ cloud: { box: service } }, { files, seed }) => {
		Object.assign(service.settings, {
			partSizeBytes: [4 * MIB, 8 * MIB, 8 * MIB][seed % 3],
			overlapStatus: seed % 2 === 0 ? 409 : 416,
			conflictsAs: seed % 4 < 2 ? 'object' : 'array',
			sessionConflicts: seed % 5 === 0,
			listsHits: seed % 7 < 3,
		});
		for (const { content } of files.filter(isAskedFor)) {
			service.knowParts(generateBuffer(content), (index) => (index + seed) % 3 > 0);
		}
	},
	put: (rig, path, content) => write(rig, path.split('/').at(-1) ?? '', generateBuffer(content)),
	stored,
	hashOf: remembered((content) => {
		const hash = createHash('sha1');
		for (const chunk of generateChunks(content)) hash.update(chunk);
		return hash.digest('hex');
	}),
	pathOf,
	claimOf: ({ name, size, sha1 }) => ({
		path: pathOf(textOf(name)),
		sizeBytes: Number(size),
		hash: textOf(sha1),
	}),
	misdeeds: (ended) => [...leftOpen(ended), ...replacedUnseen(ended)],
	notResumed,
	mend: ({ cloud }) => {
		Object.assign(cloud.box.settings, {
			partSizeBytes: 8 * MIB,
			quotaBytes: 10 * 1024 ** 4,
			commit202: 0,
			storesBehind202: false,
			digestMismatchTimes: 0,
			unlistedFolders: 0,
			newFolderMisses: 0,
			unlistedParts: 0,
			retryAfterSec: 1,
			partsMismatchTimes: 0,
			blockedTemporary: 0,
			nameReserved: 0,
			plans: true,
			listsHits: false,
			vanishingHits: 0,
			spoiltHits: 0,
			bentHits: undefined,
		});
	},
};
