import type { CloudClient } from './client';

/** Reads the consent page and answers it as a browser does; gives the address that it leads back to. */
export async function consent(
	browser: CloudClient,
	authorizeUrl: string,
	decision: 'allow' | 'deny',
): Promise<URL> {
	const page = await browser.send(authorizeUrl, { method: 'GET' });
	const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1];
	if (action === undefined) throw new Error(`No consent page (${page.status}): ${page.text}`);
	const target = new URL(
		action.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
		authorizeUrl,
	);
	const reply = await browser.send(target.href, {
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: `decision=${decision}`,
	});
	if (reply.status !== 302) throw new Error(`No way back (${reply.status}): ${reply.text}`);
	return new URL(String(reply.headers.location));
}
