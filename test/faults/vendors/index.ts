import { box } from './box';
import { dropbox } from './dropbox';
import type { FaultVendor } from './vendor';

export const VENDORS: readonly FaultVendor[] = [dropbox, box];

/** The vendor of a seed, so that a seed alone says all. */
export function vendorOf(seed: number): FaultVendor {
	return VENDORS[seed % VENDORS.length] as FaultVendor;
}
