/** A source that stops sending and keeps the connection open: gone on with after two minutes, or said. */
import { useRig } from '../../support/rig';
import type { SourceFile } from '../../support/sourceServer';
import { useSourceServer } from '../../support/sourceServer';
import { until } from '../../support/until';
import { PUT_PART } from '../boxUpload/uploads';
import { APPEND, errorsOf, hintOf } from '../upload/uploads';
import { MIB, generated, vendorNames, vendors } from './uploads';

/** Two minutes are two seconds. */
const TIMER_SPEED = 60;
const STALLED_MS = 120_000 / TIMER_SPEED;

const rig = useRig({ pace: { timerSpeed: TIMER_SPEED } });
const source = useSourceServer();

const LARGE = generated(40 * MIB + 1);
const SMALL = generated(3 * MIB);

const statuses = () => source().requests.map(({ status }) => status);

describe.each(vendorNames)('%s', (vendor) => {
	const { hashOf } = vendors[vendor];
	const send = async (file: SourceFile, options = {}) =>
		await vendors[vendor].send(rig(), { urls: [source().put('/big.bin', file)], options });
	const stored = () => vendors[vendor].stored(rig());

	it.each([
		['large', LARGE],
		['small', SMALL],
	])('asks for the rest of a %s file', async (_, content) => {
		const stalls = [MIB + 1];
		const startedAtMs = Date.now();
		const result = await send({ content, etag: '"1"', stalls });
		expect(errorsOf(result)).toEqual([undefined]);
		expect(stored()).toEqual([hashOf(content)]);
		expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(STALLED_MS);
		expect(statuses()).toEqual([200, 206]);
		expect(source().sentBytes).toBe(content.sizeBytes);
		expect(hintOf(result)).toContain('1 retry (source/stalled)');
	});

	it('begins anew when the server has no ranges', async () => {
		const result = await send({ content: LARGE, ranges: false, stalls: [30 * MIB] });
		expect(errorsOf(result)).toEqual([undefined]);
		expect(stored()).toEqual([hashOf(LARGE)]);
		expect(statuses()).toEqual([200, 200]);
	});

	it.each<[string, Partial<SourceFile>, string, string]>([
		[
			'sends nothing more',
			{ stalls: [MIB, MIB, MIB] },
			'source/stalled',
			'The server stopped sending in the middle of the file',
		],
		[
			'does not answer at all',
			{ silent: true },
			'source/unreachable',
			"The server couldn't be reached",
		],
	])('says so when the server %s', async (_, how, path, message) => {
		const result = await send({ content: LARGE, etag: '"1"', ...how }, { maxRetries: 1 });
		expect(errorsOf(result)).toMatchObject([{ path, message, stored: 'no', retryable: true }]);
		expect(stored()).toEqual([]);
		expect(source().requests).toHaveLength(2);
		await until(async () => (await rig().engine.openHandles()).sockets === 0);
	});

	it('gives the server the time that the vendor takes', async () => {
		const route = vendor === 'Dropbox' ? APPEND : PUT_PART;
		rig().cloud.faults.add({ route, action: { kind: 'delay', delayMs: 2 * STALLED_MS } });
		const result = await send({ content: LARGE, etag: '"1"' }, { parallel: 1 });
		expect(errorsOf(result)).toEqual([undefined]);
		expect(statuses()).toEqual([200]);
	});
});
