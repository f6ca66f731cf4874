/** Probes one after the other: whatever happens in one is a verdict of its own. */
import type { Finding, Probes } from './assumption';
import { Broken, NotSeen } from './assumption';
import type { Wire } from './wire';

export async function probeAll<A extends { readonly wire: Wire }>(
	api: A,
	probes: Probes<A>,
	{ onFinding, signal }: { onFinding?: (finding: Finding) => void; signal?: AbortSignal } = {},
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const [id, probe] of Object.entries(probes)) {
		api.wire.takeCalls();
		const seen = signal?.aborted ? STOPPED : await verdictOf(async () => await probe(api));
		const finding = { id, ...seen, calls: api.wire.takeCalls() };
		findings.push(finding);
		onFinding?.(finding);
	}
	return findings;
}

const STOPPED = { verdict: 'not seen', said: 'stopped before' } as const;

async function verdictOf(probe: () => Promise<void>): Promise<Pick<Finding, 'verdict' | 'said'>> {
	try {
		await probe();
		return { verdict: 'held', said: '' };
	} catch (error) {
		if (error instanceof Broken) return { verdict: 'broken', said: error.message };
		if (error instanceof NotSeen) return { verdict: 'not seen', said: error.message };
		// A text of the network may name hosts, and nothing of the account.
		const { code, name } = error as { code?: unknown; name?: unknown };
		return { verdict: 'not seen', said: `no answer (${String(code ?? name)})` };
	}
}
