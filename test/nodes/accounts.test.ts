/** One account behind two credentials, and two accounts behind one. */
import { boxAccounts } from '../cloud/box';
import { memberAccount, personalAccount, rateLimited } from '../cloud/dropbox';
import { useRig } from '../support/rig';

const rig = useRig();

const file = (name: string) => ({
	json: {},
	binary: { data: { base64: Buffer.from(name).toString('base64'), fileName: name } },
});

function toDropbox(credentialId: string, name: string, options = {}) {
	return rig().dropbox({
		resource: 'file',
		operation: 'upload',
		parameters: { folder: { __rl: true, mode: 'path', value: `/${name}` } },
		options,
		items: [file(`${name}.txt`)],
		node: { credentials: { dropboxUploadOAuth2Api: credentialId } },
	});
}

const FINISH = 'files/upload_session/finish_batch_v2';
const connected = async (accountId: string) =>
	(await rig().connectDropbox({ accountId })).credentialId;

/** Times at which calls of a route came and went, by the token's account. */
const spansOf = (route: string) =>
	rig()
		.calls(route)
		.map(({ startedAtMs, endedAtMs }) => ({ startedAtMs, endedAtMs: endedAtMs! }));

describe('Dropbox', () => {
	it.each([
		['My Folder, by what the token says', { root: 'home' }],
		['the team space, by what the account says', {}],
	])('two credentials of one account never commit at the same time: %s', async (_what, options) => {
		const one = await connected(memberAccount.accountId);
		const other = await connected(memberAccount.accountId);
		rig().cloud.dropbox.settings.commitMs = 100;
		try {
			const names = ['Marketing/a', 'Marketing/b', 'Marketing/c', 'Marketing/d'];
			const runs = names.map((name, index) => toDropbox(index % 2 ? one : other, name, options));
			for (const { status } of await Promise.all(runs)) expect(status).toBe('success');
		} finally {
			rig().cloud.dropbox.settings.commitMs = 0;
		}
		expect(spansOf(FINISH)).toHaveLength(4);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
	});

	it('a 429 of one credential rests the other of the account, and no other account', async () => {
		const one = await connected(personalAccount.accountId);
		const other = await connected(personalAccount.accountId);
		const stranger = await connected(memberAccount.accountId);
		rig().cloud.faults.add({ route: FINISH, action: rateLimited(2) });
		const resting = toDropbox(one, 'a', { root: 'home' });
		while (rig().calls(FINISH).length === 0)
			await new Promise((resolve) => setTimeout(resolve, 20));
		const refusedAtMs = spansOf(FINISH)[0]!.endedAtMs;
		const [second, third] = await Promise.all([
			toDropbox(other, 'b', { root: 'home' }),
			toDropbox(stranger, 'c', { root: 'home' }),
		]);
		expect([second.status, third.status, (await resting).status]).toEqual(
			Array.from({ length: 3 }, () => 'success'),
		);
		const waits = (name: string) =>
			rig()
				.cloud.log.filter(({ argument }) => JSON.stringify(argument ?? {}).includes(`/${name}/`))
				.map(({ startedAtMs }) => startedAtMs - refusedAtMs);
		expect(Math.min(...waits('b'))).toBeGreaterThanOrEqual(1_900);
		expect(Math.min(...waits('c'))).toBeLessThan(1_900);
	});

	it('two accounts commit at the same time, and each in its own place', async () => {
		const one = await connected(personalAccount.accountId);
		const other = await connected(memberAccount.accountId);
		rig().cloud.dropbox.settings.commitMs = 400;
		try {
			const runs = [
				toDropbox(one, 'mine', { root: 'home' }),
				toDropbox(other, 'mine', { root: 'home' }),
			];
			for (const { status } of await Promise.all(runs)) expect(status).toBe('success');
		} finally {
			rig().cloud.dropbox.settings.commitMs = 0;
		}
		const [first, second] = spansOf(FINISH).sort((a, b) => a.startedAtMs - b.startedAtMs);
		expect(second!.startedAtMs).toBeLessThan(first!.endedAtMs);
		expect(
			rig()
				.cloud.dropbox.files()
				.map(({ namespaceId }) => namespaceId)
				.sort(),
		).toEqual([personalAccount.homeNamespaceId, memberAccount.homeNamespaceId]);
	});
});

describe('Box', () => {
	const CREATE = 'POST /files/content';
	const upload = (credentialId: string, name: string) =>
		rig().boxJwt({
			resource: 'file',
			operation: 'upload',
			items: [file(name)],
			node: { credentials: { boxUploadJwtApi: credentialId } },
		});

	it('a 429 of one credential rests the other of the app, and not that of a user', async () => {
		const { app, credentialId: one } = await rig().connectBoxJwt();
		// However the file was pasted.
		const privateKeyFile = `\uFEFF${app.configFile}`;
		const { credentialId: other } = await rig().connectBoxJwt({ privateKeyFile });
		const { credentialId: user } = await rig().connectBoxJwt({
			boxSubjectType: 'user',
			userId: boxAccounts.colleague.id,
		});
		rig().cloud.faults.add({
			route: CREATE,
			action: { kind: 'reply', status: 429, headers: { 'retry-after': '2' } },
		});
		const resting = upload(one, 'a.txt');
		while (rig().calls(CREATE).length === 0)
			await new Promise((resolve) => setTimeout(resolve, 20));
		const [second, third] = await Promise.all([upload(other, 'b.txt'), upload(user, 'c.txt')]);
		expect([second.status, third.status, (await resting).status]).toEqual(
			Array.from({ length: 3 }, () => 'success'),
		);
		expect(third.durationMs).toBeLessThan(1_800);
		expect(second.durationMs).toBeGreaterThanOrEqual(1_700);
	});
});
