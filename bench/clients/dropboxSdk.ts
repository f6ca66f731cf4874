/** Dropbox's own SDK: its file uploader, a file at a time or several small ones beside each other. */
import { Dropbox, DropboxFileUploader, fileUpload } from 'dropbox';
import { fetch } from 'undici';
import { proxyAgent } from './http';
import type { InputFile, Upload } from './job';
import { inParallel } from './pool';

const DEFAULT_CHUNK_BYTES = 8 * 1024 * 1024;

export const upload: Upload = async (job) => {
	const dispatcher = proxyAgent(job);
	const client = new Dropbox({
		accessToken: job.accessToken,
		fetch: (url: string, init: object) => fetch(url, { ...init, dispatcher }),
	});
	const { parallel = 1 } = job;
	const send = async (file: InputFile, parallelUploads: number): Promise<void> => {
		const { path, name, partBytes: chunkSize } = file;
		const uploader = new DropboxFileUploader(client, { chunkSize, parallelUploads });
		await uploader.upload(await fileUpload(path), { path: `/${name}` });
	};
	const isSmall = ({ sizeBytes, partBytes = DEFAULT_CHUNK_BYTES }: InputFile) =>
		sizeBytes <= partBytes;
	await inParallel(job.files.filter(isSmall), parallel, (file) => send(file, 1));
	for (const file of job.files.filter((one) => !isSmall(one))) await send(file, parallel);
};
