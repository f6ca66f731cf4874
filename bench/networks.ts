/** The lines that everything is measured on. */
import { homeLine, officeLine, slowLine, type NetworkModel } from '../test/cloud';

export type NetworkName = 'loopback' | 'line' | 'home' | 'slow';

interface Network {
	readonly title: string;
	readonly model: NetworkModel;
	/** Left to those who ask for it: forty mebibytes take twelve minutes on the slow line. */
	readonly isOnDemand?: true;
}

export const NETWORKS: Readonly<Record<NetworkName, Network>> = {
	loopback: { title: 'bare loopback', model: {} },
	line: { title: 'modeled line', model: officeLine },
	home: { title: 'home line', model: homeLine },
	slow: { title: 'slow line', model: slowLine, isOnDemand: true },
};

export const NETWORK_NAMES = Object.keys(NETWORKS) as NetworkName[];
