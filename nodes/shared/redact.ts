import type { Failure } from './failure';

/** What may be secret is taken out of texts from outside before they reach an error, an item or the log. */

/** Stands for what was taken out. */
const REDACTED = '…';

/** Shorter ones are taken out only where they stand alone: a password `a` is no reason to lose each a. */
const MIN_SECRET_CHARACTERS = 4;
const MAX_URL_CHARACTERS = 200;

const LONG_NAMES =
	'access_token|refresh_token|id_token|client_secret|client_assertion|link_password';
const NAMES = `${LONG_NAMES}|assertion|password|passwd|pwd|secret|signature|sig|token`;
const QUOTE = String.raw`(?:\\?["']|&quot;|%22)`;
const VALUE = String.raw`[^\s"'&<>,;}\\]+`;

/** A JSON Web Token: header, claims and signature. */
const JWT = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g;
/** `Bearer X`, also percent-encoded, and the Basic of a client's ID and secret. */
const AUTHORIZATION = /\b(Bearer|Basic)(?:\s|%20|\+|:|=|\\?")+[\w.~+/=%-]{6,}/gi;
const PATTERNS = [
	// In a query or a form, which may be percent-encoded.
	String.raw`\b((?:${NAMES})(?:=|%3D))${VALUE}`,
	// In JSON, which may be escaped.
	`((?:${NAMES})${QUOTE}\\s*(?::|%3A)\\s*${QUOTE})${VALUE}`,
	String.raw`\b((?:${LONG_NAMES})\s*:\s*)${VALUE}`,
].map((pattern) => new RegExp(pattern, 'gi'));
const URL_IN_TEXT = /\b[a-z][a-z\d+.-]{0,30}:\\?\/\\?\/[^\s"'<>]+/gi;

/**
 * A text of any origin without its secrets: those that are known, in the forms in which servers echo them,
 * and what looks like one. URLs keep their host and path.
 */
export function redacted(text: string, secrets: readonly string[] = []): string {
	const unknown = withoutKnown(text, secrets)
		.replace(URL_IN_TEXT, printableUrl)
		.replace(AUTHORIZATION, `$1 ${REDACTED}`)
		.replace(JWT, REDACTED);
	return PATTERNS.reduce((rest, pattern) => rest.replace(pattern, `$1${REDACTED}`), unknown);
}

/** A failure none of whose texts from outside repeats what a request has said in confidence. */
export function withoutSecrets(failure: Failure, secrets: readonly string[]): Failure {
	if (secrets.length === 0) return failure;
	const { code, reason, requestId, vendorText } = failure;
	const clean = (text: string): string => withoutStart(withoutKnown(text, secrets), secrets);
	return {
		...failure,
		code: clean(code),
		...(reason !== undefined && { reason: clean(reason) }),
		...(requestId !== undefined && { requestId: clean(requestId) }),
		...(vendorText !== undefined && { vendorText: clean(vendorText) }),
	};
}

/** A text that was shortened before it was cleaned may end within a secret. */
function withoutStart(text: string, secrets: readonly string[]): string {
	if (!text.endsWith(REDACTED)) return text;
	let kept = text.slice(0, -REDACTED.length);
	for (const form of allFormsOf(secrets)) {
		for (let length = form.length - 1; length >= MIN_SECRET_CHARACTERS; length--) {
			if (kept.endsWith(form.slice(0, length))) kept = kept.slice(0, -length);
		}
	}
	return kept + REDACTED;
}

/** Without these very texts. */
export function withoutKnown(text: string, secrets: readonly string[]): string {
	return allFormsOf(secrets).reduce((rest, form) => {
		if (form.length >= MIN_SECRET_CHARACTERS) return rest.replaceAll(form, REDACTED);
		return rest.replace(aloneOf(form), REDACTED);
	}, text);
}

/** A run's secrets are the same for each of its failures, and gone with it. */
const formsOfRun = new WeakMap<readonly string[], readonly string[]>();

function allFormsOf(secrets: readonly string[]): readonly string[] {
	const known = formsOfRun.get(secrets) ?? secrets.flatMap(formsOf);
	formsOfRun.set(secrets, known);
	return known;
}

/** As it is, in a query, in JSON and in HTML; of a URL its query and its password too. */
function formsOf(secret: string): string[] {
	const url = URL.canParse(secret) ? new URL(secret) : undefined;
	const parts = [secret, url?.href, url?.search.slice(1), url?.password, url?.hash.slice(1)];
	const forms = parts.flatMap((part = '') => [
		part,
		encodeURIComponent(part.toWellFormed()),
		JSON.stringify(part).slice(1, -1),
		part.replaceAll('/', '\\/'),
		part.replaceAll('&', '&amp;'),
	]);
	// The longest first: what holds another one would not be found without it.
	return [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length);
}

function aloneOf(text: string): RegExp {
	const plain = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, 'gu');
}

/**
 * For people: scheme, host and path of a URL, also of one that is none, without user, password, query and
 * fragment, which may be secret. At most 200 characters.
 */
export function printableUrl(url: string): string {
	const text = withoutSecretParts(url);
	return text.length > MAX_URL_CHARACTERS ? `${text.slice(0, MAX_URL_CHARACTERS)}…` : text;
}

function withoutSecretParts(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' || url?.protocol === 'http:') {
		return `${url.protocol}//${url.host}${url.pathname}`;
	}
	const [, before = '', rest = ''] =
		/^(\s*["'<]?(?:[a-z][a-z\d+.-]*:(?:\\?\/){2})?)([\s\S]*)$/i.exec(text) ?? [];
	const [place = ''] = rest.split(/[?#]/);
	// A password may hold a slash, so the last @ counts.
	return before + place.slice(place.lastIndexOf('@') + 1);
}
