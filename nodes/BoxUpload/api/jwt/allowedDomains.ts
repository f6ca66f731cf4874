import { isString } from '../../../shared/json';
import { TOKEN_URL } from './assertion';

/**
 * Whether the credential's Allowed Domains let its own token be fetched. Newer versions of n8n see to that
 * themselves, in the same way: *None* is about n8n's HTTP Request node only.
 */
export function mayFetchToken(fields: Readonly<Record<string, unknown>>): boolean {
	if (fields.allowedHttpRequestDomains !== 'domains') return true;
	const { hostname } = new URL(TOKEN_URL);
	const list = isString(fields.allowedDomains) ? fields.allowedDomains : '';
	const domains = list.split(',').map((domain) => domain.trim().toLowerCase().replace(/\.$/, ''));
	return domains.some((domain) =>
		domain.startsWith('*.') ? hostname.endsWith(domain.slice(1)) : domain === hostname,
	);
}
