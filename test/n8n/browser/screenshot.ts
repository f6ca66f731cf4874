import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { recordPicture } from '../../style/pictures';

const { SCREENSHOTS_DIR } = process.env;

/** A picture for the documentation, where somebody has asked for pictures. */
export async function screenshot(what: Page | Locator, name: string): Promise<void> {
	if (SCREENSHOTS_DIR === undefined) return;
	mkdirSync(SCREENSHOTS_DIR, { recursive: true });
	await what.screenshot({ path: join(SCREENSHOTS_DIR, `${name}.png`), animations: 'disabled' });
	recordPicture(name);
}
