import { isCount } from '../../json';

/** Names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

const DATE_IS_STRONG_AFTER_MS = 60_000;

/** What `If-Range` may name; RFC 9110, 13.1.5: weak ones do not tell one byte from another. */
export function validatorOf(headers: Headers): string | undefined {
	const { etag, 'last-modified': modified, date } = headers;
	if (etag !== undefined && etag !== '' && !etag.startsWith('W/')) return etag;
	const ageMs = Date.parse(date ?? '') - Date.parse(modified ?? '');
	return ageMs >= DATE_IS_STRONG_AFTER_MS ? modified : undefined;
}

export function contentLengthOf({ 'content-length': length }: Headers): number | undefined {
	const sizeBytes = Number(length);
	return length !== undefined && /^\d+$/.test(length) && isCount(sizeBytes) ? sizeBytes : undefined;
}

/** The whole size, when the answer is the rest of the file from `offset` on and nothing else. */
export function restFrom(offset: number, headers: Headers): number | undefined {
	const match = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(headers['content-range']?.trim() ?? '');
	const [first, last, total] = (match ?? []).slice(1).map(Number);
	return first === offset && total !== undefined && last === total - 1 ? total : undefined;
}

function mimeTypeOf({ 'content-type': type }: Headers): string | undefined {
	return type?.split(';')[0]?.trim().toLowerCase() || undefined;
}

const PAGE_TYPES = new Set(['text/html', 'application/xhtml+xml']);

/** A page to look at, which is what a sign-in or an expired link answers. */
export function isPage(headers: Headers): boolean {
	const isAttachment = /^\s*attachment\b/i.test(headers['content-disposition'] ?? '');
	return !isAttachment && PAGE_TYPES.has(mimeTypeOf(headers) ?? '');
}

export function isPageName(name: string): boolean {
	return /\.x?html?$/i.test(name);
}
