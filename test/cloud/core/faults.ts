import type { CloudRequest, Fault, FaultAction, ServiceName } from './contract';

/** The script of what goes wrong. The first fault that matches and has strikes left is taken. */
export class Faults {
	private script: { fault: Fault; skipsLeft: number; timesLeft: number }[] = [];

	/** Returns a function that takes the fault out again. */
	add(fault: Fault): () => void {
		const entry = { fault, skipsLeft: fault.skip ?? 0, timesLeft: fault.times ?? 1 };
		this.script.push(entry);
		return () => {
			this.script = this.script.filter((other) => other !== entry);
		};
	}

	clear(): void {
		this.script = [];
	}

	strike(
		vendor: ServiceName,
		route: string | undefined,
		request: CloudRequest,
	): FaultAction | undefined {
		for (const entry of this.script) {
			if (entry.timesLeft <= 0 || !matches(entry.fault, vendor, route, request)) continue;
			if (entry.skipsLeft > 0) {
				entry.skipsLeft -= 1;
				continue;
			}
			entry.timesLeft -= 1;
			entry.fault.onStrike?.(request);
			return entry.fault.action;
		}
		return undefined;
	}
}

function matches(
	fault: Fault,
	vendor: ServiceName,
	route: string | undefined,
	request: CloudRequest,
): boolean {
	if (fault.vendor && fault.vendor !== vendor) return false;
	if (typeof fault.route === 'string' && fault.route !== route) return false;
	if (fault.route instanceof RegExp && !(route !== undefined && fault.route.test(route)))
		return false;
	return fault.when?.(request) ?? true;
}
