/** Box's own SDK and this node, on the same local Box: the same bytes, the same answers. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { generateBuffer } from '../../engine';
import { repositoryDir } from '../../support/freshBuild';
import type { Content } from './uploads';
import {
	COMMIT,
	LARGE,
	MIB,
	PUT_PART,
	byId,
	expectAllStored,
	file,
	offsetOf,
	sha1Of,
	storedFiles,
	upload,
	useBox,
} from './uploads';

const rig = useBox();

const SIZES = [0, 1, 100_000, LARGE, 24 * MIB, 24 * MIB + 1];

/** In a process of its own, with proxy and authority from the environment, as any client. */
async function uploadWithSdk(
	folderId: string,
	files: ReadonlyArray<{ path: string; name: string; sizeBytes: number }>,
): Promise<void> {
	const { accessToken } = rig().cloud.issueToken('box');
	const job = JSON.stringify({ token: accessToken, folderId, files });
	await promisify(execFile)(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'sdkUpload.ts'), job],
		{ cwd: repositoryDir, env: { ...process.env, ...rig().cloud.env } },
	);
}

it("stores what Box's SDK stores, in the same parts", async () => {
	const { box } = rig().cloud;
	const theirs = box.putFolder({ name: 'SDK' });
	const ours = box.putFolder({ name: 'Node' });
	const sources = SIZES.map((sizeBytes, seed) => {
		const path = join(rig().engine.homeDir, '.n8n-files', `${seed}.bin`);
		writeFileSync(path, generateBuffer({ sizeBytes, seed }));
		return { path, name: `${seed}.bin`, sizeBytes };
	});
	await uploadWithSdk(theirs.id, sources);
	const bySdk = partsSent();
	const before = rig().calls(PUT_PART).length;

	const expected = SIZES.map((sizeBytes, seed): [string, Content] => [
		`${seed}.bin`,
		{ sizeBytes, seed },
	]);
	const result = await upload(rig(), {
		parentFolderId: byId(ours.id),
		items: expected.map(([name, content]) => file(name, content)),
	});
	expect(result.error).toBeUndefined();

	const inFolder = (folder: string) =>
		storedFiles(rig())
			.filter(({ path }) => path.startsWith(`/${folder}/`))
			.map(({ name, size, sha1 }) => [name, size, sha1]);
	expect(inFolder('Node')).toEqual(inFolder('SDK'));
	expect(inFolder('Node')).toEqual(
		expected.map(([name, content], index) => [name, SIZES[index], sha1Of(content)]),
	);
	expect(partsSent().slice(before).sort()).toEqual(bySdk.sort());
	expect(
		rig()
			.calls(COMMIT)
			.map(({ status }) => status),
	).toEqual(Array(6).fill(201));
}, 120_000);

/** Range and digest of each part. */
function partsSent(): string[] {
	return rig()
		.calls(PUT_PART)
		.map(
			(call) =>
				`${offsetOf(call)} ${String(call.headers['content-range'])} ${String(call.headers.digest)}`,
		);
}

it('refuses nothing that Box accepts: a name that only another system would refuse', async () => {
	const names = ['grüße 日本 🎉.txt', "it's 100% (really) [new] {ok};, all.csv", '.hidden', 'a..b'];
	const result = await upload(rig(), { items: names.map((name) => file(name, name)) });
	expectAllStored(
		rig(),
		result,
		names.map((name) => [`/${name}`, name]),
	);
});
