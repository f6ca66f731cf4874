/** The lines that everything is measured on. */
import { homeLine, officeLine, slowLine, type NetworkModel } from '../test/cloud';

export type NetworkName = 'loopback' | 'line' | 'home' | 'slow' | 'limited';

interface Network {
	readonly title: string;
	readonly model: NetworkModel;
	/** Left to those who ask for it: forty mebibytes take twelve minutes on the slow line. */
	readonly isOnDemand?: true;
	/** The vendor lets in no more than it has published, with a minute of this length. */
	readonly limitedMinuteMs?: number;
}

export const NETWORKS: Readonly<Record<NetworkName, Network>> = {
	loopback: { title: 'bare loopback', model: {} },
	line: { title: 'modeled line', model: officeLine },
	home: { title: 'home line', model: homeLine },
	limited: {
		title: "modeled line, Box's published limits with a minute of 6 s",
		model: officeLine,
		limitedMinuteMs: 6_000,
	},
	slow: { title: 'slow line', model: slowLine, isOnDemand: true },
};

export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[];
