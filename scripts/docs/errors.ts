/** The tables of docs/errors.md. */
import { textTable } from '../../test/support/page';
import type { Row } from './failures/row';
import { boxRows, dropboxRows, inputRows, linkRows } from './failures/vendors';

const HEAD = ['`error.path`', 'What happened', 'What to do', '`error.class`', 'Tried again'];

function tableOf(rows: readonly Row[]): string {
	return textTable(
		HEAD,
		rows.map(({ path, message, remedy, class: failureClass, isRepeated }) => [
			`\`${path}\``,
			message,
			remedy,
			failureClass,
			isRepeated ? 'yes' : 'no',
		]),
	);
}

export const errorSections: Readonly<Record<string, () => string>> = {
	dropbox: () => tableOf(dropboxRows()),
	box: () => tableOf(boxRows()),
	links: () => tableOf(linkRows()),
	parameters: () =>
		textTable(
			HEAD.slice(0, 3),
			inputRows().map(({ path, message, remedy }) => [`\`${path}\``, message, remedy]),
		),
};
