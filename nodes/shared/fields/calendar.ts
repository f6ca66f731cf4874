/** Undefined for a day that no calendar has, such as 30 February. */
export function midnightOf(year: number, month: number, day: number): number | undefined {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	const isThatDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
	return isThatDay ? date.getTime() : undefined;
}

export const MONTHS = [
	'january',
	'february',
	'march',
	'april',
	'may',
	'june',
	'july',
	'august',
	'september',
	'october',
	'november',
	'december',
];
export const WEEKDAYS = [
	'sunday',
	'monday',
	'tuesday',
	'wednesday',
	'thursday',
	'friday',
	'saturday',
];

/** Whole or cut short to three letters and more; -1 for another word. */
export function nameIndex(names: readonly string[], word: string): number {
	if (word === '') return -1;
	return names.findIndex((name) => name.startsWith(word.toLowerCase()));
}
