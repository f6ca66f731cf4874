/** The sources of the nodes as syntax, and the texts that an expression in them can have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { repositoryDir } from '../../../test/support/freshBuild';

/** For what only a run knows: a number of bytes, the name of a field. */
export const UNKNOWN = '…';

const MAX_CALLERS = 5;

/** What the parameters of a function can hold, by their names. */
export type Env = ReadonlyMap<string, readonly string[]>;

type Func = ts.FunctionDeclaration | ts.ArrowFunction | ts.MethodDeclaration;

const nodesDir = join(repositoryDir, 'nodes');

export const sourceFiles: readonly ts.SourceFile[] = readdirSync(nodesDir, {
	recursive: true,
	encoding: 'utf8',
})
	.filter((file) => file.endsWith('.ts'))
	.sort()
	.map((file) => {
		const name = file.replaceAll('\\', '/');
		const text = readFileSync(join(nodesDir, file), 'utf8');
		return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
	});

export function everyNode<T extends ts.Node>(isWanted: (node: ts.Node) => node is T): T[] {
	const found: T[] = [];
	const visit = (node: ts.Node): void => {
		if (isWanted(node)) found.push(node);
		ts.forEachChild(node, visit);
	};
	sourceFiles.forEach(visit);
	return found;
}

const constants = byName(everyNode(ts.isVariableDeclaration), ({ name }) => name);
const calls = byName(everyNode(ts.isCallExpression), ({ expression }) => expression);

function byName<T>(
	nodes: readonly T[],
	nodeOfName: (node: T) => ts.Node,
): ReadonlyMap<string, T[]> {
	const named = new Map<string, T[]>();
	for (const node of nodes) {
		const name = nodeOfName(node).getText();
		named.set(name, [...(named.get(name) ?? []), node]);
	}
	return named;
}

/** What a name stands for: in its own file first, or in the only other file that has it. */
export function valueOf(name: ts.Identifier): ts.Expression | undefined {
	const named = constants.get(name.text) ?? [];
	const here = named.find((constant) => constant.getSourceFile() === name.getSourceFile());
	return (here ?? (named.length === 1 ? named[0] : undefined))?.initializer;
}

export function textsOf(expression: ts.Expression | undefined, env: Env): readonly string[] {
	if (expression === undefined) return [UNKNOWN];
	if (ts.isStringLiteralLike(expression)) return [expression.text];
	if (ts.isNumericLiteral(expression)) return [Number(expression.text).toLocaleString('en-US')];
	if (ts.isConditionalExpression(expression)) {
		return [...textsOf(expression.whenTrue, env), ...textsOf(expression.whenFalse, env)];
	}
	if (ts.isTemplateExpression(expression)) {
		return expression.templateSpans.reduce<readonly string[]>(
			(texts, { expression: inner, literal }) =>
				texts.flatMap((text) => textsOf(inner, env).map((value) => text + value + literal.text)),
			[expression.head.text],
		);
	}
	if (!ts.isIdentifier(expression)) return [UNKNOWN];
	const given = env.get(expression.text);
	if (given !== undefined) return given;
	const value = valueOf(expression);
	return value && ts.isLiteralExpression(value) ? textsOf(value, env) : [UNKNOWN];
}

/** What the function around a node is called with, everywhere in the sources. */
export function envsAround(node: ts.Node, callers = 0): readonly Env[] {
	const around = ts.findAncestor(node.parent, isFunc);
	if (around === undefined) return [new Map()];
	const name = nameOf(around);
	const sites = calls.get(name ?? '') ?? [];
	if (sites.length === 0 || callers === MAX_CALLERS) {
		return [argumentsOf(around, [], new Map())];
	}
	return sites.flatMap((site) =>
		envsAround(site, callers + 1).map((env) => argumentsOf(around, site.arguments, env)),
	);
}

function argumentsOf({ parameters }: Func, given: readonly ts.Expression[], env: Env): Env {
	const own = parameters.map(
		({ name, initializer }, index) =>
			[name.getText(), textsOf(given[index] ?? initializer, env)] as const,
	);
	return new Map([...env, ...own]);
}

function isFunc(node: ts.Node): node is Func {
	return ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isMethodDeclaration(node);
}

function nameOf(func: Func): string | undefined {
	const { parent } = func;
	return ts.isVariableDeclaration(parent) ? parent.name.getText() : func.name?.getText();
}
