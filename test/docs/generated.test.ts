/** The pages that follow from the nodes say what the nodes say. */
import { readFileSync } from 'node:fs';

import { fileOf, pageNames, writtenPage } from '../../scripts/docs/pages';
import { inputRows, boxRows, dropboxRows, linkRows } from '../../scripts/docs/failures/vendors';
import { UNKNOWN } from '../../scripts/docs/failures/sources';
import { writtenPaths, writtenTexts } from '../../scripts/docs/failures/written';
import { errorAnchor } from '../../nodes/shared/output/errorItem';
import { BoxUpload } from '../../nodes/BoxUpload/BoxUpload.node';
import { DropboxUpload } from '../../nodes/DropboxUpload/DropboxUpload.node';
import { everyField } from '../support/fields';

test.each(pageNames)('docs/%s is what "npm run docs" writes', (name) => {
	// As git may have checked it out on Windows.
	const committed = readFileSync(fileOf(name), 'utf8').replaceAll('\r\n', '\n');
	expect(committed).toBe(writtenPage(name).replaceAll('\r\n', '\n'));
});

test.each([
	['dropbox-upload.md', new DropboxUpload()],
	['box-upload.md', new BoxUpload()],
])('docs/%s has every parameter and option of its node', (name, { description }) => {
	const page = readFileSync(fileOf(name), 'utf8');
	const fields = everyField(description.properties).filter(
		({ type, name: field }) => !['collection', 'notice'].includes(type) && field !== 'resource',
	);
	const missing = fields.filter(
		({ displayName, name: field }) =>
			field !== 'operation' && !page.includes(`| **${displayName}**<br>\`${field}\` |`),
	);
	expect(missing.map(({ displayName }) => displayName)).toEqual([]);
});

describe('docs/errors.md', () => {
	const rows = [...dropboxRows(), ...boxRows(), ...linkRows(), ...inputRows()];

	test('has every reason that the sources write out', () => {
		const paths = new Set(rows.map(({ path }) => path));
		expect(writtenPaths().length).toBeGreaterThan(15);
		expect(writtenPaths().filter((path) => !paths.has(path))).toEqual([]);
	});

	test('has an anchor for every code, once', () => {
		const page = readFileSync(fileOf('errors.md'), 'utf8');
		const anchors = [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, anchor]) => anchor);
		expect(new Set(anchors).size).toBe(anchors.length);
		const linked = [
			...dropboxRows().map(({ path }) => errorAnchor('Dropbox', path)),
			...boxRows().map(({ path }) => errorAnchor('Box', path)),
			...['http/404', 'http/503'].map((code) => errorAnchor('Box', code)),
			errorAnchor('Dropbox', 'source/http_404'),
		];
		expect(linked.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
	});

	test('has every text that the sources can say', () => {
		const page = readFileSync(fileOf('errors.md'), 'utf8');
		const texts = writtenTexts().filter(({ text }) => !text.includes(UNKNOWN));
		expect(texts.length).toBeGreaterThan(500);
		const missing = texts.filter(({ text }) => !page.includes(text));
		expect(missing).toEqual([]);
	});

	test('says nearly all of them in its tables', () => {
		const page = readFileSync(fileOf('errors.md'), 'utf8');
		const special = page.slice(page.indexOf('<!-- other: begin -->')).match(/^- /gm) ?? [];
		expect(special.length).toBeLessThan(10);
	});

	test('has a reason for every parameter that the sources refuse', () => {
		const refused = new Set(inputRows().map(({ path }) => path));
		for (const parameter of ['path', 'url', 'sessionId', 'parentFolderId', 'rev', 'resumeFrom']) {
			expect(refused).toContain(`input/${parameter}`);
		}
	});

	test('says of each in whole sentences what happened and what to do', () => {
		const odd = rows.filter(
			({ message, remedy }) =>
				!/^'?\p{Lu}.{5,}[^.]$/u.test(message) || !/^\p{Lu}.*\.$/u.test(remedy),
		);
		// These two begin with the name of the program.
		expect(odd.filter(({ message, remedy }) => !`${message}${remedy}`.includes('n8n'))).toEqual([]);
	});
});
