import { hasNoPlan } from './planMemory';
import type { ResolvedTarget } from './types';

export const SKIP_PARTS = ['auto', 'always', 'never'] as const;

/** When Box is asked which parts it has. */
export type SkipParts = (typeof SKIP_PARTS)[number];

/** Whether Box is asked for the parts of a large file: by default only where another version of it is known. */
export function asksForParts(
	skipParts: SkipParts,
	resolved: ResolvedTarget,
	accountKey: string,
): boolean {
	if (skipParts === 'never' || hasNoPlan(accountKey)) return false;
	return skipParts === 'always' || resolved.kind === 'newVersion' || resolved.isCopy === true;
}
