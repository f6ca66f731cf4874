/** A source that sends, and does not get on: told after minutes, while an honest slow line may take its time. */
import { useRig } from '../../support/rig';
import type { SourceFile } from '../../support/sourceServer';
import { useSourceServer } from '../../support/sourceServer';
import { errorsOf } from '../upload/uploads';
import { MIB, generated, vendors } from './uploads';

/** Four minutes are four seconds. */
const SPEED = 60;

const rig = useRig({ pace: { timerSpeed: SPEED } });
const source = useSourceServer();

const { send, stored, hashOf } = vendors.Dropbox;
const LARGE = generated(40 * MIB);
const SLOW = generated(3 * MIB);

const upload = async (file: SourceFile, options = {}) =>
	await send(rig(), { urls: [source().put('/big.bin', file)], options });

it('a byte every five seconds is told, after another try', async () => {
	const drip = { bytesPerSecond: SPEED / 5, stepBytes: 1 };
	const result = await upload({ content: LARGE, etag: '"1"', ...drip }, { maxRetries: 3 });
	expect(errorsOf(result)).toMatchObject([
		{
			path: 'source/too_slow',
			message: 'The server sends the file too slowly',
			stored: 'no',
			retryable: true,
		},
	]);
	expect(source().requests.map(({ status }) => status)).toEqual([200, 206]);
	expect(stored(rig())).toEqual([]);
});

it('10 kB a second is an honest line, for however many minutes', async () => {
	const startedAtMs = Date.now();
	const result = await upload({ content: SLOW, etag: '"1"', bytesPerSecond: 10_000 * SPEED });
	expect(errorsOf(result)).toEqual([undefined]);
	expect(stored(rig())).toEqual([hashOf(SLOW)]);
	// More than one stretch of four minutes.
	expect(Date.now() - startedAtMs).toBeGreaterThan((240_000 / SPEED) * 1.1);
});

it('a few bytes a connection are no progress', async () => {
	const cuts = Array.from({ length: 100 }, (_, index) => 4_000 * (index + 1));
	const result = await upload({ content: LARGE, etag: '"1"', stepBytes: 1_000, cuts });
	expect(errorsOf(result)).toMatchObject([{ path: 'source/broken', stored: 'no' }]);
	// Seven tries from where it broke; what breaks before its first byte is read begins anew, five times at most.
	expect(source().requests.length).toBeLessThanOrEqual(12);
});

it('many links to a server that is away share one budget of waiting', async () => {
	const file: SourceFile = { content: Buffer.from('x'), status: 503 };
	const urls = Array.from({ length: 8 }, (_, index) => source().put(`/${index}.txt`, file));
	const result = await send(rig(), { urls, options: { maxRetries: 1 } });
	expect(errorsOf(result).map((error) => error?.path)).toEqual(urls.map(() => 'source/http_503'));
	expect(source().requests).toHaveLength(2 * urls.length);
});
