import { chromium, selectors, type BrowserContext } from 'playwright-core';

import type { LoopbackCloud } from '../../cloud';
import { findBrowser, findHeadlessBrowser } from './find';

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
	const executablePath = headless ? await findHeadlessBrowser() : findBrowser();
	selectors.setTestIdAttribute('data-test-id');
	const context = await chromium.launchPersistentContext(profileDir, {
		executablePath,
		headless,
		// Whoever has opened it closes it, before what it depends on.
		handleSIGINT: false,
		handleSIGTERM: false,
		// Chromium's own sandbox does not start in a container, nor for root; headed it warns of its lack.
		chromiumSandbox: !headless && process.getuid?.() !== 0,
		proxy: { server: cloud.proxyUrl, bypass: 'localhost,127.0.0.1' },
		// The cloud's authority was made a moment ago; whatever answers here is the cloud.
		ignoreHTTPSErrors: true,
		viewport: headless ? { width: 1280, height: 880 } : null,
	});
	context.setDefaultTimeout(WAIT_MS);
	return context;
}
