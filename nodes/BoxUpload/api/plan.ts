import { createHash } from 'node:crypto';

import { wrongInput } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { isObject, isString, quotable } from '../../shared/json';
import type { Connection } from './connection';
import { UPLOAD_URL } from './connection';
import { checkedEndpoint, idSegment } from './endpoint';
import { toFailure } from './failures/read';
import * as shapes from './shapes';
import type { PlannedPart, PlanHit, UploadSession } from './types';

/** A question that can be done without is not worth a long wait. */
const MAX_RETRIES = 2;

/** In lower-case hexadecimal, as Box's own clients send it. */
export function sha512Of(content: Buffer): string {
	return createHash('sha512').update(content).digest('hex');
}

/**
 * Asks which of these parts Box has already, from whatever file. A hit is listed in the commit like a part that was
 * sent. Only hits that fit to a part of the question, one for each, with an ID that no other part has.
 * https://developer.box.com/reference/post-files-upload-sessions-id-plan
 */
export async function planParts(
	connection: Connection,
	session: UploadSession,
	parts: readonly PlannedPart[],
): Promise<Outcome<readonly PlanHit[]>> {
	const url = planUrl(session);
	if (!url.ok) return url;
	const planned = await connection.send({
		method: 'POST',
		url: url.value,
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ parts }),
		shape: shapes.planHits,
		step: 'plan',
		maxRetries: MAX_RETRIES,
	});
	return planned.ok ? fittingHits(parts, planned.value) : planned;
}

/** Older sessions name no address for it. */
function planUrl({ id, session_endpoints: endpoints }: UploadSession): Outcome<string> {
	const named = isObject(endpoints) ? endpoints.plan : undefined;
	return isString(named)
		? checkedEndpoint(named)
		: success(`${UPLOAD_URL}/files/upload_sessions/${idSegment(id)}/plan`);
}

function fittingHits(
	parts: readonly PlannedPart[],
	hits: readonly PlanHit[],
): Outcome<readonly PlanHit[]> {
	const open = new Map(parts.map((part) => [part.offset, part]));
	const ids = new Set<string>();
	const fitting: PlanHit[] = [];
	for (const hit of hits) {
		const asked = open.get(hit.offset);
		const fits = asked?.size === hit.size && asked.sha512 === hit.sha512.toLowerCase();
		if (!fits || hit.part_id === '') return unfit(hit);
		open.delete(hit.offset);
		if (ids.has(hit.part_id)) continue;
		ids.add(hit.part_id);
		fitting.push(hit);
	}
	return success(fitting);
}

function unfit({ offset, size, part_id: id }: PlanHit): Outcome<never> {
	const vendorText = quotable(`offset ${offset}, size ${size}, part_id ${JSON.stringify(id)}`);
	return failed({ ...UNFIT, vendorText });
}

const UNFIT = toFailure(
	'plan/unfit',
	wrongInput(
		'Box named a part that it was not asked about',
		"Send all parts with 'Upload Part': nothing was changed. If this happens again, check the proxy of the n8n server, which may change responses of Box.",
	),
);
