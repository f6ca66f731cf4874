import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { noCycleRule } from './scripts/lib/noCycle.mjs';
import { n8nNodesBaseRules } from './scripts/lib/scanRules.mjs';
import { typesRule } from './scripts/lib/typesRule.mjs';

const SHIPPED = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const ALL_TS = [...SHIPPED, 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'];
const PLAIN_JS = ['**/*.{js,mjs,cjs}'];

// n8n's package scan reads package.json and everything under nodes/ and credentials/.
const SCANNED = ['package.json', '{nodes,credentials}/**/*.{ts,json}'];

// Every rule the plugin has, not only its recommended ones: new rules count from the day they arrive.
const everyCommunityRule = Object.fromEntries(
	Object.keys(n8nCommunityNodesPlugin.rules).map((rule) => [
		`@n8n/community-nodes/${rule}`,
		'error',
	]),
);

// A dev dependency passes n8n's own import rule and is missing in production, and so is node:stream
// on n8n Cloud: hence an allow-list, and no import that the allow-list cannot see.
const importsOnly = (allowed, message) => ({
	'no-restricted-imports': ['error', { patterns: [{ regex: `^(?!${allowed})`, message }] }],
});

const noHiddenImport = {
	'no-restricted-syntax': [
		'error',
		{ selector: 'ImportExpression', message: 'Import at the top of the file.' },
		{ selector: 'TSImportType', message: 'Import the type at the top of the file.' },
		{ selector: 'TSImportEqualsDeclaration', message: 'Use an import declaration.' },
		{ selector: "CallExpression[callee.name='require']", message: 'Use an import declaration.' },
	],
};

/**
 * The rooms of nodes/shared and what each may import beside its own files and those that lie in
 * nodes/shared itself, which import no room. `transfer` and `http` know nothing of each other: what one
 * needs of the other is handed in.
 */
const ROOMS = {
	http: [],
	output: [],
	fields: [],
	source: ['fields', 'http'],
	transfer: ['fields', 'source'],
	run: ['fields', 'http', 'output', 'source', 'transfer'],
	operation: ['fields', 'output', 'run', 'transfer'],
};

const ROOM_ZONES = [['*.ts', []], ...Object.entries(ROOMS)].map(([room, allowed]) => ({
	target: `./nodes/shared/${room}`,
	from: Object.keys(ROOMS)
		.filter((other) => other !== room && !allowed.includes(other))
		.map((other) => `./nodes/shared/${other}`),
	message: 'Imports point one way, see ROOMS in eslint.config.mjs: hand the value in.',
}));

/** Imports point one way. `target` may not import anything below `from`. */
const ZONES = [
	{
		target: ['./nodes', './credentials'],
		from: ['./test', './bench', './scripts', './examples'],
		message: 'Shipped code stands alone.',
	},
	{
		target: './nodes/shared',
		from: ['./nodes/DropboxUpload', './nodes/BoxUpload', './nodes/cloudSources'],
		message: 'nodes/shared knows no vendor: hand the value in.',
	},
	{
		target: './nodes/DropboxUpload',
		from: './nodes/BoxUpload',
		message: 'The vendors do not know each other: use nodes/shared.',
	},
	{
		target: './nodes/BoxUpload',
		from: './nodes/DropboxUpload',
		message: 'The vendors do not know each other: use nodes/shared.',
	},
	...ROOM_ZONES,
	...['DropboxUpload', 'BoxUpload'].flatMap((vendor) => [
		{
			target: `./nodes/${vendor}/api`,
			from: `./nodes/${vendor}`,
			except: ['./api'],
			message: 'The calls know no parameters and no operation.',
		},
		{
			target: `./nodes/${vendor}/fields`,
			from: `./nodes/${vendor}`,
			except: ['./api', './fields'],
			message: 'What operations share knows none of them.',
		},
	]),
	{
		target: './test/cloud',
		from: ['./nodes', './credentials'],
		message: 'The local cloud must not share a mistake with the code it checks.',
	},
];

const layerRules = [
	{
		files: ALL_TS,
		plugins: {
			'import-x': importX,
			house: { rules: { 'no-cycle': noCycleRule, types: typesRule } },
		},
		settings: {
			'import-x/extensions': ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'],
			'import-x/ignore': ['node_modules'],
			'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.mts', '.cts'] },
			'import-x/resolver-next': [
				createTypeScriptImportResolver({ project: './tsconfig.test.json' }),
			],
		},
		rules: {
			'house/no-cycle': 'error',
			'house/types': 'error',
			'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: ZONES }],
		},
	},
	{
		files: SHIPPED,
		// n8n's scan does not listen to eslint-disable comments, so they would hide nothing.
		linterOptions: { noInlineConfig: true },
		rules: {
			...importsOnly(
				String.raw`n8n-workflow$|node:crypto$|\.{1,2}/`,
				'Shipped code imports n8n-workflow, node:crypto and its own files, nothing else.',
			),
			...noHiddenImport,
			'no-console': 'error',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		// What does not fit is two things.
		rules: {
			'max-lines': ['error', { max: 250 }],
			'max-lines-per-function': ['error', { max: 45 }],
			complexity: ['error', { max: 12 }],
		},
	},
	{
		files: ['nodes/shared/failure.ts'],
		rules: importsOnly('$', 'failure.ts is what all layers share: it imports nothing.'),
	},
];

export default defineConfig(
	{ ignores: ['dist/**', 'node_modules/**', '.build/**', 'coverage/**', '**/node_modules/**'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },

	{ files: ALL_TS, extends: [tseslint.configs.recommendedTypeChecked] },
	{
		files: ALL_TS,
		languageOptions: {
			parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
		},
	},
	{
		files: ['test/**/*.ts'],
		// A stand-in has the signatures of what it stands in for, with or without anything to wait for.
		rules: { '@typescript-eslint/require-await': 'off' },
	},
	{
		files: PLAIN_JS,
		extends: [tseslint.configs.recommended],
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},

	{
		files: SCANNED,
		plugins: { '@n8n/community-nodes': n8nCommunityNodesPlugin },
		rules: everyCommunityRule,
	},
	// The rules for package.json walk an object literal, which this parser makes of a .json file.
	{
		files: ['package.json', '{nodes,credentials}/**/*.json'],
		languageOptions: { parser: tseslint.parser },
	},
	n8nNodesBaseRules,

	layerRules,
	prettier,
);
