import type { CheckpointStore } from '../../shared/transfer/checkpoints';

/** Box itself tells which parts it has, and each is compared with the file: no mark is trusted. */
export const AT_START = { offset: 0, prefixHash: '' } as const;

export function fromStart(store: CheckpointStore): CheckpointStore {
	return {
		load: async (key) => {
			const record = await store.load(key);
			return record && { ...record, ...AT_START };
		},
		save: async (key, record) => await store.save(key, record),
		clear: async (key) => await store.clear(key),
	};
}

/** With Resume off nothing is noted. */
export const NO_STORE: CheckpointStore = {
	load: async () => await Promise.resolve(undefined),
	save: async () => await Promise.resolve(),
	clear: async () => await Promise.resolve(),
};
