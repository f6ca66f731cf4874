import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Writable } from 'node:stream';

import type { LogRecord } from '../types';
import { toPlain } from './plain';

const scope = new AsyncLocalStorage<LogRecord[]>();

/** Every line n8n's logger lets through, kept with the execution that wrote it. */
export function captureLogs(): void {
	const internal = Container.get(Logger).getInternalLogger();
	internal.clear();
	const sink = new Writable({
		objectMode: true,
		write({ level, message, ...meta }: { level: string; message: string }, _encoding, done) {
			scope.getStore()?.push({ level, message, meta: toPlain(meta) });
			done();
		},
	});
	// winston takes any object stream that has a log method, and then writes to the stream.
	internal.add(Object.assign(sink, { log: () => {} }));
}

export function withLogs<T>(records: LogRecord[], run: () => T): T {
	return scope.run(records, run);
}
