/** What can go wrong on the way to any vendor. */
import type { Fault, FaultAction } from '../../cloud';
import type { CloudRequest } from '../../cloud/core/contract';
import type { GeneratedContent } from '../../engine/types';
import type { PlannedFault } from '../campaign/scenario';
import type { FaultKind, FaultRoute, Scene } from './vendor';

type Routes = FaultKind['routes'];

export interface CommonFaultOptions {
	/** Every call of an upload. */
	readonly routes: Routes;
	/** Those of them that carry bytes of files. */
	readonly contentRoutes: Routes;
	readonly tokenRoute: string;
	readonly rateLimited: (retryAfterSec: number) => FaultAction;
}

export const RATE_LIMITED = '429';

export function retryAfterSecOf(amount: number): number {
	return Math.round(amount * 10) / 10;
}

/** Longer than a run waits for an account. One that asks for little, for ever, takes ten minutes to end. */
const TOO_LONG_SEC = 400;

/** Strikes that the retries of one call get over. */
const EACH_CALL = 5;

export function faultOn(planned: PlannedFault, action: FaultAction): Fault {
	const { route, skip, times } = planned;
	return { route, skip, times: times === 'always' ? Infinity : times, action };
}

/** A fault that changes something at the vendor just before the call reaches it. */
export function stateFault(planned: PlannedFault, change: (request: CloudRequest) => void): Fault {
	let current: CloudRequest | undefined;
	return {
		...faultOn(planned, { kind: 'before', run: () => current && change(current) }),
		onStrike: (request) => (current = request),
	};
}

export function commonFaults(options: CommonFaultOptions): FaultKind[] {
	const { routes, contentRoutes, tokenRoute, rateLimited } = options;
	const kind = (
		name: string,
		reasons: RegExp,
		action: (amount: number) => FaultAction,
		at: Routes = routes,
	): FaultKind => ({
		name,
		routes: at,
		recoversFrom: EACH_CALL,
		mayLast: true,
		reasons,
		plant: (planned) => [faultOn(planned, action(planned.amount))],
	});
	/** Where a file could be doubled, or said not to be there. */
	const handled = (...of: Parameters<typeof kind>): FaultKind => ({ ...kind(...of), weight: 2 });
	const lost = /^(network\/answer_lost|outcome_unknown)$/;
	const broken = /^(http\/50[023]|outcome_unknown)$/;
	const odd = /^(http\/unexpected_reply|outcome_unknown)$/;
	return [
		kind('connection reset before the call', lost, () => ({ kind: 'resetBefore' })),
		kind(
			'connection reset within the body',
			lost,
			(amount) => ({ kind: 'resetDuring', afterBytes: Math.floor(amount * 300_000) }),
			contentRoutes,
		),
		handled('answer lost', lost, () => ({ kind: 'loseReply' })),
		handled('answer broken off', lost, (amount) => ({
			kind: 'truncateReply',
			bytes: Math.floor(amount * 40),
		})),
		handled('truncated JSON', odd, (amount) => ({
			kind: 'replyAfter',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: '{"entries": [{".tag": "success"'.slice(0, 2 + Math.floor(amount * 30)),
		})),
		kind('page of a proxy with status 200', odd, () => page(200, 'reply')),
		kind('500, 502, 503 with HTML, call not handled', broken, (amount) =>
			page([500, 502, 503][Math.floor(amount * 3)] ?? 500, 'reply'),
		),
		handled('500, 502, 503 with HTML, call handled', broken, (amount) =>
			page([500, 502, 503][Math.floor(amount * 3)] ?? 500, 'replyAfter'),
		),
		// Box's list of errors says of 503: a write may persist its changes after it.
		{
			...kind('503, call handled later', broken, (amount) => ({
				kind: 'replyFirst',
				status: 503,
				body: '<html><h1>Unavailable</h1></html>',
				handleAfterMs: 50 + amount * 1_500,
			})),
			weight: 5,
		},
		{
			...kind(RATE_LIMITED, /^(rate_limited|rate_limit_exceeded|too_many_.*)$/, rateLimited),
			plant: (planned) => [
				faultOn(
					planned,
					rateLimited(planned.times === 'always' ? TOO_LONG_SEC : retryAfterSecOf(planned.amount)),
				),
			],
		},
		{
			...kind('token expired', /^$/, () => ({ kind: 'expireToken' })),
			mayLast: false,
			plant: (planned, scene) => [expiry(planned, scene)],
		},
		{
			...kind('token expired, renewal down', /^auth\/not_renewed$/, () => ({
				kind: 'expireToken',
			})),
			plant: (planned, scene) => [
				expiry({ ...planned, times: 1 }, scene),
				faultOn({ ...planned, route: tokenRoute, skip: 0 }, page(503, 'reply')),
			],
		},
		{
			...kind('slow call', /^$/, (amount) => ({ kind: 'delay', delayMs: 50 + amount * 450 })),
			mayLast: false,
		},
		{
			...kind('slow answer', /^$/, (amount) => ({
				kind: 'slowReply',
				bytesPerSecond: 8_000 + amount * 32_000,
			})),
			mayLast: false,
		},
	];
}

/** No vendor expires a token that it has just given out. */
function expiry(planned: PlannedFault, scene: Scene): Fault {
	const when = (request: CloudRequest): boolean => !scene.hasFreshToken(request);
	return { ...faultOn(planned, { kind: 'expireToken' }), when };
}

function page(status: number, kind: 'reply' | 'replyAfter'): FaultAction {
	return {
		kind,
		status,
		headers: { 'content-type': 'text/html' },
		body: `<html><head><title>${status}</title></head><body><h1>Something else</h1></body></html>`,
	};
}

export function atRoutes(all: readonly FaultRoute[], ...names: readonly string[]): FaultRoute[] {
	return all.filter(({ route }) => names.includes(route));
}

/** Hashing the same file again for every comparison would take longer than uploading it. */
export function remembered(
	hashOf: (content: GeneratedContent) => string,
): (content: GeneratedContent) => string {
	const hashes = new Map<string, string>();
	return (content) => {
		const key = `${content.seed} ${content.sizeBytes}`;
		const hash = hashes.get(key) ?? hashOf(content);
		hashes.set(key, hash);
		return hash;
	};
}

export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
