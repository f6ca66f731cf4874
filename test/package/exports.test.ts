/** What shipped code exports is used by another file; the rest is a file's own business. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { repositoryDir } from '../support/freshBuild';

/** Read by a script of the tests in three time zones. */
const FOR_SCRIPTS = ['nodes/shared/fields/dates utcSeconds'];

/** n8n looks for these classes by their file's name. */
const FOR_N8N = /\.(?:node|credentials)$/;

const filesBelow = (folder: string): string[] =>
	readdirSync(path.join(repositoryDir, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
		.map((name) => `${folder}/${name.split(path.sep).join('/')}`.replace(/\.ts$/, ''));

const textOf = (file: string): string =>
	readFileSync(path.join(repositoryDir, `${file}.ts`), 'utf8');

const namesIn = (list: string): string[] =>
	list.split(/[{},]/).map(
		(name) =>
			name
				.trim()
				.replace(/^type /, '')
				.split(/ as |: /)[0]!,
	);

/** By `space.name`, or by `const { name } = space`. */
function namesOf(namespace: string, text: string): string[] {
	const dotted = text.matchAll(new RegExp(`\\b${namespace}\\.(\\w+)`, 'g'));
	const taken = text.matchAll(new RegExp(`\\{([^{}]+)\\} = ${namespace}\\b`, 'g'));
	return [
		...[...dotted].map(([, name = '']) => name),
		...[...taken].flatMap(([, list = '']) => namesIn(list)),
	];
}

/** `file name` of everything that a file takes from others, by name or through a namespace. */
function usedBy(file: string): string[] {
	const text = textOf(file);
	const imports = text.matchAll(/import\s+(?:type\s+)?([^;'"]+?)\s+from\s+'(\.[^']+)';/g);
	return [...imports].flatMap(([, what = '', specifier = '']) => {
		const target = path.posix.join(path.posix.dirname(file), specifier);
		const [, namespace] = /^\*\s+as\s+(\w+)$/.exec(what) ?? [];
		const names = namespace === undefined ? namesIn(what) : namesOf(namespace, text);
		return names.map((name) => `${target} ${name}`);
	});
}

test('no file of nodes/ exports what no other file uses', () => {
	const shipped = filesBelow('nodes');
	const users = [...shipped, ...['credentials', 'test', 'scripts', 'bench'].flatMap(filesBelow)];
	const used = new Set([...users.flatMap(usedBy), ...FOR_SCRIPTS]);
	const exported = shipped
		.filter((file) => !FOR_N8N.test(file))
		.flatMap((file) =>
			[
				...textOf(file).matchAll(
					/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm,
				),
			].map(([, name]) => `${file} ${name}`),
		);
	expect(exported.length).toBeGreaterThan(300);
	expect(exported.filter((one) => !used.has(one))).toEqual([]);
});
