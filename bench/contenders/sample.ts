import type { InputFile } from '../clients/job';
import type { NetworkName } from '../networks';

export interface Enough {
	readonly files: number;
	readonly bytes: number;
}

/**
 * For contenders that would take an hour: enough files to know what all would cost. They are taken
 * evenly from the list sorted by size, so that the sample is a small copy of the whole.
 */
export function sampler(enough: Readonly<Partial<Record<NetworkName, Enough>>>) {
	return (files: readonly InputFile[], network: NetworkName): readonly InputFile[] => {
		const limits = enough[network];
		if (!limits || files.length === 1) return files;
		const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
		const step = Math.ceil(Math.max(files.length / limits.files, bytes / limits.bytes));
		const bySize = [...files].sort((one, other) => one.sizeBytes - other.sizeBytes);
		return bySize.filter((_, index) => index % step === Math.floor(step / 2));
	};
}
