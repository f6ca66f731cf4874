/** Serves the input files on the loopback interface, as fast as it can. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { InputFile } from '../clients/job';

export class FileServer {
	private readonly server = createServer((incoming, response) => {
		const file = this.files.find(({ name }) => incoming.url === `/${name}`);
		if (file === undefined) return void response.writeHead(404).end();
		response.writeHead(200, {
			'content-type': 'application/octet-stream',
			'content-length': file.sizeBytes,
		});
		// Whoever leaves early says why himself.
		pipeline(createReadStream(file.path), response).catch(() => response.destroy());
	});

	private constructor(private readonly files: readonly InputFile[]) {}

	static async start(files: readonly InputFile[]): Promise<FileServer> {
		const one = new FileServer(files);
		one.server.listen(0, '127.0.0.1');
		await once(one.server, 'listening');
		return one;
	}

	urlOf(name: string): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}
}
