/**
 * Works through `tasks` with at most `parallel` under way and gives the results in the order of the
 * tasks. A task that throws stops the pulling of further ones; those under way are awaited first.
 */
export async function inParallel<T, R>(
	tasks: readonly T[],
	parallel: number,
	work: (task: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results = new Array<R>(tasks.length);
	const open = tasks.entries();
	let broken = false;
	const worker = async (): Promise<void> => {
		for (const [index, task] of open) {
			try {
				results[index] = await work(task, index);
			} finally {
				broken ||= !(index in results);
			}
			if (broken) return;
		}
	};
	const workers = Array.from({ length: Math.min(parallel, tasks.length) }, worker);
	const ended = await Promise.allSettled(workers);
	const problem = ended.find((end) => end.status === 'rejected');
	if (problem !== undefined) throw problem.reason;
	return results;
}
