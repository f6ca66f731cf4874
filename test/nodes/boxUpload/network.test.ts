/** Each fault at each step: the file arrives exactly once, or the item says why not; no session is forgotten. */
import type { FaultAction } from '../../cloud';
import type { RunResult } from '../../engine/types';
import { SHORT_WAITS } from '../../support/rig';
import type { Content, Upload } from './uploads';
import {
	CHECK,
	COMMIT,
	CREATE,
	CREATE_FOLDER,
	CREATE_VERSION,
	DIRECT,
	DIRECT_VERSION,
	GET_FILE,
	GET_FOLDER,
	LIST_ITEMS,
	PUT_PART,
	SMALLER_MIB as MIB,
	byId,
	byPath,
	file,
	hintOf,
	jsonOf,
	openSessions,
	sha1Of,
	storedFiles,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox(SHORT_WAITS);
const box = () => rig().cloud.box;

const SMALL: Content = { sizeBytes: 100_000, seed: 1 };
/** Three parts. */
const BIG: Content = { sizeBytes: 20 * MIB, seed: 2 };

/** Runs that go through all steps that there are, between them. */
const flows: Record<string, { content: Content; steps: string[]; run: Partial<Upload> }> = {
	'a small file into a new path': {
		content: SMALL,
		steps: [LIST_ITEMS, CREATE_FOLDER, CHECK, DIRECT],
		run: { parentFolderId: byPath('/New'), options: { checkFirst: 'always' } },
	},
	'a small new version': {
		content: SMALL,
		steps: [GET_FOLDER, CHECK, GET_FILE, DIRECT_VERSION],
		run: { ifExists: 'version' },
	},
	'a large file': {
		content: BIG,
		steps: [GET_FOLDER, CREATE, PUT_PART, COMMIT],
		run: { parentFolderId: byId('0') },
	},
	'a large new version': {
		content: BIG,
		steps: [CREATE_VERSION, PUT_PART, COMMIT],
		run: { ifExists: 'version' },
	},
};

const faults: Record<string, FaultAction> = {
	'429 with Retry-After': { kind: 'reply', status: 429, headers: { 'Retry-After': '1' } },
	'500': { kind: 'reply', status: 500 },
	'a reset within it': { kind: 'resetDuring', afterBytes: 10 },
	'a lost answer': { kind: 'loseReply' },
	'an expired token': { kind: 'expireToken' },
};

const cases = Object.entries(flows).flatMap(([flow, { steps }]) =>
	Object.keys(faults).map((fault) => [flow, fault, steps] as const),
);

describe.each(cases)('Upload File, %s, %s', (flow, fault, steps) => {
	const { content, run } = flows[flow]!;
	const isVersion = run.ifExists === 'version';

	it.each(steps)('at %s: stores it once', async (step) => {
		if (isVersion) box().putFile({ name: 'a', content: 'before' });
		rig().cloud.faults.add({ route: step, action: faults[fault]! });
		const result = await upload(rig(), { ...run, items: [file('a', content)] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ name: 'a', sha1: sha1Of(content) }]);
		expect(storedFiles(rig())).toMatchObject([
			{ name: 'a', sha1: sha1Of(content), versions: isVersion ? 2 : 1 },
		]);
		expectOpenSessionsToldOf(result);
	});
});

/** Only one whose opening was never answered can be left, and the output says that it may. */
function expectOpenSessionsToldOf(result: RunResult): void {
	const told = /An unused upload session may remain/.test(hintOf(result));
	const open = openSessions(rig());
	expect(open.length).toBeLessThanOrEqual(told ? 1 : 0);
}
