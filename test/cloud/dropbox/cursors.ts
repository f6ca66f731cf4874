/** Cursors of listings: a page's rest, and after the last page whatever changes later. */
import { randomBytes } from 'node:crypto';

interface Cursor<Position> {
	readonly accountId: string;
	readonly position: Position;
}

export class Cursors {
	private readonly cursors = new Map<string, Cursor<unknown>>();

	make<Position>(accountId: string, position: Position): string {
		const id = randomBytes(48).toString('base64url');
		this.cursors.set(id, { accountId, position });
		return id;
	}

	find<Position>(id: string, accountId: string): Position | undefined {
		const cursor = this.cursors.get(id);
		return cursor?.accountId === accountId ? (cursor.position as Position) : undefined;
	}

	reset(): void {
		this.cursors.clear();
	}
}
