import type { Clock } from '../core/clock';
import type { CloudReply, CloudRequest } from '../core/contract';
import type { Downloads } from '../core/downloads';
import { BlockHasher } from './contentHash';
import type { Contention } from './contention';
import { RouteFailure, tag } from './errors';
import type { Jobs } from './jobs';
import type { Sessions } from './sessions';
import type { DropboxSettings } from './settings';
import type { SharedLinks } from './sharedLinks';
import type { Cursors } from './cursors';
import type { SharingSettings } from './sharedFiles';
import type { Space, View } from './space';

/** Everything the cloud's Dropbox remembers. */
export interface DropboxState {
	readonly settings: DropboxSettings;
	readonly sharing: SharingSettings;
	readonly clock: Clock;
	readonly space: Space;
	readonly sessions: Sessions;
	readonly jobs: Jobs;
	readonly contention: Contention;
	readonly sharedLinks: SharedLinks;
	readonly cursors: Cursors;
	readonly downloads: Downloads;
}

/** One call, its argument valid and its caller known. */
export interface Call<Argument> {
	readonly route: string;
	readonly argument: Argument;
	readonly view: View;
	readonly body: AsyncIterable<Buffer>;
	/** For a route whose answer is a file. */
	readonly request: CloudRequest;
	readonly state: DropboxState;
	/** A job goes on after the answer; commits beside it count as overlapping until it is complete. */
	holdKeyUntil(completed: Promise<void>): void;
}

/** The result of a route whose answer is a file: it stands in a header. */
export class FileResult {
	constructor(
		readonly result: unknown,
		readonly reply: CloudReply,
	) {}
}

/** Answers the route's result or throws `RouteFailure`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handler = (call: Call<any>) => Promise<unknown>;

export type Handlers = Readonly<Record<string, Handler>>;

/**
 * Reads a content call's body into `write`. Fails when it is too large or is not what
 * `expectedHash` says; `ownHash` saves a second hashing where the first one serves.
 */
export async function receive(
	call: Call<unknown>,
	write: (chunk: Buffer) => void,
	expectedHash: string | undefined,
	ownHash: () => string | undefined = () => undefined,
): Promise<number> {
	const hasher =
		expectedHash !== undefined && ownHash() === undefined ? new BlockHasher() : undefined;
	let bytes = 0;
	for await (const chunk of call.body) {
		bytes += chunk.length;
		if (bytes > call.state.settings.maxRequestBytes) {
			throw new RouteFailure(tag('payload_too_large'));
		}
		hasher?.update(chunk);
		write(chunk);
	}
	if (expectedHash !== undefined && (hasher?.hex() ?? ownHash()) !== expectedHash) {
		throw new RouteFailure(tag('content_hash_mismatch'));
	}
	return bytes;
}
