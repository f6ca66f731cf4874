/** Dropbox without one of its routes: files are stored all the same, and the route is not asked for again for a while. */
import type { INodeParameters } from 'n8n-workflow';

import { memberAccount } from '../../cloud/dropbox';
import type { Refusal } from '../../cloud/refusedRoutes';
import { REFUSALS, refuseRoute } from '../../cloud/refusedRoutes';
import type { GeneratedContent, ItemSpec } from '../../engine/types';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { finishBatch, filesToCommit, jsonOf as jsonOfBatch } from '../dropbox/uploads';
import {
	APPEND,
	APPEND_BATCH,
	carryOn,
	errorsOf,
	file,
	FINISH,
	GET_METADATA,
	hashOf,
	jsonOf,
	LIST_FOLDER,
	MIB,
	START,
	START_BATCH,
	storedPaths,
	upload,
} from './uploads';

const JOB = 'files/upload_session/finish_batch';
const CHECK = 'files/upload_session/finish_batch/check';
const FINISH_ONE = 'files/upload_session/finish';
const WHOLE = 'files/upload';
const ACCOUNT = 'users/get_current_account';

const rig = useRig({ pace: SHORT_WAITS });

const UPLOAD_ROUTES = [
	START,
	START_BATCH,
	APPEND,
	APPEND_BATCH,
	FINISH,
	JOB,
	CHECK,
	FINISH_ONE,
	WHOLE,
];

const SMALL = 10;
const LARGE_BYTES = 5 * MIB;
/** Files above 4 MiB are large, so that a large one is cheap to make. */
const options: INodeParameters = { partSizeMib: 4 };

type Content = readonly [name: string, content: GeneratedContent];

const small: readonly Content[] = Array.from({ length: SMALL }, (_, seed) => [
	`small ${seed}.bin`,
	{ sizeBytes: 100 + seed, seed },
]);
const large: readonly Content[] = [['large.bin', { sizeBytes: LARGE_BYTES, seed: 77 }]];
const empty: readonly Content[] = [
	['empty 1.bin', { sizeBytes: 0, seed: 1 }],
	['empty 2.bin', { sizeBytes: 0, seed: 2 }],
];
const FILES = {
	small,
	large,
	empty,
	both: [...small, ...large, ...empty],
} as const;
type Kind = keyof typeof FILES;

const itemsOf = (files: readonly Content[]): ItemSpec[] =>
	files.map(([name, content]) => file(name, content));

interface Plan {
	requests: number;
	requestsAssume?: string;
}

/** What a dry run says about the files in a new folder. */
async function plan(kind: Kind, folder: string): Promise<Plan> {
	const result = await upload(rig(), {
		path: `/${folder}/`,
		items: itemsOf(FILES[kind]),
		options: { ...options, planOnly: true },
	});
	expect(result.error?.description).toBeUndefined();
	return (jsonOf(result)[0] as { run: Plan }).run;
}

const requests = () => rig().cloud.log.length;

/** The dry run counts as the run goes: along the ways that are left. */
async function expectPlanned(kind: Kind): Promise<void> {
	const planned = await plan(kind, 'planned');
	const before = requests();
	const calls = await store(kind, 'planned');
	// Here each job is asked about twice.
	const checks = calls[CHECK] ?? 0;
	expect([planned.requests, calls]).toEqual([requests() - before - checks / 2, calls]);
	expect(planned.requestsAssume).toBe(checks > 0 ? 'one status check for each batch' : undefined);
}

/** Stores the files in a new folder; gives the number of calls of each upload route. */
async function store(kind: Kind, folder: string): Promise<Record<string, number>> {
	const files = FILES[kind];
	const first = rig().cloud.log.length;
	const result = await upload(rig(), { path: `/${folder}/`, items: itemsOf(files), options });
	expect(result.error?.description).toBeUndefined();
	const stored = rig().cloud.dropbox.files();
	expect(
		stored
			.filter(({ path }) => path.startsWith(`/${folder}/`))
			.map(({ path, contentHash }) => [path, contentHash])
			.sort(),
	).toEqual(files.map(([name, content]) => [`/${folder}/${name}`, hashOf(content)]).sort());
	expect(jsonOf(result).map(({ content_hash: hash }) => hash)).toEqual(
		files.map(([, content]) => hashOf(content)),
	);
	const counts: Record<string, number> = {};
	for (const { route = '?' } of rig().cloud.log.slice(first)) {
		if (UPLOAD_ROUTES.includes(route)) counts[route] = (counts[route] ?? 0) + 1;
	}
	return counts;
}

const refuse = (route: string, refusal: Refusal = 'unknown') =>
	refuseRoute(rig().cloud, 'dropbox', route, refusal);

afterEach(() => {
	rig().cloud.faults.clear();
	expect(rig().cloud.counters().overlappingCommits > 0).toBe(mayOverlap);
	mayOverlap = false;
});

/** Of a job that nobody can ask about, nobody knows the end. */
let mayOverlap = false;

/** What a run costs once the route is known to be missing; undefined where it is not used anyway. */
const EACH: Record<Kind, Record<string, Record<string, number> | undefined>> = {
	small: {
		[START_BATCH]: { [START]: SMALL, [FINISH]: 1 },
		[APPEND_BATCH]: { [START]: SMALL, [FINISH]: 1 },
		[FINISH]: { [START_BATCH]: 1, [APPEND_BATCH]: 1, [JOB]: 1, [CHECK]: 2 },
	},
	empty: {
		[START]: { [WHOLE]: 2 },
		[FINISH]: { [START]: 2, [JOB]: 1, [CHECK]: 2 },
	},
	large: {
		[START_BATCH]: { [START]: 1, [APPEND]: 2, [FINISH]: 1 },
		[APPEND]: { [START_BATCH]: 1, [APPEND_BATCH]: 2, [FINISH]: 1 },
		[FINISH]: { [START_BATCH]: 1, [APPEND]: 2, [JOB]: 1, [CHECK]: 2 },
	},
	both: {
		[START]: { [WHOLE]: 2, [START_BATCH]: 2, [APPEND_BATCH]: 1, [APPEND]: 2, [FINISH]: 1 },
		[START_BATCH]: { [START]: SMALL + 3, [APPEND]: 2, [FINISH]: 1 },
		[APPEND]: { [START]: 2, [START_BATCH]: 2, [APPEND_BATCH]: 3, [FINISH]: 1 },
		[APPEND_BATCH]: { [START]: SMALL + 2, [START_BATCH]: 1, [APPEND]: 2, [FINISH]: 1 },
		[FINISH]: {
			[START]: 2,
			[START_BATCH]: 2,
			[APPEND_BATCH]: 1,
			[APPEND]: 2,
			[JOB]: 1,
			[CHECK]: 2,
		},
	},
};

const CASES = Object.entries(EACH).flatMap(([kind, routes]) =>
	Object.entries(routes).map(([route, calls]) => [kind as Kind, route, calls ?? {}] as const),
);

describe('stores the files without the route, and does not ask for it again', () => {
	it.each(CASES)('%s files, %s', async (kind, route, calls) => {
		refuse(route);
		const first = await store(kind, 'first');
		expect(first[route]).toBeGreaterThan(0);
		expect(await store(kind, 'second')).toEqual(calls);
		await expectPlanned(kind);
	});
});

describe('however it is refused', () => {
	const routes = Object.keys(EACH.both);
	const others = REFUSALS.filter((refusal) => refusal !== 'unknown');
	it.each(routes.flatMap((route) => others.map((refusal) => [route, refusal] as const)))(
		'%s with %s',
		async (route, refusal) => {
			refuse(route, refusal);
			await store('both', 'first');
			expect(await store('both', 'second')).toEqual(EACH.both[route]);
		},
	);
});

it.each([
	['both ways to commit many', [FINISH, JOB], { [FINISH_ONE]: SMALL + 3 }],
	['the check of the job', [FINISH, CHECK], { [FINISH_ONE]: SMALL + 3 }],
])('commits one by one without %s', async (_, routes, calls) => {
	for (const route of routes) refuse(route);
	mayOverlap = routes.includes(CHECK);
	await store('both', 'first');
	expect(await store('both', 'second')).toMatchObject(calls);
	await expectPlanned('both');
});

it('stores each file in one request without sessions', async () => {
	for (const route of [START, START_BATCH]) refuse(route);
	await store('both', 'first');
	expect(await store('both', 'second')).toEqual({ [WHOLE]: SMALL + 3 });
	await expectPlanned('both');
});

describe('without concurrent sessions', () => {
	afterEach(() => {
		rig().cloud.dropbox.settings.concurrentSessions = 'given';
	});

	it.each(['refused', 'inOrder'] as const)('sends parts in order: %s', async (given) => {
		rig().cloud.dropbox.settings.concurrentSessions = given;
		await store('large', 'first');
		const second = await store('large', 'second');
		expect(second).toEqual({ [START_BATCH]: 1, [APPEND]: 2, [FINISH]: 1 });
		const [one, other] = rig().calls(APPEND).slice(-2);
		expect(one?.endedAtMs).toBeLessThanOrEqual(other?.startedAtMs ?? 0);
	});
});

describe('without concurrent sessions, a file that has changed in a part that Dropbox has', () => {
	afterEach(() => {
		rig().cloud.dropbox.settings.concurrentSessions = 'given';
	});

	it('is sent anew', async () => {
		rig().cloud.dropbox.settings.concurrentSessions = 'refused';
		const old = { sizeBytes: 13 * MIB, seed: 5 };
		const run = { path: '/a.bin', options: { ...options, parallel: 1, maxRetries: 0 } };
		rig().cloud.faults.add({ route: APPEND, skip: 1, action: { kind: 'loseReply' } });
		const broken = await upload(rig(), { ...run, items: [file('a.bin', old)], ...carryOn });
		expect(errorsOf(broken)[0]).toMatchObject({ resume: { offset: 4 * MIB } });
		const changed = { ...old, changedAt: [5 * MIB] };
		const result = await upload(rig(), { ...run, items: [file('a.bin', changed)], ...carryOn });
		expect(errorsOf(result)).toEqual([undefined]);
		expect(rig().cloud.dropbox.file('/a.bin')?.contentHash).toBe(hashOf(changed));
	});
});

it('names the file that it cannot store in one request', async () => {
	for (const route of [START, START_BATCH]) refuse(route);
	rig().cloud.dropbox.putFile('/there/a.txt', 'old');
	const result = await upload(rig(), {
		path: '/there/a.txt',
		items: [file('a.txt', 'new')],
		...carryOn,
	});
	const [error] = errorsOf(result);
	expect(error?.path).toBe('path/conflict/file');
	expect(error?.description).toContain('/there/a.txt');
});

describe('lookups', () => {
	const put = () => {
		for (const [name] of small) rig().cloud.dropbox.putFile(`/there/${name}`, 'old');
	};

	it.each([
		[LIST_FOLDER, small],
		[GET_METADATA, small.slice(0, 1)],
	])('finds what is there without %s', async (route, files) => {
		put();
		refuse(route);
		const result = await upload(rig(), {
			path: '/there/',
			ifExists: 'skip',
			items: itemsOf(files),
		});
		expect(result.error?.description).toBeUndefined();
		for (const json of jsonOf(result)) expect(json).toMatchObject({ skipped: 'exists' });
		expect(rig().calls(START)).toHaveLength(0);
	});

	it('finds the root of a team without get_current_account', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		refuse(ACCOUNT);
		const result = await upload(rig(), { path: '/', items: itemsOf(small) });
		const header = rig().calls(FINISH)[0]?.headers['dropbox-api-path-root'];
		expect(header).toContain(memberAccount.rootNamespaceId);
		expect(result.status).toBeDefined();
	});
});

describe('what is refused everywhere', () => {
	it('is told as it was first, at a bounded number of requests', async () => {
		for (const route of UPLOAD_ROUTES) refuse(route, 403);
		const result = await upload(rig(), {
			path: '/',
			items: itemsOf(FILES.both),
			options,
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			Array.from({ length: SMALL + 3 }, () => 'http/403'),
		);
		const asked = rig().cloud.log.filter(({ route = '' }) => UPLOAD_ROUTES.includes(route));
		expect(asked.length).toBeLessThanOrEqual(12);
		expect(storedPaths(rig())).toEqual([]);
	});

	it('is not remembered', async () => {
		const stops = UPLOAD_ROUTES.map((route) => refuse(route, 403));
		await upload(rig(), { path: '/', items: itemsOf(small), ...carryOn });
		for (const stop of stops) stop();
		expect(await store('small', 'then')).toEqual({
			[START_BATCH]: 1,
			[APPEND_BATCH]: 1,
			[FINISH]: 1,
		});
	});
});

it.each([
	['commit', FINISH, JOB],
	['job', JOB, FINISH],
])('Finish Upload Batch by %s does without %s', async (commitMethod, route, other) => {
	const items = await filesToCommit(rig(), ['/a', '/b', '/c']);
	refuse(route);
	const result = await rig().dropbox({
		...finishBatch,
		options: { commitMethod, waitForJob: true },
		items,
	});
	expect(jsonOfBatch(result)).toHaveLength(3);
	expect(storedPaths(rig())).toEqual(['/a', '/b', '/c']);
	expect(rig().calls(other)).toHaveLength(1);
});
