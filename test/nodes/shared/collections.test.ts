/**
 * Buffers leave V8 alone: it collects n8n's whole heap after every 64 MB of new ones, which costs more
 * than to hash and to send them. What is no buffer has it collect now and then as well.
 */
import type { RunResult } from '../../engine/types';
import type { Rig } from '../../support/rig';
import { useRig } from '../../support/rig';
import * as box from '../boxUpload/uploads';
import * as dropbox from '../upload/uploads';
import { MIB } from '../upload/uploads';

const rig = useRig();

const COUNT = 24;
const CONTENT_BYTES = 24 * MIB;
/** Parts of their own for each file cause one in 32 MiB, and more on a busy machine. */
const MOST_COLLECTIONS = (COUNT * CONTENT_BYTES) / (40 * MIB);

interface Vendor {
	/** The node that makes the files is done when this is asked. */
	readonly firstCall: string;
	readonly send: () => Promise<RunResult>;
	readonly storedCount: () => number;
}

const vendors: Record<string, (rig: Rig) => Vendor> = {
	Dropbox: (at) => ({
		firstCall: dropbox.START_BATCH,
		send: async () => await dropbox.upload(at, { items: dropbox.numbered(COUNT, CONTENT_BYTES) }),
		storedCount: () => at.cloud.dropbox.files().length,
	}),
	Box: (at) => ({
		firstCall: box.GET_FOLDER,
		send: async () => await box.upload(at, { items: dropbox.numbered(COUNT, CONTENT_BYTES) }),
		storedCount: () => at.cloud.box.files().length,
	}),
};

it.each(Object.entries(vendors))(
	'%s: many large files do not make V8 collect the heap of n8n again and again',
	async (_, of) => {
		const { engine, cloud } = rig();
		const { firstCall, send, storedCount } = of(rig());
		let before: number | undefined;
		const run = async () => {
			before = (await engine.usage()).fullCollections;
		};
		cloud.faults.add({ route: firstCall, action: { kind: 'before', run } });
		expect((await send()).status).toBe('success');
		expect(storedCount()).toBe(COUNT);
		const { fullCollections } = await engine.usage();
		expect(fullCollections - before!).toBeLessThanOrEqual(MOST_COLLECTIONS);
	},
	120_000,
);

it('a collection is counted', async () => {
	const { engine } = rig();
	const before = (await engine.usage()).fullCollections;
	await engine.collectGarbage();
	expect((await engine.usage()).fullCollections).toBe(before + 1);
});
