/** A source that breaks, changes or ends early: gone on with, begun anew, or said; never stored in part. */
import { setTimeout as sleep } from 'node:timers/promises';

import { SHORT_WAITS, useRig } from '../../support/rig';
import type { SourceFile } from '../../support/sourceServer';
import { useSourceServer } from '../../support/sourceServer';
import { errorsOf, hashOf, hintOf, jsonOf } from '../upload/uploads';
import { MIB, generated, toDropbox, vendorNames, vendors } from './uploads';

const rig = useRig({ pace: SHORT_WAITS });
const source = useSourceServer();

/** An upload session of each vendor. */
const LARGE = generated(24 * MIB + 1);
const SMALL = generated(3 * MIB);

describe.each(vendorNames)('%s', (vendor) => {
	const { hashOf: hash } = vendors[vendor];
	const send = async (url: string, options = {}) =>
		await vendors[vendor].send(rig(), { urls: [url], options });
	const stored = () => vendors[vendor].stored(rig());
	const expectStored = (file: SourceFile) => expect(stored()).toEqual([hash(file.content)]);

	it.each([
		['large', LARGE],
		['small', SMALL],
	])('a %s file that breaks five times is gone on with', async (_, content) => {
		const cuts = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => Math.floor(share * content.sizeBytes));
		const file: SourceFile = { content, etag: '"1"', cuts };
		const url = source().put('/big.bin', file);
		const result = await send(url);
		expect(errorsOf(result)).toEqual([undefined]);
		expectStored(file);
		expect(cuts).toEqual([]);
		if (content === LARGE) {
			expect(source().requests.map(({ status }) => status)).toEqual([
				200,
				...Array<number>(5).fill(206),
			]);
			expect(source().sentBytes).toBeLessThan(content.sizeBytes + 5 * MIB);
			expect(hintOf(result)).toContain('5 × source/broken');
		}
	});

	it.each<[string, Partial<SourceFile>]>([
		['has no ranges', { etag: '"1"', ranges: false }],
		['has nothing to know the file by', {}],
		['has only a weak ETag', { etag: 'W/"1"' }],
	])('begins anew when the server %s', async (_, how) => {
		const file: SourceFile = { content: LARGE, cuts: [18 * MIB], ...how };
		const url = source().put('/big.bin', file);
		expect(errorsOf(await send(url))).toEqual([undefined]);
		expectStored(file);
		expect(source().requests.map(({ status }) => status)).toEqual([200, 200]);
	});

	it.each([
		['large', LARGE, generated(20 * MIB + 7)],
		['small', SMALL, generated(SMALL.sizeBytes, 99)],
	])('stores the new file whole when a %s one changes meanwhile', async (_, content, later) => {
		const changed: SourceFile = { content: later, etag: '"2"' };
		const url = source().put('/big.bin', {
			content,
			etag: '"1"',
			cuts: [content.sizeBytes - MIB],
			onRequest: () => source().put('/big.bin', changed),
		});
		expect(errorsOf(await send(url))).toEqual([undefined]);
		expectStored(changed);
	});

	it('never stores a file that keeps ending early', async () => {
		const url = source().put('/big.bin', {
			content: LARGE,
			etag: '"1"',
			ranges: false,
			cuts: Array<number>(20).fill(LARGE.sizeBytes - 1),
		});
		const [error] = errorsOf(await send(url));
		expect(error).toMatchObject({ path: 'source/broken', stored: 'no', retryable: true });
		expect(stored()).toEqual([]);
	});

	it('stops asking a server that gives nothing more', async () => {
		const url = source().put('/big.bin', {
			content: LARGE,
			etag: '"1"',
			cuts: Array<number>(20).fill(18 * MIB),
		});
		const [error] = errorsOf(await send(url, { maxRetries: 2 }));
		expect(error).toMatchObject({ path: 'source/broken', stored: 'no', retryable: true });
		expect(error!.description).toContain('The node has tried 3 times.');
		expect(source().requests).toHaveLength(3);
		expect(stored()).toEqual([]);
	});

	it('waits for a server that is busy', async () => {
		let refusals = 2;
		const content = Buffer.from('in the end');
		const file: SourceFile = {
			content,
			status: 503,
			headers: { 'retry-after': '0' },
			onRequest: () => {
				if (--refusals === 0) source().put('/a.txt', { content });
			},
		};
		const result = await send(source().put('/a.txt', file));
		expect(errorsOf(result)).toEqual([undefined]);
		expectStored({ content });
		expect(hintOf(result)).toContain('2 × source/http_503');
	});
});

describe('Dropbox', () => {
	it('takes a file of unknown size, also when it breaks and has to be read anew', async () => {
		const file: SourceFile = { content: LARGE, length: false, ranges: false, cuts: [18 * MIB] };
		const [json] = jsonOf(await toDropbox(rig(), { urls: [source().put('/big.bin', file)] }));
		expect(json).toMatchObject({ size: LARGE.sizeBytes, content_hash: hashOf(LARGE) });
		// What was at Dropbox already was compared, and not sent again.
		const sentBytes = rig()
			.calls('files/upload_session/append_v2')
			.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
		expect(sentBytes).toBeLessThan(LARGE.sizeBytes + 8 * MIB);
	});

	it.each([0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB])(
		'takes %d bytes of unknown size',
		async (sizeBytes) => {
			const content = generated(sizeBytes, 5);
			const url = source().put('/a.bin', { content, length: false });
			expect(errorsOf(await toDropbox(rig(), { urls: [url] }))).toEqual([undefined]);
			expect(rig().cloud.dropbox.file('/a.bin')).toMatchObject({
				size: sizeBytes,
				contentHash: hashOf(content),
			});
		},
	);

	it.each([10, 4 * MIB, 9 * MIB])(
		'takes %d bytes of unknown size with room for one part alone',
		async (sizeBytes) => {
			const content = generated(sizeBytes, 6);
			const url = source().put('/a.bin', { content, length: false });
			const options = { partSizeMib: 4, memoryLimitMib: 4 };
			expect(errorsOf(await toDropbox(rig(), { urls: [url], options }))).toEqual([undefined]);
			expect(rig().cloud.dropbox.file('/a.bin')).toMatchObject({ contentHash: hashOf(content) });
		},
	);

	it('goes on in the next run with what is at Dropbox', async () => {
		const url = source().put('/big.bin', { content: LARGE, etag: '"1"' });
		const options = { partSizeMib: 4, parallel: 1, maxRetries: 0 };
		rig().cloud.faults.add({
			route: 'files/upload_session/append_v2',
			skip: 3,
			action: { kind: 'resetBefore' },
		});
		const broken = await toDropbox(rig(), { urls: [url], options });
		expect(errorsOf(broken)[0]?.resume?.offset).toBe(12 * MIB);
		rig().cloud.resetCounters();
		expect(errorsOf(await toDropbox(rig(), { urls: [url], options }))).toEqual([undefined]);
		expect(rig().cloud.counters().requestsByRoute['files/upload_session/append_v2']).toBe(4);
	});

	it('lets go of the server when the execution is cancelled', async () => {
		const url = source().put('/big.bin', { content: LARGE, bytesPerSecond: 2 * MIB });
		const handle = await rig().startDropbox({
			resource: 'file',
			operation: 'upload',
			parameters: { source: 'url', url },
		});
		while (source().sentBytes < MIB) await sleep(20);
		await handle.cancel();
		expect((await handle.finished).status).toBe('canceled');
		expect((await rig().engine.openHandles()).sockets).toBe(0);
		expect(rig().cloud.dropbox.files()).toEqual([]);
	});
});
