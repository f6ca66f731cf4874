import { sleep } from 'n8n-workflow';

import type { Failure } from '../../shared/failure';
import type { HashedPart } from '../../shared/transfer/partTarget';
import type { Connection } from '../api/connection';
import { planParts, sha512Of } from '../api/plan';
import type { PlannedPart, UploadPart, UploadSession } from '../api/types';
import { rememberNoPlan } from './planMemory';

/** The parts of one file that Box has from other files, as far as it says so and keeps to it. */
export class KnownParts {
	private readonly hits = new Map<number, UploadPart>();
	private wasAsked = false;
	private refusal: Failure | undefined;

	constructor(
		private readonly connection: Connection,
		private isAsked: boolean,
	) {}

	get isOpen(): boolean {
		return this.isAsked;
	}

	get count(): number {
		return this.hits.size;
	}

	/** Undefined when Box was not asked. */
	get notSentBytes(): number | undefined {
		if (!this.wasAsked) return undefined;
		return [...this.hits.values()].reduce((sum, { size }) => sum + size, 0);
	}

	/** Parts for the commit. A failure only means that everything is sent, and that Box is not asked again. */
	async hitsOf(
		session: UploadSession,
		parts: readonly HashedPart[],
	): Promise<readonly UploadPart[]> {
		if (!this.isAsked || parts.length === 0) return [];
		const sha1s = new Map(parts.map(({ offset, hash }) => [offset, hash]));
		const planned = await planParts(this.connection, session, await askedFor(parts));
		if (!planned.ok) {
			this.isAsked = false;
			this.refusal = planned.failure;
			return [];
		}
		this.wasAsked = true;
		const ids = new Set([...this.hits.values()].map(({ part_id: id }) => id));
		const hits = planned.value
			.filter(({ part_id: id }) => !ids.has(id))
			.map(({ part_id, offset, size }) => ({
				part_id,
				offset,
				size,
				sha1: sha1s.get(offset) ?? '',
			}));
		for (const hit of hits) this.hits.set(hit.offset, hit);
		return hits;
	}

	/** Another session, or this one found anew: what Box has is to be asked for again. */
	forget(): void {
		this.hits.clear();
	}

	/** Box does not make a file of what it said it has: it is not asked for a while. */
	distrust(): void {
		this.isAsked = false;
		rememberNoPlan(this.connection.client.accountKey);
	}

	/** The file is stored, so it was not the session that Box could not find. */
	rememberRefusal(): void {
		if (this.refusal !== undefined) rememberNoPlan(this.connection.client.accountKey);
	}
}

/** One part after the other, so that n8n gets on with other things in between. */
async function askedFor(parts: readonly HashedPart[]): Promise<PlannedPart[]> {
	const asked: PlannedPart[] = [];
	for (const { offset, content } of parts) {
		asked.push({ offset, size: content.length, sha512: sha512Of(content) });
		await sleep(0);
	}
	return asked;
}
