/** Runs one client outside n8n and says what it cost, without the start of the process. */
import { readMeter, startMeter } from '../engine/package/meter';
import type { ClientJob, ClientReply, Upload } from './job';

async function run(job: ClientJob): Promise<ClientReply> {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const { upload } = require(`./${job.client}`) as { upload: Upload };
	startMeter();
	await upload(job);
	return { measured: readMeter() };
}

// Without a parent there is nobody to report to.
process.once('disconnect', () => process.exit());

process.once('message', (job: ClientJob) => {
	run(job)
		.catch((error: unknown): ClientReply => ({ error: describe(error) }))
		.then((reply) => process.send?.(reply, () => process.exit()))
		.catch(() => process.exit(1));
});

function describe(error: unknown): string {
	if (!(error instanceof Error)) return JSON.stringify(error);
	const { cause } = error;
	return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
