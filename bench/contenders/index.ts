import { clientContenders } from './clients';
import { nodeContenders } from './nodes';
import { rcloneContenders } from './rclone';
import type { Contender } from './types';

export { RunFailed } from './types';
export type { Contender, SourceAccount, Task, Vendor } from './types';

/** In the order of the tables. */
export const ORDER: readonly string[] = [
	'ours',
	'ours-from-url',
	'ours-new-version',
	'ours-all-parts',
	'http-request',
	'built-in',
	'sdk',
	'sdk-as-ours',
	'rclone',
	'rclone-tuned',
	'limit-new',
	'limit',
];

export const CONTENDERS: readonly Contender[] = [
	...nodeContenders,
	...clientContenders,
	...rcloneContenders,
].sort((one, other) => ORDER.indexOf(one.id) - ORDER.indexOf(other.id));
