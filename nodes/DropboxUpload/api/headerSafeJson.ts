/**
 * JSON for an HTTP header: everything above 0x7E is escaped.
 * https://www.dropbox.com/developers/reference/json-encoding
 */
export function headerSafeJson(value: unknown): string {
	return JSON.stringify(value).replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
