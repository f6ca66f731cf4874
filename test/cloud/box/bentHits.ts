/** Ways in which the hits of a plan can be wrong, each with what it makes of them. */
import type { PlanHit } from './sessions';

type Bend = (hits: readonly PlanHit[], partSize: number) => unknown[];

export const BENT_HITS = {
	'another offset': (hits, partSize) =>
		hits.map((hit) => ({ ...hit, offset: hit.offset + 1_000 * partSize })),
	'another size': (hits) => hits.map((hit) => ({ ...hit, size: hit.size - 1 })),
	'another hash': (hits) => hits.map((hit) => ({ ...hit, sha512: '0'.repeat(128) })),
	'one ID for all': ([first, ...others]) =>
		first === undefined
			? []
			: [first, ...others.map((hit) => ({ ...hit, part_id: first.part_id }))],
	'an ID that is none': (hits) => hits.map((hit) => ({ ...hit, part_id: '' })),
	'a hit twice': (hits) => [...hits, ...hits],
	'no ID': (hits) => hits.map(({ part_id: _, ...hit }) => hit),
	'unknown IDs': (hits) => hits.map((hit, index) => ({ ...hit, part_id: `DEAD${index}` })),
} as const satisfies Readonly<Record<string, Bend>>;

export type BentHits = keyof typeof BENT_HITS;
