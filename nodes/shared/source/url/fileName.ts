/** The name that a server gives a file, or that stands at the end of its address. */
export function fileNameOf(disposition: string | undefined, url: string): string | undefined {
	return nameOfDisposition(disposition) ?? nameOfUrl(url);
}

/** Of `Content-Disposition`, RFC 6266: `filename*` counts before `filename`. */
function nameOfDisposition(disposition: string | undefined): string | undefined {
	if (disposition === undefined) return undefined;
	const parameters = parametersOf(disposition);
	const extended = parameters.get('filename*');
	const plain = parameters.get('filename');
	return (
		cleaned(extended === undefined ? undefined : decodedExtended(extended)) ??
		cleaned(plain === undefined ? undefined : asUtf8(plain))
	);
}

/** The last part of the path. */
export function nameOfUrl(url: string): string | undefined {
	const last = new URL(url).pathname.split('/').at(-1) ?? '';
	return cleaned(percentDecoded(last, 'utf8') ?? last);
}

const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

function parametersOf(disposition: string): Map<string, string> {
	const parameters = new Map<string, string>();
	for (const [, name = '', quoted, token = ''] of disposition.matchAll(PARAMETER)) {
		const value = quoted === undefined ? token.trim() : quoted.replace(/\\(.)/g, '$1');
		if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
	}
	return parameters;
}

/** RFC 8187: `UTF-8''na%C3%AFve.txt`. */
function decodedExtended(value: string): string | undefined {
	const [, charset = '', text = ''] = /^([^']*)'[^']*'(.*)$/.exec(value) ?? [];
	if (/^utf-8$/i.test(charset)) return percentDecoded(text, 'utf8');
	return /^iso-8859-1$/i.test(charset) ? percentDecoded(text, 'latin1') : undefined;
}

/** Undefined for what does not hold together. */
function percentDecoded(text: string, charset: 'utf8' | 'latin1'): string | undefined {
	if (/%(?![0-9a-f]{2})/i.test(text)) return undefined;
	if (charset === 'latin1') {
		return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
	}
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** Many servers put UTF-8 there, which Node.js gives as one character for each byte. */
function asUtf8(text: string): string {
	const decoded = Buffer.from(text, 'latin1').toString('utf8');
	return decoded.includes('\uFFFD') ? text : decoded;
}

/** A name alone: a server does not choose the folder. */
function cleaned(name: string | undefined): string | undefined {
	const own = (name ?? '')
		.split(/[/\\]/)
		.at(-1)
		?.replace(/\p{Cc}/gu, '')
		.trim();
	return own === undefined || /^\.{0,2}$/.test(own) ? undefined : own;
}
