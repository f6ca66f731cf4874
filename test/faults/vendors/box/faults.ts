/** What is special about what can go wrong at Box. */
import type { BentHits } from '../../../cloud/box/bentHits';
import type { CloudRequest } from '../../../cloud/core/contract';
import type { Rig } from '../../../support/rig';
import { atRoutes, faultOn, stateFault } from '../commonFaults';
import type { FaultKind, FaultRoute, Shape } from '../vendor';
import { SESSION_LOST } from '../vendor';
import {
	COMMIT,
	CREATE,
	CREATE_FOLDER,
	CREATE_VERSION,
	damagedRoutes,
	DIRECT_VERSION,
	LIST_ITEMS,
	nameWrittenBy,
	pathOf,
	PLAN,
	PUT_PART,
	routesOf,
	storingRoutes,
	write,
} from './calls';

/** A setting of the cloud that the calls after this one feel. */
function settingFault(
	name: string,
	reasons: RegExp,
	routes: FaultKind['routes'],
	change: (rig: Rig, amount: number) => void,
): FaultKind {
	return {
		name,
		routes,
		recoversFrom: 2,
		mayLast: false,
		reasons,
		plant: (planned, { rig }) => [stateFault(planned, () => change(rig, planned.amount))],
	};
}

export const boxFaults: FaultKind[] = [
	{
		name: SESSION_LOST,
		weight: 3,
		routes: (shape) => atRoutes(routesOf(shape), PUT_PART, COMMIT),
		// A file gets a second session, and no third.
		recoversFrom: 1,
		usesUp: 'sessions',
		mayLast: false,
		reasons: /^(not_found|session_expired|upload_failed|upload_session_not_found)$/,
		plant: (planned, { rig }) => [
			stateFault(planned, (request) => endSession(rig, request, planned.amount)),
		],
	},
	{
		name: 'content damaged on the way',
		weight: 2,
		routes: damagedRoutes,
		recoversFrom: 5,
		mayLast: true,
		reasons: /^bad_digest$/,
		plant: (planned) => [faultOn(planned, { kind: 'corruptBody', atShare: 0.5 })],
	},
	{
		name: "another client's file at the path",
		weight: 6,
		routes: storingRoutes,
		recoversFrom: 1,
		mayLast: false,
		reasons: /^(item_name_in_use|precondition_failed)$/,
		plant: (planned, { rig, scenario: { files }, foreignPaths, overtaken }) => [
			stateFault(planned, (request) => {
				const own = nameWrittenBy(rig, request);
				const name = own ?? files[Math.floor(planned.amount * files.length)]?.name;
				if (name === undefined) return;
				if (own !== undefined) overtaken.add(request.sequence);
				foreignPaths.add(pathOf(name).toLowerCase());
				write(rig, name, Buffer.from(`not from this workflow: ${request.sequence}`));
			}),
		],
	},
	{
		...settingFault(
			'commit answered 202 for a while',
			/^commit\/processing$/,
			createRoutes,
			() => undefined,
		),
		weight: 3,
		// A run in which something lasts does not wait for long.
		mayLast: true,
		plant: (planned, { rig }) => [
			stateFault(planned, () => {
				const isForEver = planned.times === 'always';
				rig.cloud.box.settings.commit202 = isForEver ? 1_000 : 1 + Math.floor(planned.amount * 3);
				rig.cloud.box.settings.retryAfterSec = planned.amount;
			}),
		],
	},
	settingFault(
		'parts_mismatch after the last part',
		/^parts_mismatch$/,
		createRoutes,
		(rig, amount) => {
			rig.cloud.box.settings.partsMismatchTimes = 1 + Math.floor(amount * 2);
		},
	),
	{
		...settingFault(
			'commit answered 202 that has stored the file',
			/^commit\/processing$/,
			createRoutes,
			({ cloud: { box } }, amount) => {
				Object.assign(box.settings, { commit202: 1, storesBehind202: true, retryAfterSec: amount });
			},
		),
		weight: 5,
	},
	{
		name: 'part whose answer is lost, while the list of parts lags',
		weight: 6,
		routes: (shape) => atRoutes(routesOf(shape), PUT_PART),
		recoversFrom: 1,
		mayLast: false,
		reasons: /^(network\/answer_lost|range_overlaps_existing_part)$/,
		plant: (planned, { rig }) => [
			{
				...faultOn(planned, { kind: 'loseReply' }),
				onStrike: () => {
					rig.cloud.box.settings.unlistedParts = 2 + Math.floor(planned.amount * 2);
				},
			},
		],
	},
	{
		...settingFault(
			'commit refused with digest_mismatch',
			/^digest_mismatch$/,
			commitRoutes,
			({ cloud: { box } }) => void (box.settings.digestMismatchTimes = 1),
		),
		weight: 5,
		// A file gets a second session, and no third.
		recoversFrom: 1,
		usesUp: 'sessions',
	},
	{
		...settingFault(
			'folder that no list shows',
			/^(item_name_in_use|folder\/name_in_use)$/,
			// The first list is asked whether the folder is there.
			(shape) => atRoutes(routesOf(shape), LIST_ITEMS).map((at) => ({ ...at, mostCalls: 1 })),
			({ cloud: { box } }) => void (box.settings.unlistedFolders = 1),
		),
		weight: 2,
		recoversFrom: 1,
	},
	{
		...settingFault(
			'folder not found right after it was made',
			/^not_found$/,
			(shape) => atRoutes(routesOf(shape), CREATE_FOLDER),
			({ cloud: { box } }, amount) => {
				box.settings.newFolderMisses = 1 + Math.floor(amount * 3);
			},
		),
		weight: 4,
		recoversFrom: 1,
	},
	{
		...settingFault(
			'description changed by another client',
			/^precondition_failed$/,
			replacingRoutes,
			() => undefined,
		),
		weight: 4,
		plant: (planned, { rig }) => [
			stateFault(planned, (request) => {
				const { box } = rig.cloud;
				const name = nameWrittenBy(rig, request);
				const there = box.files().find((file) => file.name === name);
				if (there !== undefined) box.describeFile(there.id, `seen at ${request.sequence}`);
			}),
		],
	},
	settingFault('no plan of parts', /^$/, createRoutes, ({ cloud: { box } }) => {
		box.settings.plans = false;
	}),
	{
		name: 'plan refused',
		routes: planRoutes,
		recoversFrom: 5,
		mayLast: true,
		reasons: /^$/,
		plant: (planned) => [
			faultOn(planned, {
				kind: 'reply',
				status: [400, 403, 404, 405, 410, 500][Math.floor(planned.amount * 6)] ?? 400,
				headers: { 'content-type': 'application/json' },
				body: '{"type":"error","message":"No plan"}',
			}),
		],
	},
	{
		...settingFault('hits that do not fit the question', /^$/, planRoutes, (rig, amount) => {
			rig.cloud.box.settings.bentHits = UNFIT_HITS[Math.floor(amount * UNFIT_HITS.length)];
		}),
		weight: 3,
	},
	...(['vanishingHits', 'spoiltHits'] as const).map((setting) => ({
		...settingFault(
			setting === 'vanishingHits'
				? 'hits that are gone at the commit'
				: 'hits with other bytes than Box says',
			/^(parts_mismatch|digest_mismatch)$/,
			planRoutes,
			({ cloud: { box } }) => void (box.settings[setting] = 1),
		),
		weight: 3,
		// A file gets a second session, and no third.
		recoversFrom: 1,
		usesUp: 'sessions',
	})),
	settingFault(
		'folder blocked by another operation',
		/^operation_blocked_temporary$/,
		storingRoutes,
		(rig, amount) => {
			rig.cloud.box.settings.blockedTemporary = 1 + Math.floor(amount * 2);
		},
	),
	settingFault(
		'name reserved by another upload',
		/^name_temporarily_reserved$/,
		storingRoutes,
		(rig, amount) => {
			rig.cloud.box.settings.nameReserved = 1 + Math.floor(amount * 2);
		},
	),
	{
		name: 'account full',
		routes: storingRoutes,
		recoversFrom: 0,
		mayLast: true,
		reasons: /^storage_limit_exceeded$/,
		plant: (planned, { rig }) => [
			stateFault(planned, () => (rig.cloud.box.settings.quotaBytes = 0)),
		],
	},
];

/** Where a version is made of a file that is there. */
function replacingRoutes(shape: Shape): readonly FaultRoute[] {
	return shape.ifExists === 'replace' && shape.files.some(({ there }) => there !== undefined)
		? atRoutes(routesOf(shape), DIRECT_VERSION, COMMIT)
		: [];
}

function commitRoutes(shape: Shape): readonly FaultRoute[] {
	return atRoutes(routesOf(shape), COMMIT);
}

const UNFIT_HITS: readonly BentHits[] = [
	'another offset',
	'another size',
	'another hash',
	'one ID for all',
	'an ID that is none',
	'a hit twice',
	'no ID',
];

function planRoutes(shape: Shape): readonly FaultRoute[] {
	return atRoutes(routesOf(shape), PLAN);
}

function createRoutes(shape: Shape): readonly FaultRoute[] {
	return atRoutes(routesOf(shape), CREATE, CREATE_VERSION);
}

/** In one of the ways that Box has. */
function endSession({ cloud: { box } }: Rig, { pathname }: CloudRequest, amount: number): void {
	const id = /upload_sessions\/([^/]+)/.exec(pathname)?.[1] ?? '';
	if (!box.sessions().some((session) => session.id === id)) return;
	if (amount < 0.4) box.loseSession(id);
	else if (amount < 0.7) box.expireSession(id);
	else box.failSession(id);
}
