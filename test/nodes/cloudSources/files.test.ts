/** A file of Dropbox or Box as the source: streamed, resumed and verified, whatever its links do. */
import { CloudClient } from '../../cloud/client';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { errorsOf, hintOf, jsonOf } from '../upload/uploads';
import {
	connectSources,
	cutDownloads,
	downloadedBytes,
	from,
	MIB,
	MODIFIED,
	PAIRS,
	to,
	type Tokens,
	tokensAstray,
	type Vendor,
} from './copies';

const rig = useRig({ pace: SHORT_WAITS });

const LARGE = { sizeBytes: 24 * MIB + 5, seed: 3 };

const copy = async (source: Vendor, target: Vendor, name: string, options = {}, parameters = {}) =>
	await to[target].run(rig(), {
		parameters: { source: from[source].file, [from[source].file]: name, ...parameters },
		options,
	});

let tokens: Tokens;
beforeEach(async () => {
	tokens = await connectSources(rig());
});

it('a token that goes astray is counted', async () => {
	const { cloud } = rig();
	const client = (vendor: 'Dropbox' | 'Box') => new CloudClient(cloud, tokens[vendor][0]);
	const [dropbox, box] = [client('Dropbox'), client('Box')];
	try {
		await dropbox.send('https://api.box.com/2.0/users/me', { method: 'GET' });
		await box.send('https://dl.boxcloud.com/d/1/x/download', { method: 'GET' });
		await box.send('https://api.box.com/2.0/users/me', { method: 'GET' });
		expect(tokensAstray(rig(), tokens)).toEqual([
			'Dropbox at api.box.com/2.0/users/me',
			'Box at dl.boxcloud.com/d/1/x/download',
		]);
	} finally {
		await dropbox.close();
		await box.close();
		// The rig would find them, too.
		cloud.reset();
	}
});

describe.each(PAIRS)('%s to %s', (source, target) => {
	const { hashOf } = to[target];
	const expectStored = (path: string, content: Parameters<typeof hashOf>[0]) =>
		expect(to[target].stored(rig())).toEqual([
			{ path, hash: hashOf(content), modifiedAtMs: Date.parse(MODIFIED) },
		]);

	it.each([
		['small', 'hello'],
		['empty', ''],
	])('copies a %s file with its name and date, and no token goes astray', async (_, text) => {
		const content = Buffer.from(text);
		const name = from[source].put(rig(), 'Zahlen für März.txt', content);
		const result = await copy(source, target, name);
		expect(errorsOf(result)).toEqual([undefined]);
		expectStored('/Zahlen für März.txt', content);
		expect(tokensAstray(rig(), tokens)).toEqual([]);
	});

	it('goes on with a large file where the connection broke, with a new link where it has expired', async () => {
		const name = from[source].put(rig(), 'big.bin', LARGE);
		// The third and the sixth strike responses of links that have expired, which are shorter.
		cutDownloads(
			rig(),
			source,
			[5, 3, 4, 4, 2, 3, 3].map((mib) => mib * MIB),
			[1, 4],
		);
		const result = await copy(source, target, name);
		expect(errorsOf(result)).toEqual([undefined]);
		expectStored('/big.bin', LARGE);
		expect(downloadedBytes(rig(), source)).toBeLessThan(LARGE.sizeBytes * 1.05);
		expect(rig().calls(from[source].linkRoute).length).toBe(3);
		expect(hintOf(result)).toContain('5 × source/broken');
		expect(hintOf(result)).toContain('2 × source/link_expired');
	});
});

describe.each([
	['Dropbox', 'Box'],
	['Box', 'Dropbox'],
] as const)('from %s', (source, target) => {
	it('never stores what does not hash to what the source says, and reads it once more first', async () => {
		const content = Buffer.from('the real thing');
		const name = from[source].put(rig(), 'a.txt', content);
		const other = { sizeBytes: content.length, seed: 1 };
		const route = from[source].downloadRoute;
		const action = { kind: 'reply', status: 200, body: Buffer.alloc(other.sizeBytes) } as const;
		rig().cloud.faults.add({ route, action });
		expect(errorsOf(await copy(source, target, name))).toEqual([undefined]);
		expect(to[target].stored(rig())).toHaveLength(1);
		rig().cloud.faults.add({ route, action, times: 2 });
		const [error] = errorsOf(await copy(source, target, name, {}, { fileName: 'b.txt' }));
		expect(error).toMatchObject({
			path: 'source/hash_mismatch',
			vendor: source,
			stored: 'no',
			retryable: true,
		});
		expect(to[target].stored(rig())).toHaveLength(1);
	});

	it('stores the version that was looked at, although the file changes meanwhile', async () => {
		const name = from[source].put(rig(), 'big.bin', LARGE);
		cutDownloads(rig(), source, [5 * MIB]);
		rig().cloud.faults.add({
			route: from[source].downloadRoute,
			action: {
				kind: 'before',
				run: () => {
					from[source].put(rig(), 'big.bin', { sizeBytes: LARGE.sizeBytes, seed: 9 });
					from[source].expire(rig());
				},
			},
		});
		expect(errorsOf(await copy(source, target, name))).toEqual([undefined]);
		expect(rig().calls(from[source].linkRoute)).toHaveLength(2);
		expect(to[target].stored(rig()).map(({ hash }) => hash)).toEqual([to[target].hashOf(LARGE)]);
	});

	it('tells a link that is refused from one that has expired', async () => {
		const name = from[source].put(rig(), 'a.txt', 'x');
		rig().cloud.faults.add({
			route: from[source].downloadRoute,
			times: Infinity,
			action: { kind: 'reply', status: 403 },
		});
		const [error] = errorsOf(await copy(source, target, name));
		expect(error).toMatchObject({ path: 'source/refused', vendor: source, stored: 'no' });
		const text = JSON.stringify(error);
		for (const secret of from[source].secrets(rig())) expect(text).not.toContain(secret);
		expect(rig().calls(from[source].linkRoute)).toHaveLength(1);
	});

	it('says which account lacks what, and sends nothing', async () => {
		const [error] = errorsOf(await copy(source, target, source === 'Box' ? '999' : '/no.txt'));
		expect(error).toMatchObject({ vendor: source, stored: 'no', path: 'source/not_found' });
		expect(error!.message).toMatch(/source/);
		// Those are for the files that are written.
		expect(error!.description).not.toMatch(
			/'(?:Paths Begin In|Act as User|File ID|Parent Folder)'/,
		);
		expect(to[target].stored(rig())).toEqual([]);
	});

	it('reads nothing to find out what is unchanged within one vendor, or by size and time', async () => {
		const content = Buffer.from('same');
		const name = from[source].put(rig(), 'a.txt', content);
		const skipping = { skipUnchanged: true, ifExists: to[target].overwrite };
		await copy(source, target, name, {}, skipping);
		rig().cloud.resetCounters();
		const again = await copy(source, target, name, {}, skipping);
		expect(jsonOf(again)[0]).toMatchObject({ skipped: 'unchanged' });
		const { requestsByRoute } = rig().cloud.counters();
		expect(requestsByRoute[from[source].downloadRoute]).toBeUndefined();
		// Another content of the same size and time counts as the same, unless it is compared.
		from[source].put(rig(), 'a.txt', Buffer.from('emas'));
		expect(jsonOf(await copy(source, target, name, {}, skipping))[0]).toMatchObject({
			skipped: 'unchanged',
		});
		const compared = await copy(source, target, name, { compareContent: true }, skipping);
		expect(jsonOf(compared)[0]?.skipped).toBeUndefined();
		expect(to[target].stored(rig()).map(({ hash }) => hash)).toEqual([
			to[target].hashOf(Buffer.from('emas')),
		]);
	});

	it('plans without reading a byte, and does what it planned', async () => {
		const name = from[source].put(rig(), 'a.txt', 'planned');
		const planned = jsonOf(await copy(source, target, name, { planOnly: true }))[0];
		expect(planned).toMatchObject({ plan: { action: 'new', size: 7, bytesToSend: 7 } });
		expect(rig().calls(from[source].downloadRoute)).toEqual([]);
		expect(to[target].stored(rig())).toEqual([]);
	});

	it('goes on in the next run with what was sent before the first one was killed', async () => {
		const name = from[source].put(rig(), 'big.bin', LARGE);
		rig().cloud.faults.add({
			route: to[target].partRoute,
			skip: 2,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		const options = { parallel: 1, maxRetries: 0, ...(target === 'Dropbox' && { partSizeMib: 4 }) };
		expect(errorsOf(await copy(source, target, name, options))[0]).toBeDefined();
		rig().cloud.faults.clear();
		rig().cloud.resetCounters();
		expect(errorsOf(await copy(source, target, name, options))).toEqual([undefined]);
		const partBytes = target === 'Dropbox' ? 4 * MIB : 8 * MIB;
		const parts = Math.ceil(LARGE.sizeBytes / partBytes);
		expect(rig().cloud.counters().requestsByRoute[to[target].partRoute]).toBe(parts - 2);
	});
});
