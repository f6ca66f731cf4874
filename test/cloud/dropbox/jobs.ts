/** Work that answers later. A job is done when it starts, and says so after enough questions. */
import { randomBytes } from 'node:crypto';

interface Job {
	readonly kind: string;
	readonly accountId: string;
	readonly result: Record<string, unknown>;
	/** -1 once the result has been told. */
	pollsLeft: number;
	readonly complete: () => void;
}

export interface LaunchedJob {
	readonly id: string;
	/** Settles when somebody has been told the result, or the job is forgotten. */
	readonly completed: Promise<void>;
}

export class Jobs {
	private readonly jobs = new Map<string, Job>();

	/** `result` is the union that the check answers at last, e.g. `{".tag": "complete", ...}`. */
	launch(
		kind: string,
		accountId: string,
		polls: number,
		result: Record<string, unknown>,
	): LaunchedJob {
		const id = `dbjid:${randomBytes(24).toString('base64url')}`;
		let complete = (): void => undefined;
		const completed = new Promise<void>((resolve) => {
			complete = resolve;
		});
		this.jobs.set(id, { kind, accountId, result, pollsLeft: polls, complete });
		return { id, completed };
	}

	/** Undefined for a job that does not exist, is of another kind or somebody else's. */
	check(id: string, kind: string, accountId: string): Record<string, unknown> | undefined {
		const job = this.jobs.get(id);
		if (!job || job.kind !== kind || job.accountId !== accountId) return undefined;
		if (job.pollsLeft > 0) {
			job.pollsLeft -= 1;
			return { '.tag': 'in_progress' };
		}
		job.pollsLeft = -1;
		job.complete();
		return job.result;
	}

	/** Ids of the jobs whose result nobody has been told yet. */
	get running(): string[] {
		return [...this.jobs].filter(([, { pollsLeft }]) => pollsLeft >= 0).map(([id]) => id);
	}

	reset(): void {
		for (const job of this.jobs.values()) job.complete();
		this.jobs.clear();
	}
}
