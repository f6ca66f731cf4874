/** A broken upload goes on where it broke off, with the very same file only. */
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { Fault, LoggedRequest } from '../../cloud';
import type { RunResult } from '../../engine/types';
import { latestRecord, withProcesses } from '../../support/processes';
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as uploads from './uploads';
import {
	APPEND,
	FINISH,
	MIB,
	START_BATCH,
	carryOn,
	errorsOf,
	file,
	hashOf,
	startUpload,
	upload,
} from './uploads';

const rig = useRig();

const PART = 4 * MIB;
const PARALLEL = 2;
const FILE = { sizeBytes: 40 * MIB, seed: 40 };
const options = { partSizeMib: 4, parallel: PARALLEL, maxRetries: 0 };
const add = (fault: Fault) => rig().cloud.faults.add(fault);

/** The network is gone once so many parts are at Dropbox; it is back for the next run. */
async function uploadUntilBreak(run: uploads.Upload, parts: number): Promise<RunResult> {
	const mend = add({
		route: APPEND,
		skip: parts,
		times: Infinity,
		action: { kind: 'resetBefore' },
	});
	try {
		return await upload(rig(), { ...run, ...carryOn });
	} finally {
		mend();
	}
}

const AT_60_PERCENT = 6;

function expectFewSentTwice(content: { sizeBytes: number; seed: number }, path: string): void {
	expect(rig().cloud.dropbox.file(path)?.contentHash).toBe(hashOf(content));
	const sentBytes = [...uploads.sentByOffset(rig()).values()].reduce(
		(sum, bytes) => sum + bytes,
		0,
	);
	expect(sentBytes).toBeLessThanOrEqual(content.sizeBytes + PARALLEL * PART);
	expect(rig().calls(START_BATCH)).toHaveLength(1);
}

describe('Upload Files, after a break at 60 %', () => {
	it('Retry On Fail sends only what is missing', async () => {
		add({ route: APPEND, skip: AT_60_PERCENT, action: { kind: 'resetBefore' } });
		const { status } = await upload(rig(), {
			path: '/big',
			options,
			items: [file('big', FILE)],
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(status).toBe('success');
		expectFewSentTwice(FILE, '/big');
	});

	it('the next execution sends only what is missing', async () => {
		const run = { path: '/big', options, items: [file('big', FILE)] };
		const broken = await uploadUntilBreak(run, AT_60_PERCENT);
		expect(errorsOf(broken)[0]).toMatchObject({ stored: 'no', retryable: true });
		expect(errorsOf(broken)[0]?.resume?.offset).toBeGreaterThanOrEqual(
			(AT_60_PERCENT - PARALLEL) * PART,
		);
		expect((await upload(rig(), run)).status).toBe('success');
		expectFewSentTwice(FILE, '/big');
	});

	it.each([16 * MIB, 16 * MIB + 1, 14 * MIB])(
		'only the closing part of %d bytes is sent again, and it is a short one',
		async (sizeBytes) => {
			const content = { sizeBytes, seed: 16 };
			const run = {
				path: '/big',
				options: { ...options, partSizeMib: 8 },
				items: [file('big', content)],
			};
			const isClosing = ({ argument }: Pick<LoggedRequest, 'argument'>) =>
				(argument as { close: boolean }).close;
			const mend = add({
				route: APPEND,
				when: isClosing,
				times: Infinity,
				action: { kind: 'resetBefore' },
			});
			const broken = await upload(rig(), { ...run, ...carryOn });
			mend();
			const offset = Math.floor((sizeBytes - 1) / (4 * MIB)) * 4 * MIB;
			expect(errorsOf(broken)[0]?.resume).toMatchObject({ offset });
			const before = rig().calls(APPEND).length;
			expect((await upload(rig(), run)).status).toBe('success');
			const again = rig().calls(APPEND).slice(before);
			expect(again.map(({ argument }) => argument)).toMatchObject([
				{ cursor: { offset }, close: true },
			]);
			expect(rig().cloud.dropbox.file('/big')?.contentHash).toBe(hashOf(content));
		},
	);

	it('error.resume goes on elsewhere, when it is given as Resume Failed Item', async () => {
		const content = { sizeBytes: 27 * MIB, seed: 27 };
		const run = { path: '/big', options, items: [file('big', content)] };
		const broken = await uploadUntilBreak(run, 4);
		const resumeFrom = errorsOf(broken)[0]?.resume as IDataObject;
		const result = await upload(rig(), {
			...run,
			path: '/elsewhere',
			options: { ...options, resumeFrom: '={{ $json.resume }}' },
			items: [{ ...file('big', content), json: { resume: resumeFrom } }],
		});
		expect(result.status).toBe('success');
		expectFewSentTwice(content, '/elsewhere');
	});

	it('another process goes on after SIGKILL, with Resume Folder', async () => {
		await withProcesses(rig(), async ({ hang, kill, resumeFolder, start, checkpoints }) => {
			const run = {
				path: '/big',
				options: { ...options, resumeFolder },
				items: [file('big', FILE)],
			};
			const first = await start();
			await first.connectDropbox();
			add({
				route: APPEND,
				skip: AT_60_PERCENT,
				times: Infinity,
				action: hang,
			});
			const handle = await startUpload(first, run);
			handle.finished.catch(() => {});
			await until(() => rig().cloud.counters().faultsStruck.unanswered === PARALLEL);
			const offset = `"offset":${AT_60_PERCENT * PART}`;
			await until(() => checkpoints().some((text) => text.includes(offset)));
			await kill(first);

			const second = await start();
			await second.connectDropbox();
			expect((await upload(second, run)).status).toBe('success');
			expectFewSentTwice(FILE, '/big');

			expect(checkpoints()).toHaveLength(2);
			const { tokens } = await second.connectDropbox();
			expect(checkpoints().join()).not.toContain(tokens.accessToken);
			expect(latestRecord(checkpoints())).toBeNull();
		});
	}, 120_000);
});

describe('Upload Files, what a later try finds', () => {
	const SIZE = 13 * MIB;
	const small = (seed: number) => ({ sizeBytes: SIZE, seed });
	const run = (content: Parameters<typeof file>[1], ifExists = 'fail') => ({
		path: '/file',
		ifExists,
		options,
		items: [file('file', content)],
	});

	it('another file of the same size: it is sent from the beginning', async () => {
		const broken = await uploadUntilBreak(run(small(1)), 2);
		expect(errorsOf(broken)[0]?.resume?.offset).toBeGreaterThan(0);
		expect((await upload(rig(), run(small(2)))).status).toBe('success');
		expect(rig().cloud.dropbox.file('/file')?.contentHash).toBe(hashOf(small(2)));
	});

	it('a refused commit: only the commit is made again', async () => {
		rig().cloud.dropbox.putFile('/file', 'another');
		const refused = await upload(rig(), { ...run(small(1)), ...carryOn });
		expect(errorsOf(refused)[0]?.path).toBe('path/conflict/file');
		const sent = rig().calls(APPEND).length;
		expect((await upload(rig(), run(small(1), 'overwrite'))).status).toBe('success');
		expect(rig().calls(APPEND)).toHaveLength(sent);
		expect(rig().cloud.dropbox.file('/file')?.contentHash).toBe(hashOf(small(1)));

		const elsewhere = await upload(rig(), {
			...run(small(1)),
			path: '/elsewhere',
			options: { ...options, resumeFrom: errorsOf(refused)[0]?.resume as IDataObject as never },
		});
		expect(elsewhere.status).toBe('success');
		expect(rig().cloud.dropbox.file('/elsewhere')?.contentHash).toBe(hashOf(small(1)));
	});

	it('a closed session, and the end of the file has changed: the new file is stored', async () => {
		const before = Buffer.alloc(SIZE, 'same');
		const after = Buffer.from(before);
		after[SIZE - 1] = 0;
		rig().cloud.dropbox.putFile('/file', 'another');
		expect((await upload(rig(), run(before))).status).toBe('error');
		expect((await upload(rig(), run(after, 'overwrite'))).status).toBe('success');
		expect(rig().cloud.dropbox.file('/file')?.contentHash).toBe(hashOf(after));
	});

	/** Dropbox has all of the closing part; its answer is still on the way. */
	async function cancelOnceClosed(content: Parameters<typeof run>[0]): Promise<void> {
		add({
			route: APPEND,
			when: ({ argument }) => (argument as { close: boolean }).close,
			action: { kind: 'slowReply', bytesPerSecond: 1 },
		});
		const handle = await startUpload(rig(), run(content));
		await until(() =>
			rig()
				.cloud.dropbox.sessions()
				.some(({ isClosed }) => isClosed),
		);
		await handle.cancel();
		await handle.finished;
		await rig().cloud.idle();
	}

	it('a session that was closed while nobody listened any more: it goes on to the commit', async () => {
		await cancelOnceClosed(small(3));
		const sent = rig().calls(APPEND).length;
		expect((await upload(rig(), run(small(3)))).status).toBe('success');
		expect(rig().calls(APPEND)).toHaveLength(sent + 1);
		expect(rig().cloud.dropbox.file('/file')?.contentHash).toBe(hashOf(small(3)));
	});

	it('a session that was closed with another end of the file: the new file is stored', async () => {
		const before = Buffer.alloc(SIZE, 'same');
		const after = Buffer.from(before);
		after[SIZE - 1] = 0;
		await cancelOnceClosed(before);
		expect((await upload(rig(), run(after))).status).toBe('success');
		expect(rig().cloud.dropbox.file('/file')?.contentHash).toBe(hashOf(after));
	});

	it('a record that does not fit: it costs time only', async () => {
		const broken = await uploadUntilBreak(run(small(1)), 2);
		const record = errorsOf(broken)[0]!.resume!;
		const misfits: IDataObject[] = [
			{ ...record, sessionId: 'pid_upload_session:nobody-knows-this-one' },
			{ ...record, offset: SIZE + PART },
			{ ...record, offset: SIZE },
			{ ...record, offset: PART + 1 },
			{ ...record, partSizeBytes: 3 * MIB, offset: 3 * MIB },
			{ ...record, partSizeBytes: 512 * MIB, offset: 0 },
			{ ...record, prefixHash: 'not a hash' },
			{ ...record, offset: 0, fileHash: hashOf(small(1)) },
			{ sessionId: 'of a small file', offset: 3 },
		];
		for (const [index, resumeFrom] of misfits.entries()) {
			const path = `/misfit ${index}`;
			const result = await upload(rig(), {
				...run(small(1)),
				path,
				options: { ...options, resumeFrom: JSON.stringify(resumeFrom) },
			});
			expect([index, result.status]).toEqual([index, 'success']);
			expect(rig().cloud.dropbox.file(path)?.contentHash).toBe(hashOf(small(1)));
		}
	}, 120_000);

	it('a session that lacks what the record promises: the file is sent again', async () => {
		const broken = await uploadUntilBreak(run(small(1)), 3);
		const record = errorsOf(broken)[0]!.resume!;
		const empty = await uploadUntilBreak({ ...run(small(6)), path: '/empty' }, 0);
		const emptySession = rig()
			.cloud.dropbox.sessions()
			.find(({ size }) => size === 0)!;
		expect(errorsOf(empty)[0]?.stored).toBe('no');
		const result = await upload(rig(), {
			...run(small(1)),
			path: '/promised',
			options: {
				...options,
				resumeFrom: JSON.stringify({ ...record, sessionId: emptySession.id }),
			},
		});
		expect(result.status).toBe('success');
		expect(rig().cloud.dropbox.file('/promised')?.contentHash).toBe(hashOf(small(1)));
		expect(rig().calls(FINISH)).toHaveLength(2);
	});

	it('says what is wrong with Resume Failed Item when it is no such thing', async () => {
		const result = await upload(rig(), {
			...run('small'),
			options: { ...options, resumeFrom: '{"some": "thing"}' },
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('input/resumeFrom');
	});

	it('a Resume Folder that cannot be written: the upload succeeds, with one warning', async () => {
		const folder = join(rig().engine.homeDir, 'not', 'allowed');
		const result = await upload(rig(), {
			...run(small(1)),
			options: { ...options, resumeFolder: folder },
		});
		expect(result.status).toBe('success');
		const warnings = result.logs.filter(({ level }) => level === 'warn');
		expect(warnings.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^'Resume Folder': checkpoints can't be written/),
		]);
	});

	it('says that ~ is not a path that n8n knows', async () => {
		const result = await upload(rig(), {
			...run('small'),
			options: { ...options, resumeFolder: '~/.n8n-files' },
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('input/resumeFolder');
	});
});

it('a session that the earlier try may have closed with another end is not used again', async () => {
	const earlier = Buffer.alloc(13 * MIB, 'a');
	const changed = Buffer.from(earlier);
	changed.fill('b', 12 * MIB);
	const isClosing = ({ argument }: { argument?: unknown }) =>
		(argument as { close?: boolean } | undefined)?.close === true;
	const loseClosing = () => add({ route: APPEND, when: isClosing, action: { kind: 'loseReply' } });
	loseClosing();
	const broken = await upload(rig(), {
		path: '/big',
		options,
		items: [file('big', earlier)],
		...carryOn,
	});
	const [error] = errorsOf(broken);
	expect(error?.resume).toMatchObject({ fileHash: hashOf(earlier) });
	loseClosing();
	const result = await upload(rig(), {
		path: '/big',
		options: { ...options, maxRetries: 3, resumeFrom: error?.resume as IDataObject as never },
		items: [file('big', changed)],
		...carryOn,
	});
	expect(errorsOf(result)).toEqual([undefined]);
	expect(rig().cloud.dropbox.file('/big')?.contentHash).toBe(hashOf(changed));
}, 120_000);
