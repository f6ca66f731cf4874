import { BoxFailure } from './errors';

/** Box compares names without regard to case. */
export function foldName(name: string): string {
	return name.normalize('NFC').toLowerCase();
}

// Box's page on common errors also lists the hyphen, which everyday names contain; it is let through.
const refusedCharacters = /[/\\<>:|?*\p{Cc}\u2028\u2029]/u;

export function checkName(name: string): void {
	if ([...name].length > 255) {
		throw new BoxFailure(400, 'item_name_too_long', 'Item name too long');
	}
	const special = name === '' || name === '.' || name === '..';
	if (special || name !== name.trim() || refusedCharacters.test(name)) {
		throw new BoxFailure(400, 'item_name_invalid', 'Item name invalid');
	}
}
