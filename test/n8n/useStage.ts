import { startStage, type Stage } from './stage';

const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;

/** The stage of one test file. */
export function useStage(prepare: (stage: Stage) => Promise<void>): () => Stage {
	let stage: Stage | undefined;
	beforeAll(async () => {
		stage = await startStage();
		await prepare(stage);
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		try {
			expect(stage?.cloud.errors).toEqual([]);
		} finally {
			await stage?.stop();
		}
	}, STOP_TIMEOUT_MS);
	return () => {
		if (!stage) throw new Error('The stage is there inside tests only');
		return stage;
	};
}
