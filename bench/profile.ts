/** Ours beside the limits, looked into: what keeps it from them. */
import { CONTENDERS } from './contenders';

export const PROFILED_CASES = ['one-1gib'];

export const PROFILED = CONTENDERS.filter(({ id }) => ['ours', 'limit-new', 'limit'].includes(id));
