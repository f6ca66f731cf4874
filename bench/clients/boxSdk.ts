/**
 * Box's own SDK. Its ready-made uploader sends one part after the other; with `parallel`, its calls
 * for single parts are used several at a time.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { BoxClient, BoxDeveloperTokenAuth } from 'box-node-sdk';
import type { UploadPart } from 'box-node-sdk/schemas';
import type { InputFile, Upload } from './job';
import { inParallel } from './pool';

const SESSION_FROM_BYTES = 20_000_000;

export const upload: Upload = async ({ files, accessToken, parallel }) => {
	const client = new BoxClient({ auth: new BoxDeveloperTokenAuth({ token: accessToken }) });
	const isSmall = ({ sizeBytes }: InputFile) => sizeBytes < SESSION_FROM_BYTES;
	await inParallel(files.filter(isSmall), parallel ?? 1, async ({ path, name }) => {
		const attributes = { name, parent: { id: '0' } };
		await client.uploads.uploadFile({ attributes, file: createReadStream(path) });
	});
	for (const file of files.filter((one) => !isSmall(one))) {
		if (parallel === undefined) {
			const { path, name, sizeBytes } = file;
			await client.chunkedUploads.uploadBigFile(createReadStream(path), name, sizeBytes, '0');
		} else {
			await sendParts(client, file, parallel);
		}
	}
};

async function sendParts(client: BoxClient, file: InputFile, parallel: number): Promise<void> {
	const uploads = client.chunkedUploads;
	const { path, name, sizeBytes } = file;
	const session = await uploads.createFileUploadSession({
		fileName: name,
		fileSize: sizeBytes,
		folderId: '0',
	});
	const { uploadPart: partUrl = '', commit: commitUrl = '' } = session.sessionEndpoints ?? {};
	const partBytes = session.partSize ?? 0;
	const parts: UploadPart[] = [];
	const wholeFile = createHash('sha1');
	let reading: Promise<unknown> = Promise.resolve();
	await inParallel(Array(session.totalParts).keys(), parallel, async (index) => {
		const first = index * partBytes;
		const last = Math.min(first + partBytes, sizeBytes) - 1;
		const read = reading.then(async () => {
			const chunks = await createReadStream(path, { start: first, end: last }).toArray();
			const bytes = Buffer.concat(chunks as Buffer[]);
			wholeFile.update(bytes);
			return bytes;
		});
		reading = read;
		const bytes = await read;
		const { part } = await uploads.uploadFilePartByUrl(partUrl, Readable.from([bytes]), {
			digest: digest(createHash('sha1').update(bytes)),
			contentRange: `bytes ${first}-${last}/${sizeBytes}`,
		});
		if (part) parts[index] = part;
	});
	const headers = { digest: digest(wholeFile) };
	await uploads.createFileUploadSessionCommitByUrl(commitUrl, { parts }, headers);
}

function digest(hash: Hash): string {
	return `sha=${hash.digest('base64')}`;
}
