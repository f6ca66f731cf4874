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
	let next = 0;
	let broken = false;
	const worker = async (): Promise<void> => {
		while (next < tasks.length && !broken) {
			const index = next++;
			try {
				results[index] = await work(tasks[index] as T, index);
			} finally {
				broken ||= !(index in results);
			}
		}
	};
	const workers = Array.from({ length: Math.min(parallel, tasks.length) }, worker);
	const ended = await Promise.allSettled(workers);
	const problem = ended.find((end) => end.status === 'rejected');
	if (problem !== undefined) throw problem.reason;
	return results;
}
