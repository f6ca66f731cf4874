import { CloudClient } from './client';
import { spawnCloud, type RemoteCloud } from './remote';

let cloud: RemoteCloud;

beforeAll(async () => {
	cloud = await spawnCloud();
}, 30_000);

afterAll(async () => await cloud.stop());

it('runs the cloud in a process of its own, and answers for it', async () => {
	const { accessToken } = await cloud.issueToken('dropbox');
	const client = new CloudClient(cloud, accessToken);
	await cloud.addFault({ route: { pattern: 'upload$' }, action: { kind: 'reply', status: 503 } });
	const statuses: number[] = [];
	for (let time = 0; time < 2; time += 1) {
		statuses.push((await client.content('files/upload', { path: '/a' }, 'hello')).status);
	}
	await client.close();
	expect(statuses).toEqual([503, 200]);
	const [file] = await cloud.files('dropbox');
	expect(file).toMatchObject({ path: '/a', size: 5, base64: 'aGVsbG8=' });
	expect(await cloud.counters()).toMatchObject({ requests: 2, faultsStruck: { reply: 1 } });
	expect(await cloud.log()).toHaveLength(2);
	expect((await cloud.usage()).userMicros).toBeGreaterThan(0);
	expect(await cloud.errors()).toEqual([]);
	await cloud.reset();
	expect(await cloud.files('dropbox')).toEqual([]);
});

it('says so when it does not know a call', async () => {
	const unknown = cloud as unknown as { teleport(): Promise<unknown> };
	await expect(unknown.teleport()).rejects.toThrow(/no such admin call/);
});
