/** The order in which the commit queue commits, and that it loses nobody. */
import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../../../nodes/DropboxUpload/api/connection';
import type { FinishEntry } from '../../../nodes/DropboxUpload/api/types';
import { CommitQueue } from '../../../nodes/DropboxUpload/uploadFiles/commitQueue';
import type { FileToUpload } from '../../../nodes/DropboxUpload/uploadFiles/types';
import type { Outcome } from '../../../nodes/shared/failure';
import { success } from '../../../nodes/shared/failure';
import { DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/retry';
import { Traffic } from '../../../nodes/shared/http/traffic';

type Answer = (entry: FinishEntry) => IDataObject;
const stored: Answer = ({ commit }) => ({ '.tag': 'success', name: commit.path });
const lost: Answer = () => ({
	'.tag': 'failure',
	failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_found' } },
});

let keys = 0;

/** A connection whose commits are answered by the test. */
function queueOf(paths: readonly string[], batchSize: number, answer: Answer = stored) {
	const batches: string[][] = [];
	const connection = {
		commitKey: `queue ${++keys}`,
		policy: { ...DEFAULT_RETRY_POLICY, maxRetries: 0 },
		client: { serverNowMs: () => Date.now(), cancelSignal: undefined, traffic: new Traffic() },
		rpc: async ({ argument }: { argument: { entries: FinishEntry[] } }) => {
			batches.push(argument.entries.map(({ commit }) => commit.path));
			await new Promise((resolve) => setImmediate(resolve));
			const value = { entries: argument.entries.map(answer) };
			return { ...success(value), responseLost: false, retries: 0, tooFastAtMs: undefined };
		},
	} as unknown as Connection;
	const files = paths.map((path, itemIndex) => {
		const file = { itemIndex, commit: { path }, source: { sizeBytes: 1 } };
		return file as unknown as FileToUpload;
	});
	const ended: Array<[item: number, ok: boolean]> = [];
	const sentAgain: number[] = [];
	const queue = new CommitQueue(
		connection,
		files,
		batchSize,
		(file, outcome: Outcome<IDataObject>) => ended.push([file.itemIndex, outcome.ok]),
		(file) => {
			if (sentAgain.includes(file.itemIndex)) return false;
			sentAgain.push(file.itemIndex);
			return true;
		},
	);
	const add = (...items: number[]): void => {
		for (const item of items) {
			const sessionId = `session ${item}`;
			queue.add({ file: files[item]!, sessionId, sizeBytes: 0, contentHash: '' });
		}
	};
	return { queue, files, add, batches, ended, sentAgain };
}

it('commits full batches at once, and the rest when it is told to', async () => {
	const { add, batches, ended, queue } = queueOf(['/a', '/b', '/c', '/d', '/e'], 2);
	add(0, 1, 2, 3, 4);
	await queue.flush();
	expect(batches).toEqual([['/a', '/b'], ['/c', '/d'], ['/e']]);
	expect(ended.map(([item]) => item)).toEqual([0, 1, 2, 3, 4]);
});

it('commits one path in input order, whatever is ready first, and never twice in a batch', async () => {
	const { add, batches, queue } = queueOf(['/a', '/A', '/b', '/a'], 10);
	add(3, 2, 1);
	await queue.flush();
	expect(batches).toEqual([['/b']]);
	add(0);
	await queue.flush();
	expect(batches).toEqual([['/b'], ['/a'], ['/A'], ['/a']]);
});

it('goes on with the next of a path when the one before it ends without a commit', async () => {
	const { add, batches, files, queue } = queueOf(['/a', '/a'], 10);
	add(1);
	queue.end(files[0]!, success({}));
	await queue.flush();
	expect(batches).toEqual([['/a']]);
});

it('keeps the turn of a file whose session was lost until it is back', async () => {
	let commits = 0;
	const { add, batches, ended, queue, sentAgain } = queueOf(['/a', '/a'], 10, (entry) =>
		++commits === 1 ? lost(entry) : stored(entry),
	);
	add(0, 1);
	await queue.flush();
	expect(sentAgain).toEqual([0]);
	expect(ended).toEqual([]);
	add(0);
	await queue.flush();
	expect(batches).toEqual([['/a'], ['/a'], ['/a']]);
	expect(ended).toEqual([
		[0, true],
		[1, true],
	]);
});

it('fails a file whose session is lost every time', async () => {
	const { add, ended, queue } = queueOf(['/a'], 10, lost);
	add(0);
	await queue.flush();
	add(0);
	await queue.flush();
	expect(ended).toEqual([[0, false]]);
});

it('commits files that have waited long enough without waiting for a full batch', async () => {
	const now = jest.spyOn(Date, 'now');
	try {
		const { add, batches, queue } = queueOf(['/a', '/b'], 10);
		add(0);
		queue.commitDue();
		expect(batches).toEqual([]);
		now.mockReturnValue(Date.now() + 61_000);
		queue.commitDue();
		await queue.flush();
		expect(batches).toEqual([['/a']]);
	} finally {
		now.mockRestore();
	}
});

it('gives n8n its turn while a large batch is settled, and settles each file once', async () => {
	const paths = Array.from({ length: 50 }, (_, item) => `/${item}`);
	const { add, ended, queue } = queueOf(paths, 1_000);
	add(...paths.keys());
	let nowMs = 0;
	const clock = jest.spyOn(Date, 'now').mockImplementation(() => (nowMs += 10));
	const seen: number[] = [];
	const look = (): void => {
		seen.push(ended.length);
		if (ended.length < paths.length) setImmediate(look);
	};
	setImmediate(look);
	await queue.flush();
	clock.mockRestore();
	expect(seen.some((count) => count > 0 && count < paths.length)).toBe(true);
	expect(ended.map(([item]) => item)).toEqual([...paths.keys()]);
});
