import type { BinaryMode } from '../engine/types';

/** Where n8n can keep files. Each engine has one, so seeds are handed out by it. */
export const STORES: readonly BinaryMode[] = ['filesystem', 'default', 'database'];

export function storeOf(seed: number): BinaryMode {
	return STORES[seed % STORES.length] as BinaryMode;
}
