import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

const { SCREENSHOTS_DIR } = process.env;

/** A picture for the documentation, where somebody has asked for pictures. */
export async function screenshot(page: Page, name: string): Promise<void> {
	if (SCREENSHOTS_DIR === undefined) return;
	mkdirSync(SCREENSHOTS_DIR, { recursive: true });
	await page.screenshot({ path: join(SCREENSHOTS_DIR, `${name}.png`), animations: 'disabled' });
}
