import type { Measured } from '../../clients/job';

export declare function startMeter(): void;
export declare function readMeter(): Measured;
