import { sleep } from 'n8n-workflow';

/** Short enough that nobody who works in n8n at the same time notices. */
const LONGEST_TURN_MS = 8;

/** Lets n8n's event loop turn while thousands of items are worked on without anything to wait for. */
export class Turns {
	private beganAtMs = Date.now();

	/** To be called between two items. */
	async next(): Promise<void> {
		if (Date.now() - this.beganAtMs < LONGEST_TURN_MS) return;
		await sleep(0);
		this.beganAtMs = Date.now();
	}
}
