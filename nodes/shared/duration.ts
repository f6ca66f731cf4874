/** E.g. `4 s`, `3 min`, `3 min 20 s`. */
export function readableDuration(durationMs: number): string {
	const seconds = Math.round(durationMs / 1_000);
	const minutes = Math.floor(seconds / 60);
	const rest = seconds % 60;
	if (minutes === 0) return `${rest} s`;
	return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
