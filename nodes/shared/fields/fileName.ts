/** Control characters of ASCII; those above U+007F turn up in names that were decoded wrongly, and are stored. */
const CONTROL = /[^\P{Cc}\u0080-\u009f]/u;

/**
 * A file's own name as both vendors store it: `_` for a slash or backslash, no control characters, no
 * blanks at its ends. Never shortened. May be empty.
 */
export function storableName(ownName: string): string {
	return ownName
		.toWellFormed()
		.replace(/[/\\]/g, '_')
		.replace(new RegExp(CONTROL, 'gu'), '')
		.trim();
}

const NAMES_OF_CHARACTERS: Readonly<Record<string, string>> = {
	'\t': 'tab',
	'\n': 'line break',
	'\r': 'carriage return',
	'\\': 'backslash',
};

/** E.g. `line break at position 15` for the first control character or backslash; positions count from 1. */
export function refusedCharacter(text: string): string | undefined {
	const at = text.search(new RegExp(String.raw`\\|${CONTROL.source}`, 'u'));
	if (at < 0) return undefined;
	const character = text.charAt(at);
	const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
	const name = NAMES_OF_CHARACTERS[character] ?? `control character U+${code}`;
	return `${name} at position ${positionOf(text, at)}`;
}

/** As a person counts, from 1: an emoji is one character. */
export function positionOf(text: string, index: number): number {
	return lengthOf(text.slice(0, index)) + 1;
}

/** In characters (code points), as Dropbox and Box are assumed to count. */
export function lengthOf(text: string): number {
	let length = 0;
	for (const character of text) length += character === '' ? 0 : 1;
	return length;
}
