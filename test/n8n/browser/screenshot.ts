import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { recordPicture } from '../../style/pictures';
import { animatedPng, type Frame } from './apng';

const { SCREENSHOTS_DIR } = process.env;

/** So many that a page with them loads in a moment. */
const MOST_FRAMES = 12;

/** A picture for the documentation, where somebody has asked for pictures. */
export async function screenshot(what: Page | Locator, name: string): Promise<void> {
	if (SCREENSHOTS_DIR === undefined) return;
	mkdirSync(SCREENSHOTS_DIR, { recursive: true });
	await what.screenshot({ path: join(SCREENSHOTS_DIR, `${name}.png`), animations: 'disabled' });
	recordPicture(name);
}

/** A moving picture for the documentation, where somebody has asked for pictures. */
export class Movie {
	private readonly frames: Frame[] = [];

	constructor(private readonly page: Page) {}

	/** What is in sight now. */
	async frame(durationMs: number): Promise<void> {
		if (SCREENSHOTS_DIR === undefined) return;
		this.frames.push({ png: await this.page.screenshot(), durationMs });
	}

	/** A frame about every `durationMs` until it has happened. */
	async until(event: Promise<unknown>, durationMs: number): Promise<void> {
		let isOver = false;
		const over = event.finally(() => {
			isOver = true;
		});
		while (!isOver && this.frames.length < MOST_FRAMES) {
			await this.frame(durationMs);
			await Promise.race([over, this.page.waitForTimeout(durationMs)]);
		}
		await over;
	}

	save(name: string): void {
		if (SCREENSHOTS_DIR === undefined) return;
		mkdirSync(SCREENSHOTS_DIR, { recursive: true });
		writeFileSync(join(SCREENSHOTS_DIR, `${name}.png`), animatedPng(this.frames));
		recordPicture(name);
	}
}
