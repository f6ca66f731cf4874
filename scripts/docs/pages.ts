/** Which part of which page of docs/ the code itself can write. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeType } from 'n8n-workflow';

import { boxAssumptions } from '../../test/live/box/assumptions';
import { dropboxAssumptions } from '../../test/live/dropbox/assumptions';
import { assumptionTable } from '../../test/live/page';
import { livePage, readReports, statusSentence } from '../../test/live/report';
import { assertFreshBuild, repositoryDir } from '../../test/support/freshBuild';
import { withSection } from '../../test/support/page';
import { errorSections } from './errors';
import { operationsOf } from './operations';

type Sections = Readonly<Record<string, () => string>>;

const pages: Readonly<Record<string, Sections>> = {
	'dropbox-upload.md': { operations: () => operationsOf(built('DropboxUpload').description) },
	'box-upload.md': { operations: () => operationsOf(built('BoxUpload').description) },
	'errors.md': errorSections,
	'assumptions.md': {
		dropbox: () => assumptionTable(dropboxAssumptions),
		box: () => assumptionTable(boxAssumptions),
	},
	'live.md': {
		status: () => statusSentence(readReports()),
		reports: () => livePage(readReports()),
	},
};

export const pageNames = Object.keys(pages);

/** The page as it must be. */
export function writtenPage(name: string): string {
	return Object.entries(pages[name]!).reduce(
		(page, [section, write]) => withSection(page, section, write()),
		readFileSync(fileOf(name), 'utf8'),
	);
}

export const fileOf = (name: string): string => join(repositoryDir, 'docs', name);

/** What n8n loads, and not the sources of it. */
function built(name: string): INodeType {
	assertFreshBuild();
	const file = join(repositoryDir, 'dist', 'nodes', name, `${name}.node.js`);
	const loaded = createRequire(__filename)(file) as Record<string, new () => INodeType>;
	return new loaded[name]!();
}
