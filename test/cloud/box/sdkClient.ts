/**
 * Runs in a process of its own, so that Box's SDK meets the cloud as any client would: with a proxy
 * and a certificate authority from the environment. Prints what it was answered.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BoxCcgAuth, BoxClient, BoxDeveloperTokenAuth, CcgConfig } from 'box-node-sdk';
import type { UploadPart } from 'box-node-sdk/schemas';

interface Job {
	token: string;
	bigBytes: number;
	app: { clientId: string; clientSecret: string; enterpriseId: string; asUser: string };
}

const { token, bigBytes, app } = JSON.parse(process.argv[2] ?? '') as Job;
const client = new BoxClient({ auth: new BoxDeveloperTokenAuth({ token }) });
const big = Buffer.alloc(bigBytes, 'big file ');

async function run(): Promise<Record<string, unknown>> {
	const me = await client.users.getUserMe();
	const folder = await client.folders.createFolder({ name: 'From the SDK', parent: { id: '0' } });
	const parent = { id: folder.id };
	const small = await client.uploads.uploadFile({
		attributes: { name: 'small.txt', parent },
		file: Readable.from([Buffer.from('small')]),
	});
	const checked = await client.uploads.uploadWithPreflightCheck({
		attributes: { name: 'checked.txt', parent, size: 7 },
		file: Readable.from([Buffer.from('checked')]),
	});
	const fileId = small.entries?.[0]?.id ?? '';
	const second = await client.uploads.uploadFileVersion(
		fileId,
		{ attributes: { name: 'small.txt' }, file: Readable.from([Buffer.from('second')]) },
		{ headers: { ifMatch: '0' } },
	);
	const bigFile = await client.chunkedUploads.uploadBigFile(
		Readable.from([big]),
		'big.bin',
		big.length,
		folder.id,
	);
	const read = await client.files.getFileById(bigFile.id, {
		queryParams: { fields: ['size', 'sha1', 'parent'] },
	});
	const version = await newVersion(bigFile.id);
	const items = await client.folders.getFolderItems(folder.id);
	const conflict = await client.folders
		.createFolder({ name: 'from the sdk', parent: { id: '0' } })
		.catch((error: { responseInfo?: { statusCode?: number } }) => error.responseInfo?.statusCode);
	const service = new BoxClient({ auth: new BoxCcgAuth({ config: new CcgConfig(app) }) });
	return {
		me: me.id,
		service: (await service.users.getUserMe()).id,
		asUser: (await service.withAsUserHeader(app.asUser).users.getUserMe()).id,
		checked: checked.entries?.[0]?.name,
		second: second.entries?.[0]?.etag,
		big: { size: read.size, sha1: read.sha1, parent: read.parent?.id === folder.id },
		version,
		names: items.entries?.map((item) => item.name),
		conflict,
	};
}

/** The calls that the SDK has no ready-made uploader for; parts are sent last first. */
async function newVersion(fileId: string): Promise<unknown> {
	const uploads = client.chunkedUploads;
	const session = await uploads.createFileUploadSessionForExistingFile(fileId, {
		fileSize: big.length,
	});
	const partSize = session.partSize ?? 0;
	const parts: UploadPart[] = [];
	for (let index = (session.totalParts ?? 0) - 1; index >= 0; index--) {
		const first = index * partSize;
		const bytes = big.subarray(first, first + partSize);
		const { part } = await uploads.uploadFilePart(session.id ?? '', Readable.from([bytes]), {
			digest: digestOf(bytes),
			contentRange: `bytes ${first}-${first + bytes.length - 1}/${big.length}`,
		});
		if (part) parts.unshift(part);
	}
	const files = await uploads.createFileUploadSessionCommit(
		session.id ?? '',
		{ parts },
		{ digest: digestOf(big), ifMatch: '0' },
	);
	return files?.entries?.[0]?.etag;
}

function digestOf(bytes: Buffer): string {
	return `sha=${createHash('sha1').update(bytes).digest('base64')}`;
}

run().then(
	(answers) => process.stdout.write(JSON.stringify(answers)),
	(error: unknown) => {
		process.stderr.write(String(error instanceof Error ? error.stack : error));
		process.exitCode = 1;
	},
);
