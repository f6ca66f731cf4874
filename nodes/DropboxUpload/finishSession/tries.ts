import type { Connection } from '../api/connection';
import { contentHashOf } from '../api/contentHash';
import type { FileToFinish } from './finishFile';

/** What is open about a session after the tries to finish it. */
export interface Tried {
	/** The bytes may be in: then the session ends after them. */
	mayHaveAppended: boolean;
	/** The file may be stored. */
	responseLost: boolean;
	/** Before the first try, by Dropbox's clock. */
	readonly sinceMs: number;
}

const MOST_SESSIONS = 1_000;

/**
 * Retry On Fail runs the whole node again with the same item: whether an earlier try has appended these very bytes
 * is remembered here. Holds no bytes and no tokens, and of the latest sessions only.
 */
export class Tries {
	private readonly open = new Map<string, Tried & { readonly bytes: string }>();

	begin(connection: Connection, file: FileToFinish): Tried {
		const known = this.open.get(keyOf(connection, file));
		if (known !== undefined && known.bytes === bytesOf(file)) return { ...known };
		const sinceMs = connection.client.serverNowMs();
		return { mayHaveAppended: false, responseLost: false, sinceMs };
	}

	keep(connection: Connection, file: FileToFinish, tried: Tried): void {
		this.end(connection, file);
		if (!tried.mayHaveAppended && !tried.responseLost) return;
		this.open.set(keyOf(connection, file), { ...tried, bytes: bytesOf(file) });
		const [oldest] = this.open.keys();
		if (this.open.size > MOST_SESSIONS && oldest !== undefined) this.open.delete(oldest);
	}

	end(connection: Connection, file: FileToFinish): void {
		this.open.delete(keyOf(connection, file));
	}
}

function keyOf({ placeKey }: Connection, { cursor }: FileToFinish): string {
	return `${placeKey}:${cursor.session_id}`;
}

function bytesOf({ content, cursor }: FileToFinish): string {
	return `${cursor.offset}+${content.length}:${contentHashOf(content)}`;
}
