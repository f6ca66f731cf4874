import type { Failure } from '../../shared/failure';
import { isMissing, noteMissing } from '../../shared/http/missingRoutes';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { START, startSession } from '../api/sessions';
import type { ReadyFile } from './types';
import type { SendContext } from './uploadContext';

/** Read, and not sent yet. */
type LoadedFile = Omit<ReadyFile, 'sessionId' | 'resume'>;

/**
 * Sends files one by one: empty ones, and any where Dropbox refuses the routes that take many. A session that is
 * closed at its start holds the file; where that route is refused as well the file is stored in one request.
 */
export class AloneSender {
	/** Refused; remembered as missing once another route has got through. */
	private readonly refused = new Map<string, Failure>();
	/** What the other files would be told as well. */
	private refusedEverywhere: Failure | undefined;

	constructor(private readonly context: Omit<SendContext, 'alone'>) {}

	/** That route does not take the files, so that they go alone. */
	noteRefused(route: string, failure: Failure): void {
		if (!this.refused.has(route)) this.refused.set(route, failure);
	}

	async send(loaded: LoadedFile, content: Buffer): Promise<void> {
		const { connection, limiter, onFailed, onReady, progress } = this.context;
		const reason = this.context.canceled() ?? this.refusedEverywhere;
		if (reason !== undefined) return onFailed(loaded.file, reason);
		if (isMissing(connection.client.accountKey, START) || this.refused.has(START)) {
			return await this.store(loaded, content);
		}
		const started = await startSession(connection, { type: 'sequential', close: true }, content);
		noteSpeed(started, limiter);
		if (!started.ok) {
			if (!isRouteRefused(started.failure)) return onFailed(loaded.file, started.failure);
			this.noteRefused(START, started.failure);
			return await this.store(loaded, content);
		}
		this.noteMissing();
		progress.bytesSent(content.length);
		onReady({ ...loaded, sessionId: started.value });
	}

	private async store(loaded: LoadedFile, content: Buffer): Promise<void> {
		const { progress, storeWhole } = this.context;
		const stored = await storeWhole({ ...loaded, sessionId: '' }, content);
		if (stored.ok) {
			this.noteMissing();
			progress.bytesSent(content.length);
		} else if (isRouteRefused(stored.failure)) this.refusedEverywhere = stored.failure;
	}

	private noteMissing(): void {
		const { accountKey } = this.context.connection.client;
		for (const route of this.refused.keys()) noteMissing(accountKey, route);
	}
}
