/** Box's SDK uploads files as its documentation shows it: small ones in one request, large ones in chunks. */
import { createReadStream } from 'node:fs';
import { BoxClient, BoxDeveloperTokenAuth } from 'box-node-sdk';

interface Job {
	token: string;
	folderId: string;
	files: Array<{ path: string; name: string; sizeBytes: number }>;
}

const SESSION_FROM_BYTES = 20_000_000;

async function run({ token, folderId, files }: Job): Promise<void> {
	const client = new BoxClient({ auth: new BoxDeveloperTokenAuth({ token }) });
	for (const { path, name, sizeBytes } of files) {
		const content = createReadStream(path);
		if (sizeBytes < SESSION_FROM_BYTES) {
			const attributes = { name, parent: { id: folderId } };
			await client.uploads.uploadFile({ attributes, file: content });
		} else {
			await client.chunkedUploads.uploadBigFile(content, name, sizeBytes, folderId);
		}
	}
}

run(JSON.parse(process.argv[2] ?? '') as Job).catch((error: unknown) => {
	process.stderr.write(`${String(error)}\n`);
	process.exitCode = 1;
});
