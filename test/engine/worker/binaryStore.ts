import { BinaryDataConfig, BinaryDataService, FileTooLargeError } from 'n8n-core';
import type { BinaryData } from 'n8n-core';
import { Container } from '@n8n/di';
import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import type { WorkerConfig } from '../types';

const OBJECT_STORE_CHUNK_BYTES = 16 * 1024;

interface Row {
	location: BinaryData.FileLocation;
	metadata: BinaryData.Metadata;
}

/**
 * n8n's database store as a node sees it: every read takes the whole file out of the database in
 * one piece. The bytes lie in files, since a database is not part of the process either.
 */
class DatabaseManager implements BinaryData.Manager {
	private readonly rows = new Map<string, Row>();

	constructor(
		private readonly dir: string,
		private readonly maxFileSizeMb: number,
		/** From this size on no read is ever answered, as when PostgreSQL's answer is too long for n8n. */
		private readonly unreadableFromBytes: number,
	) {}

	async init(): Promise<void> {
		mkdirSync(this.dir, { recursive: true });
	}

	async store(
		location: BinaryData.FileLocation,
		body: Buffer | Readable,
		metadata: BinaryData.PreWriteMetadata,
	): Promise<BinaryData.WriteResult> {
		const data = Buffer.isBuffer(body) ? body : await buffer(body);
		const fileSizeMb = data.length / (1024 * 1024);
		const fileId = randomUUID();
		if (fileSizeMb > this.maxFileSizeMb) {
			const { fileName } = metadata;
			throw new FileTooLargeError({
				fileSizeMb,
				maxFileSizeMb: this.maxFileSizeMb,
				fileId,
				fileName,
			});
		}
		await writeFile(this.file(fileId), data);
		this.rows.set(fileId, { location, metadata: { ...metadata, fileSize: data.length } });
		return { fileId, fileSize: data.length };
	}

	getPath(fileId: string): string {
		return `database://${fileId}`;
	}

	async getAsBuffer(fileId: string): Promise<Buffer> {
		const { fileSize } = this.row(fileId).metadata;
		if (fileSize >= this.unreadableFromBytes) await new Promise(() => {});
		return await readFile(this.file(fileId));
	}

	async getAsStream(fileId: string): Promise<Readable> {
		return Readable.from(await this.getAsBuffer(fileId));
	}

	async getMetadata(fileId: string): Promise<BinaryData.Metadata> {
		return { ...this.row(fileId).metadata };
	}

	async deleteMany(locations: BinaryData.FileLocation[]): Promise<void> {
		const executionIds = new Set(locations.map(executionOf));
		const fileIds = [...this.rows]
			.filter(([, { location }]) => executionIds.has(executionOf(location)))
			.map(([fileId]) => fileId);
		await this.deleteManyByFileId(fileIds);
	}

	async deleteManyByFileId(fileIds: string[]): Promise<void> {
		for (const fileId of fileIds) {
			this.rows.delete(fileId);
			await rm(this.file(fileId), { force: true });
		}
	}

	async copyByFileId(location: BinaryData.FileLocation, sourceId: string): Promise<string> {
		const { metadata } = this.row(sourceId);
		const fileId = randomUUID();
		await copyFile(this.file(sourceId), this.file(fileId));
		this.rows.set(fileId, { location, metadata });
		return fileId;
	}

	async copyByFilePath(
		location: BinaryData.FileLocation,
		path: string,
		metadata: BinaryData.PreWriteMetadata,
	): Promise<BinaryData.WriteResult> {
		return await this.store(location, await readFile(path), metadata);
	}

	async rename(oldId: string, newId: string): Promise<void> {
		const row = this.row(oldId);
		await copyFile(this.file(oldId), this.file(newId));
		await this.deleteManyByFileId([oldId]);
		this.rows.set(newId, row);
	}

	protected row(fileId: string): Row {
		const row = this.rows.get(fileId);
		if (!row) throw new Error(`Could not find any entity of type "BinaryDataFile" (${fileId})`);
		return row;
	}

	protected file(fileId: string): string {
		return join(this.dir, fileId);
	}
}

/** n8n's object store as a node sees it: a stream in pieces of the network's choice, never the size asked for. */
class ObjectStoreManager extends DatabaseManager {
	override async getAsStream(fileId: string): Promise<Readable> {
		this.row(fileId);
		return createReadStream(this.file(fileId), { highWaterMark: OBJECT_STORE_CHUNK_BYTES });
	}
}

function executionOf(location: BinaryData.FileLocation): string | undefined {
	return location.type === 'execution' ? location.executionId : location.sourceId;
}

export async function openBinaryStore({
	binaryMode: mode,
	databaseDir,
	databaseUnreadableFromBytes = Infinity,
}: WorkerConfig): Promise<BinaryDataService> {
	const config = Container.get(BinaryDataConfig);
	config.mode = mode;
	const service = Container.get(BinaryDataService);
	await service.init();
	if (mode === 'database') {
		const manager = new DatabaseManager(
			databaseDir,
			config.dbMaxFileSize,
			databaseUnreadableFromBytes,
		);
		await manager.init();
		service.setManager('database', manager);
	}
	if (mode === 's3') {
		const manager = new ObjectStoreManager(databaseDir, Infinity, Infinity);
		await manager.init();
		service.setManager('s3', manager);
	}
	return service;
}
