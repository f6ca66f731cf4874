/** The tables of docs/errors.md. */
import { errorAnchor } from '../../nodes/shared/output/errorItem';
import { textTable } from '../../test/support/page';
import type { Row } from './failures/row';
import { boxRows, cloudRows, dropboxRows, inputRows, linkRows } from './failures/vendors';
import { UNKNOWN } from './failures/sources';
import { writtenTexts } from './failures/written';

const HEAD = [
	'Code',
	'What happened',
	'What to do',
	'Stored',
	'`error.class`',
	'Tried again',
] as const;

/** Those that people meet first: the vendor, the code, and what the message or the remedy has. */
const LIKELIEST: ReadonlyArray<readonly [Vendor, string, string]> = [
	['Dropbox', 'input/binaryPropertyName', 'The item has no file'],
	['Dropbox', 'input/keepFoldersBelow', "The file isn't in the folder"],
	['Dropbox', 'auth/not_connected', "Dropbox doesn't recognize"],
	['Box', 'auth/not_connected', 'copy both into the credential, then connect'],
	['Dropbox', 'missing_scope', 'The Dropbox app lacks'],
	['Box', 'insufficient_scope', 'save, and connect'],
	['Dropbox', 'path/conflict/file', 'A file is already there'],
	['Box', 'item_name_in_use', 'Choose another name'],
	['Dropbox', 'items/same_place', 'Another item'],
	['Dropbox', 'path/no_write_permission', "You can't write"],
	['Box', 'not_found', "Box can't find the folder or file"],
	['Dropbox', 'path/insufficient_space', 'The Dropbox account is full'],
	['Dropbox', 'too_many_write_operations', 'Dropbox is busy'],
	['Box', 'rate_limited', 'Box is receiving too many'],
	['Dropbox', 'network/unreachable', "Dropbox couldn't be reached"],
	['Dropbox', 'source/web_page', 'The URL leads to a web page'],
];

type Vendor = 'Dropbox' | 'Box';

interface Section {
	readonly vendor: Vendor;
	readonly rows: readonly Row[];
}

let sections:
	Readonly<Record<'dropbox' | 'box' | 'links' | 'clouds' | 'parameters', Section>> | undefined;

/** Each is asked for once: a thousand failures are read for them. */
function allSections() {
	sections ??= {
		dropbox: { vendor: 'Dropbox', rows: dropboxRows() },
		box: { vendor: 'Box', rows: boxRows() },
		links: { vendor: 'Dropbox', rows: linkRows() },
		clouds: { vendor: 'Dropbox', rows: cloudRows() },
		parameters: { vendor: 'Dropbox', rows: inputRows() },
	};
	return sections;
}

/** An anchor is set where its code is explained first. */
function anchoredCodes({ vendor, rows }: Section): string[] {
	const all = Object.values(allSections());
	const before = all.slice(
		0,
		all.findIndex((section) => section.rows === rows),
	);
	const seen = new Set(
		before.flatMap((section) => section.rows.map(({ path }) => errorAnchor(section.vendor, path))),
	);
	return rows.map(({ path }) => {
		const anchor = errorAnchor(vendor, path);
		const isFirst = !seen.has(anchor);
		seen.add(anchor);
		return isFirst ? `<a id="${anchor}"></a>\`${path}\`` : `\`${path}\``;
	});
}

function tableOf(section: Section): string {
	const codes = anchoredCodes(section);
	return textTable(
		HEAD,
		section.rows.map(({ message, remedy, stored, class: failureClass, isRepeated }, index) => [
			codes[index] ?? '',
			message,
			remedy,
			stored,
			failureClass,
			isRepeated ? 'yes' : 'no',
		]),
	);
}

function parameterTable(section: Section): string {
	const codes = anchoredCodes(section);
	const rows = section.rows.map(({ message, remedy }, index) => [
		codes[index] ?? '',
		message,
		remedy,
	]);
	return textTable(HEAD.slice(0, 3), rows);
}

function likeliestTable(): string {
	const all = Object.values(allSections());
	const rows = LIKELIEST.map(([vendor, code, words]) => {
		const row = all
			.filter((section) => section.vendor === vendor)
			.flatMap((section) => section.rows)
			.find(({ path, message, remedy }) => path === code && `${message} ${remedy}`.includes(words));
		if (row === undefined) throw new Error(`no such error: ${vendor} ${code} ${words}`);
		const link = `[\`${code}\`](#${errorAnchor(vendor, code)})`;
		return [row.message, row.remedy, row.stored, link];
	});
	return textTable(['What happened', 'What to do', 'Stored', 'Code'], rows);
}

/** What the sources say in special cases, in place of what the tables have. */
function otherAdvice(): string {
	const rows = Object.values(allSections()).flatMap((section) => section.rows);
	const known = rows.flatMap(({ message, remedy }) => [message, remedy]);
	const isKnown = (text: string): boolean => {
		const parts = text.split(UNKNOWN).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
		const pattern = new RegExp(`^${parts.join('.+')}$`);
		return known.some((one) => pattern.test(one));
	};
	const others = [...new Set(writtenTexts().map(({ text }) => text))].filter(
		(text) => !isKnown(text),
	);
	return others
		.sort()
		.map((text) => `- ${text}`)
		.join('\n');
}

export const errorSections: Readonly<Record<string, () => string>> = {
	likeliest: likeliestTable,
	dropbox: () => tableOf(allSections().dropbox),
	box: () => tableOf(allSections().box),
	links: () => tableOf(allSections().links),
	clouds: () => tableOf(allSections().clouds),
	parameters: () => parameterTable(allSections().parameters),
	other: otherAdvice,
};
