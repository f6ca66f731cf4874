import type { IExecuteFunctions } from 'n8n-workflow';

/** What a run did, told at its end: as a hint at the node and in the log. */
export function followRun(context: IExecuteFunctions, summary: string): void {
	context.logger.info(`${context.getNode().name}: ${summary}`);
	context.addExecutionHints({ message: summary, type: 'info', location: 'outputPane' });
}
