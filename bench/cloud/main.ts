/**
 * The loopback cloud as a process of its own, answering over IPC. It also counts what crosses its
 * sockets, TLS and headers included: the cloud itself counts bodies only.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { adminMethods } from '../../test/cloud/admin';
import { startCloud } from '../../test/cloud';
import type { RateLimit } from '../../test/cloud/core/rateWindow';
import type { InputFile } from '../clients/job';
import { putUpWithRclone } from './asRclone';
import type { Answer, Question } from './protocol';
import { putSources } from './putSources';
import { putVersion } from './putVersion';

/** A direct upload, and a part of a session. */
const UPLOADS = /^(POST \/files\/(:id\/)?content|PUT .*upload_sessions\/:id)$/;

class WireMeter {
	private readonly open = new Map<Socket, number>();
	private closedBytes = 0;

	constructor(isCounted: (socket: Socket) => boolean) {
		subscribe('net.server.socket', (message) => {
			const { socket } = message as { socket: Socket };
			if (!isCounted(socket)) return;
			this.open.set(socket, 0);
			socket.once('close', () => {
				this.closedBytes += bytesOf(socket) - (this.open.get(socket) ?? 0);
				this.open.delete(socket);
			});
		});
	}

	reset(): void {
		this.closedBytes = 0;
		for (const socket of this.open.keys()) this.open.set(socket, bytesOf(socket));
	}

	read(): number {
		let bytes = this.closedBytes;
		for (const [socket, before] of this.open) bytes += bytesOf(socket) - before;
		return bytes;
	}
}

function bytesOf(socket: Socket): number {
	return socket.bytesRead + socket.bytesWritten;
}

function uploadsAMinute(windowMs: number): RateLimit {
	return { requests: 240, windowMs, retryAfter: 'rest of window', routes: UPLOADS };
}

async function main(): Promise<void> {
	const cloud = await startCloud({
		dropbox: { keepBytesUpTo: 0 },
		box: { keepBytesUpTo: 0, knownPartsBytes: 0 },
	});
	putUpWithRclone(cloud);
	const proxyPort = Number(new URL(cloud.proxyUrl).port);
	const wire = new WireMeter((socket) => socket.localPort === proxyPort);
	const usualPartBytes = cloud.box.settings.partSizeBytes;
	const methods = {
		...adminMethods(cloud),
		wireBytes: () => wire.read(),
		resetWire: () => wire.reset(),
		limitBox: (minuteMs?: number) => {
			cloud.box.settings.rateLimit = minuteMs ? uploadsAMinute(minuteMs) : undefined;
		},
		setBoxPartSize: (bytes?: number) => {
			cloud.box.settings.partSizeBytes = bytes ?? usualPartBytes;
		},
		putVersion: (file: InputFile, changedParts: readonly number[]) =>
			putVersion(cloud.box, file, changedParts),
		putSources: (vendor: 'dropbox' | 'box', files: readonly InputFile[]) =>
			putSources(cloud, vendor, files),
		refusals: () => cloud.log.filter(({ status }) => status === 429).length,
		storedHashes: (vendor: 'dropbox' | 'box') =>
			vendor === 'dropbox'
				? cloud.dropbox.files().map(({ contentHash }) => contentHash)
				: cloud.box.files().map(({ sha1 }) => sha1),
	} as Record<string, (...args: unknown[]) => unknown>;

	process.on('message', (message) => {
		const { id, method, args } = message as Question;
		const answer = async (): Promise<unknown> => await methods[method]?.(...args);
		const send = (reply: Answer): void => void process.send?.(reply);
		answer().then(
			(result) => send({ id, result: result ?? null }),
			(error: unknown) => send({ id, error: String(error) }),
		);
	});
	process.once('disconnect', () => void cloud.stop());
	process.send?.({ ready: { env: cloud.env, proxyUrl: cloud.proxyUrl, caPem: cloud.caPem } });
}

void main();
