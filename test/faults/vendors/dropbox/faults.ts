/** What is special about what can go wrong at Dropbox. */
import type { CloudRequest } from '../../../cloud/core/contract';
import type { Rig } from '../../../support/rig';
import { atRoutes, faultOn, stateFault } from '../commonFaults';
import type { FaultKind } from '../vendor';
import { SESSION_LOST } from '../vendor';
import {
	ACCOUNT,
	APPEND,
	APPEND_BATCH,
	commitRoute,
	contentRoutes,
	FINISH,
	MALFORMED_ENTRY,
	pathOf,
	routesOf,
	sessionsOf,
	START_BATCH,
} from './calls';

export const dropboxFaults: FaultKind[] = [
	{
		name: SESSION_LOST,
		routes: (shape) => atRoutes(routesOf(shape), APPEND, APPEND_BATCH, FINISH),
		// A file gets a second session, and no third.
		recoversFrom: 1,
		mayLast: false,
		reasons: /^(not_found|lookup_failed\/not_found)$/,
		plant: (planned, { rig }) => [
			stateFault(planned, (request) => loseSession(rig, request, planned.amount)),
		],
	},
	{
		name: 'contention for the account',
		routes: commitRoute,
		recoversFrom: 2,
		mayLast: true,
		reasons: /^(path\/)?too_many_write_operations$/,
		plant: (planned, { rig }) => [
			stateFault(planned, () => {
				const { contention } = rig.cloud.dropbox;
				contention.reportedAsPath = planned.amount < 0.5;
				contention.failNext(
					planned.times === 'always' ? 1_000 : 1 + Math.floor(planned.amount * 4),
				);
			}),
		],
	},
	{
		name: 'commit stuck for a while',
		routes: commitRoute,
		recoversFrom: 1,
		mayLast: false,
		reasons: /^$/,
		plant: (planned) => [
			faultOn(planned, { kind: 'delay', delayMs: 500 + planned.amount * 2_500 }),
		],
	},
	{
		// Public reports: minutes, and whoever comes meanwhile is turned away in one of three ways.
		name: 'commit cut off and still at work, the next refused',
		weight: 2,
		routes: commitRoute,
		recoversFrom: 1,
		mayLast: false,
		// Where no other try is allowed, nobody waits for it.
		reasons: /^network\/answer_lost$/,
		plant: (planned, { rig }) => [
			{
				...faultOn(planned, { kind: 'cutOff', afterMs: 50 + planned.amount * 300 }),
				onStrike: () => {
					const ways = ['entry', 'path', '429'] as const;
					Object.assign(rig.cloud.dropbox.settings, {
						commitMs: 500 + planned.amount * 1_500,
						overlapRefusedAs: ways[Math.floor(planned.amount * 100) % ways.length],
					});
				},
			},
		],
	},
	{
		name: 'answer to a commit that nobody can make sense of',
		// Where another file may be in the way, a look does not tell.
		routes: (shape) => (['replace', 'rename'].includes(shape.ifExists) ? commitRoute(shape) : []),
		recoversFrom: 1,
		mayLast: false,
		reasons: /^(unknown|http\/unexpected_reply)$/,
		plant: (planned) => [
			faultOn(planned, {
				kind: 'replyAfter',
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ entries: [{ '.tag': 'failure', failure: {} }] }),
			}),
		],
	},
	{
		name: MALFORMED_ENTRY,
		weight: 2,
		routes: commitRoute,
		recoversFrom: 0,
		mayLast: true,
		reasons: /^http\/400$/,
		plant: (planned, { rig, scenario: { files } }) => [
			stateFault({ ...planned, times: 1, skip: 0 }, () => {
				const file = files[Math.floor(planned.amount * files.length)];
				if (file) rig.cloud.dropbox.settings.malformedText = JSON.stringify(pathOf(file.name));
			}),
		],
	},
	{
		name: 'front end with shorter headers',
		routes: (shape) =>
			contentRoutes(shape).length > 0 ? atRoutes(routesOf(shape), START_BATCH) : [],
		recoversFrom: 1,
		mayLast: false,
		reasons: /^$/,
		plant: (planned, { rig }) => [
			stateFault({ ...planned, skip: 0 }, () => {
				Object.assign(rig.cloud.dropbox.settings, {
					maxArgumentHeaderBytes: Math.round(700 + planned.amount * 5_000),
					oversizedHeaderStatus: planned.amount < 0.5 ? 400 : 431,
				});
			}),
		],
	},
	{
		name: 'content damaged on the way',
		weight: 2,
		routes: contentRoutes,
		recoversFrom: 5,
		mayLast: true,
		reasons: /^content_hash_mismatch$/,
		plant: (planned) => [faultOn(planned, { kind: 'corruptBody', atShare: planned.amount })],
	},
	{
		name: "another client's file at the path",
		weight: 3,
		routes: commitRoute,
		recoversFrom: 1,
		mayLast: false,
		reasons: /^path\/conflict\/file$/,
		plant: (planned, { rig, scenario: { files }, foreignPaths }) => [
			stateFault(planned, () => {
				const file = files[Math.floor(planned.amount * files.length)];
				if (!file) return;
				const path = pathOf(file.name);
				foreignPaths.add(path.toLowerCase());
				rig.cloud.dropbox.putFile(path, `not from this workflow: ${file.content.seed}`);
			}),
		],
	},
	{
		name: 'root of the account moved',
		routes: (shape) =>
			shape.options.root === 'home' ? [] : routesOf(shape).filter(({ route }) => route !== ACCOUNT),
		recoversFrom: 1,
		mayLast: false,
		reasons: /^invalid_root$/,
		plant: (planned) => [faultOn(planned, refusal(422, { '.tag': 'invalid_root' }))],
	},
	{
		name: 'account full',
		routes: commitRoute,
		recoversFrom: 0,
		mayLast: true,
		reasons: /^path\/insufficient_space$/,
		plant: (planned, { rig }) => [
			stateFault(planned, () => (rig.cloud.dropbox.settings.quotaBytes = 0)),
		],
	},
];

function refusal(status: number, error: object) {
	const body = JSON.stringify({ error_summary: 'refused/..', error });
	return { kind: 'reply', status, headers: { 'content-type': 'application/json' }, body } as const;
}

/** One of the sessions that the call is about; of a commit, whose argument is in its body, any. */
function loseSession(rig: Rig, request: CloudRequest, amount: number): void {
	const named = sessionsOf(request);
	const ids = named.length > 0 ? named : rig.cloud.dropbox.sessions().map(({ id }) => id);
	const id = ids[Math.floor(amount * ids.length)];
	if (id !== undefined) rig.cloud.dropbox.loseSession(id);
}
