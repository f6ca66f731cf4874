/** What the log of the cloud tells about a run. */
import { isDeepStrictEqual } from 'node:util';

import type { LoggedRequest } from '../../cloud';
import { RATE_LIMITED, retryAfterSecOf } from '../vendors/commonFaults';
import type { FaultVendor } from '../vendors/vendor';
import type { Scenario } from './scenario';

/** One line of what happened. */
export function describeRequest(request: LoggedRequest): string {
	const { sequence, route, status, fault, requestBytes, startedAtMs, endedAtMs } = request;
	const tookMs = endedAtMs === undefined ? 'open' : `${endedAtMs - startedAtMs} ms`;
	const argument = JSON.stringify(request.argument)?.slice(0, 200) ?? '';
	return `${sequence} ${route ?? 'unknown'} ${status ?? 'reset'} ${fault ?? '-'} ${requestBytes} B ${tookMs} ${argument}`;
}

/** Clocks of two processes, and the rounding of both. */
const EARLY_TOLERANCE_MS = 20;

/** A call that was told to wait comes again when it was told to, or later. */
export function cameTooEarly(
	log: readonly LoggedRequest[],
	{ faults }: Scenario,
	{ serialRoutes }: FaultVendor,
): string[] {
	// One that lasts is for longer than a run waits: the run ends, and the next one comes when it is started.
	const waits = faults.filter(({ kind, times }) => kind === RATE_LIMITED && times !== 'always');
	return log.flatMap((refused, index) => {
		if (refused.status !== 429) return [];
		const asked = waits.filter(({ route }) => route === refused.route);
		const waitMs = Math.min(...asked.map(({ amount }) => retryAfterSecOf(amount))) * 1_000;
		const isSerial = serialRoutes.includes(refused.route ?? '');
		// A call that was refused unread has no argument to know it by.
		if (refused.argument === undefined && !isSerial) return [];
		const again = log.slice(index + 1).find((later) => isSameCall(later, refused));
		const paused = (again?.startedAtMs ?? Infinity) - (refused.endedAtMs ?? 0);
		if (asked.length === 0 || paused >= waitMs - EARLY_TOLERANCE_MS) return [];
		return [`${refused.route} was told to wait ${waitMs} ms, and came again after ${paused} ms`];
	});
}

function isSameCall(one: LoggedRequest, other: LoggedRequest): boolean {
	if (one.route !== other.route) return false;
	return other.argument === undefined || isDeepStrictEqual(one.argument, other.argument);
}
