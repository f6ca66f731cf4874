import { chromium, selectors, type BrowserContext } from 'playwright-core';

import type { LoopbackCloud } from '../../cloud';
import { findBrowser } from './find';

const WAIT_MS = 30_000;

export interface BrowserOptions {
	headless: boolean;
	/** Where the browser keeps what it remembers. */
	profileDir: string;
}

/** A browser that finds the vendors' pages at the loopback cloud, and nothing else beyond this machine. */
export async function openBrowser(
	cloud: LoopbackCloud,
	{ headless, profileDir }: BrowserOptions,
): Promise<BrowserContext> {
	const executablePath = findBrowser();
	if (executablePath === undefined) {
		throw new Error('Chrome, Chromium or Edge is needed: install one, or name it in CHROME_PATH.');
	}
	selectors.setTestIdAttribute('data-test-id');
	const context = await chromium.launchPersistentContext(profileDir, {
		executablePath,
		headless,
		// In a container, and for root, Chromium's own sandbox does not start.
		chromiumSandbox: false,
		proxy: { server: cloud.proxyUrl, bypass: 'localhost,127.0.0.1' },
		// The cloud's authority was made a moment ago; whatever answers here is the cloud.
		ignoreHTTPSErrors: true,
		viewport: headless ? { width: 1280, height: 880 } : null,
	});
	context.setDefaultTimeout(WAIT_MS);
	return context;
}
