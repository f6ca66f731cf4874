import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

interface Sample {
	title: string;
	filePath: string;
	code: string;
	/** The rule that must complain; null: nothing may. */
	rule: string | null;
}

const FOREIGN = 'no-restricted-imports';
const LAYER = 'import-x/no-restricted-paths';
const HIDDEN = 'no-restricted-syntax';

const imports = (from: string) => `import * as it from '${from}';\nexport { it };\n`;
const importsType = (from: string) => `import type * as it from '${from}';\nexport type { it };\n`;

const SAMPLES: Sample[] = [
	...['undici', 'n8n-core', 'node:fs', 'crypto', 'n8n-workflow/dist/cjs/index'].map((from) => ({
		title: `a node that imports ${from}`,
		filePath: 'nodes/shared/sample.ts',
		code: imports(from),
		rule: FOREIGN,
	})),
	{
		title: 'a node that imports a type of node:stream',
		filePath: 'nodes/shared/sample.ts',
		code: importsType('node:stream'),
		rule: FOREIGN,
	},
	{
		title: 'a node that passes on what another package exports',
		filePath: 'nodes/shared/sample.ts',
		code: "export * from 'undici';\n",
		rule: FOREIGN,
	},
	{
		title: 'a credential that imports a dev dependency',
		filePath: 'credentials/Sample.ts',
		code: imports('dropbox'),
		rule: FOREIGN,
	},
	{
		title: 'a node that imports n8n-workflow and node:crypto',
		filePath: 'nodes/shared/sample.ts',
		code: imports('n8n-workflow') + imports('node:crypto').replaceAll('it', 'crypto'),
		rule: null,
	},
	{
		title: 'a dynamic import in a node',
		filePath: 'nodes/shared/sample.ts',
		code: "export const it = () => import('n8n-workflow');\n",
		rule: HIDDEN,
	},
	{
		title: 'a require in a node',
		filePath: 'nodes/shared/sample.ts',
		code: "export const it: unknown = require('n8n-workflow');\n",
		rule: HIDDEN,
	},
	{
		title: 'an import hidden in a type of a node',
		filePath: 'nodes/shared/sample.ts',
		code: "export type It = import('undici').Agent;\n",
		rule: HIDDEN,
	},
	{
		title: 'an eslint-disable comment in a node',
		filePath: 'nodes/shared/sample.ts',
		code: `// eslint-disable-next-line no-restricted-imports\n${imports('undici')}`,
		rule: FOREIGN,
	},
	{
		title: 'a node that prints to the console',
		filePath: 'nodes/shared/sample.ts',
		code: "export const it = () => console.log('x');\n",
		rule: 'no-console',
	},
	{
		title: 'a node that uses a timer',
		filePath: 'nodes/shared/sample.ts',
		code: 'export const it = () => setTimeout(() => {}, 1);\n',
		rule: '@n8n/community-nodes/no-restricted-globals',
	},
	{
		title: 'failure.ts importing anything',
		filePath: 'nodes/shared/failure.ts',
		code: imports('n8n-workflow'),
		rule: FOREIGN,
	},
	{
		title: 'failure.ts importing a neighbour',
		filePath: 'nodes/shared/failure.ts',
		code: imports('./json'),
		rule: FOREIGN,
	},
	{
		title: 'shared code importing Dropbox Upload',
		filePath: 'nodes/shared/sample.ts',
		code: imports('../DropboxUpload/DropboxUpload.node'),
		rule: LAYER,
	},
	{
		title: 'shared code importing a type of Box Upload',
		filePath: 'nodes/shared/sample.ts',
		code: importsType('../BoxUpload/BoxUpload.node'),
		rule: LAYER,
	},
	{
		title: 'Dropbox Upload importing Box Upload',
		filePath: 'nodes/DropboxUpload/sample.ts',
		code: imports('../BoxUpload/BoxUpload.node'),
		rule: LAYER,
	},
	{
		title: 'Box Upload importing Dropbox Upload',
		filePath: 'nodes/BoxUpload/sample.ts',
		code: imports('../DropboxUpload/DropboxUpload.node'),
		rule: LAYER,
	},
	...['transfer', 'fields', 'output'].map((folder) => ({
		title: `shared/${folder} importing shared/http`,
		filePath: `nodes/shared/${folder}/sample.ts`,
		code: imports('../http/call'),
		rule: LAYER,
	})),
	{
		title: 'shared/http importing shared/transfer',
		filePath: 'nodes/shared/http/sample.ts',
		code: imports('../transfer/inParallel'),
		rule: LAYER,
	},
	{
		title: 'a file of shared itself importing one of its rooms',
		filePath: 'nodes/shared/sample.ts',
		code: imports('./http/wait'),
		rule: LAYER,
	},
	{
		title: 'a call importing a parameter',
		filePath: 'nodes/DropboxUpload/api/sample.ts',
		code: imports('../fields/path'),
		rule: LAYER,
	},
	{
		title: 'shared/run importing shared/output',
		filePath: 'nodes/shared/run/sample.ts',
		code: imports('../output/toItems'),
		rule: null,
	},
	{
		title: 'shared/transfer importing failure.ts',
		filePath: 'nodes/shared/transfer/sample.ts',
		code: imports('../failure'),
		rule: null,
	},
	{
		title: 'a node importing a test',
		filePath: 'nodes/shared/sample.ts',
		code: imports('../../test/package/lint.test'),
		rule: LAYER,
	},
	{
		title: 'the local cloud importing a node',
		filePath: 'test/cloud/sample.ts',
		code: imports('../../nodes/shared/failure'),
		rule: LAYER,
	},
];

interface Message {
	ruleId: string | null;
	message: string;
}

function lint(samples: Sample[]): Message[][] {
	const { stdout, stderr } = spawnSync(
		process.execPath,
		[path.join(__dirname, 'lintSamples.mjs')],
		{ cwd: ROOT, input: JSON.stringify(samples), encoding: 'utf8' },
	);
	if (stdout === '') throw new Error(stderr);
	return JSON.parse(stdout) as Message[][];
}

describe('the lint', () => {
	let messages: Message[][];

	beforeAll(() => {
		messages = lint(SAMPLES);
	}, 120_000);

	const refused = SAMPLES.filter(({ rule }) => rule !== null);
	const accepted = SAMPLES.filter(({ rule }) => rule === null);
	const messagesFor = (sample: Sample) => messages[SAMPLES.indexOf(sample)] ?? [];

	test.each(refused)('refuses $title', (sample) => {
		expect(messagesFor(sample).map(({ ruleId }) => ruleId)).toContain(sample.rule);
	});

	test.each(accepted)('accepts $title', (sample) => {
		expect(messagesFor(sample)).toEqual([]);
	});
});
