/** A slow line is no stuck one: what makes progress may take as long as it takes. */
import { allowedSilenceMs } from '../../../nodes/shared/http/bodyProgress';
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as box from '../boxUpload/uploads';
import * as dropbox from '../upload/uploads';
import { MIB } from '../upload/uploads';

/**
 * Twelve minutes pass in a quarter of one, for the engine, the cloud and the line alike. Not faster: a process that
 * waits for its turn on a busy machine is silent too, and two minutes of silence must stay longer than that.
 */
const SPEED = 50;
const TIMEOUT_MS = 90_000;
const SLOW_BYTES_PER_SECOND = 60_000;
const FILE_BYTES = 40 * MIB;

const rig = useRig({ pace: { clockSpeed: SPEED } });

afterEach(() => rig().cloud.setNetwork({}));

const items = dropbox.numbered(1, FILE_BYTES);
const vendors = {
	Dropbox: {
		route: dropbox.APPEND,
		parts: FILE_BYTES / (4 * MIB),
		send: async () => await dropbox.upload(rig(), { items }),
		sizes: () =>
			rig()
				.cloud.dropbox.files()
				.map(({ size }) => size),
	},
	Box: {
		route: box.PUT_PART,
		parts: FILE_BYTES / (8 * MIB),
		send: async () => await box.upload(rig(), { items }),
		sizes: () =>
			rig()
				.cloud.box.files()
				.map(({ size }) => size),
	},
};

describe.each(Object.entries(vendors))('%s', (_, { route, parts, send, sizes }) => {
	it(
		'40 MiB at 60 kB a second are stored, and no part is sent twice',
		async () => {
			rig().cloud.setNetwork({ totalBytesPerSecond: SLOW_BYTES_PER_SECOND * SPEED });
			await send();
			expect(sizes()).toEqual([FILE_BYTES]);
			expect(rig().calls(route)).toHaveLength(parts);
		},
		TIMEOUT_MS,
	);

	it(
		'a part that nobody answers is sent again after minutes',
		async () => {
			const isSentAgain = async () => await until(() => rig().calls(route).length > parts);
			rig().cloud.faults.add({
				route,
				skip: 1,
				action: { kind: 'unanswered', until: isSentAgain },
			});
			const result = await send();
			expect(result.error).toBeUndefined();
			expect(sizes()).toEqual([FILE_BYTES]);
			await rig().cloud.idle();
			const statuses = rig()
				.calls(route)
				.map(({ status }) => status);
			expect(statuses.filter((status) => status === 200)).toHaveLength(parts);
			expect(statuses.filter((status) => status === undefined)).toHaveLength(1);
		},
		TIMEOUT_MS,
	);
});

describe('how long silence may last', () => {
	const answerTimeoutMs = 120_000;

	it.each([
		['two minutes on a fast line', 40 * MIB, 50e6, 121_700],
		['twice what the bytes take on a slow one', 40 * MIB, 60_000, 1_320_000],
		['by the slowest line while nobody knows', 8 * MIB, undefined, 632_000],
		['at most twenty minutes longer, whatever is on its way', 96 * MIB, undefined, 1_320_000],
		['two minutes with nothing on its way', 0, undefined, 120_000],
	])('%s', (_, onTheWayBytes, bytesPerSecond, expectedMs) => {
		const allowedMs = allowedSilenceMs({ answerTimeoutMs, onTheWayBytes, bytesPerSecond });
		expect(Math.abs(allowedMs - expectedMs)).toBeLessThan(100);
	});
});
