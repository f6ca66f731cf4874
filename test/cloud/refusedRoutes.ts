/** A cloud that lacks a route, or refuses it to this account: as settings of the cloud that serves all of them. */
import type { FaultAction, Vendor } from './core/contract';
import { unknownFunction } from './dropbox';

/** How a route is refused. `unknown`: it is not there, in the vendor's own words. */
export type Refusal = 'unknown' | 404 | 403 | 409;
export const REFUSALS: readonly Refusal[] = ['unknown', 404, 403, 409];

interface Faulty {
	readonly faults: {
		add(fault: { vendor: Vendor; route: string; times: number; action: FaultAction }): () => void;
	};
}

/** From now on until the function that it gives is called. */
export function refuseRoute(
	{ faults }: Faulty,
	vendor: Vendor,
	route: string,
	refusal: Refusal,
): () => void {
	const action = vendor === 'dropbox' ? ofDropbox(route, refusal) : ofBox(refusal);
	return faults.add({ vendor, route, times: Infinity, action });
}

function ofDropbox(route: string, refusal: Refusal): FaultAction {
	if (refusal === 'unknown') {
		const { status, text: body } = unknownFunction(`/2/${route}`);
		return { kind: 'reply', status, headers: { 'content-type': 'text/plain' }, body };
	}
	return refusal === 409
		? json(409, { error_summary: 'other/..', error: { '.tag': 'other' } })
		: bare(refusal);
}

function ofBox(refusal: Refusal): FaultAction {
	if (refusal !== 'unknown') return bare(refusal);
	return json(404, { type: 'error', status: 404, code: 'not_found', message: 'Not Found' });
}

function json(status: number, value: object): FaultAction {
	const headers = { 'content-type': 'application/json' };
	return { kind: 'reply', status, headers, body: JSON.stringify(value) };
}

/** Without a word of the vendor's, as a front end answers. */
function bare(status: number): FaultAction {
	return { kind: 'reply', status, headers: { 'content-length': '0' }, body: '' };
}
