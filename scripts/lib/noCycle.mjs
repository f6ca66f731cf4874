// An ESLint rule: no file imports itself by way of others. import-x/no-cycle knows the same, and took a quarter of the
// lint's time for it, since it makes a whole syntax tree of its own of each file. As there, types don't count.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const OPTIONS = {
	module: ts.ModuleKind.Node16,
	moduleResolution: ts.ModuleResolutionKind.Node16,
	resolveJsonModule: true,
};

const importsByFile = new Map();

/** What is left of an import when the types are gone. */
function isForTypes(statement) {
	const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
	if (clause === undefined) return false;
	if (clause.isTypeOnly) return true;
	const named = ts.isImportDeclaration(statement) ? clause.namedBindings : clause.exportClause;
	if (clause.name || !named || !(ts.isNamedImports(named) || ts.isNamedExports(named)))
		return false;
	return named.elements.length > 0 && named.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function relativeImports(file, text) {
	const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
	return statements
		.filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
		.filter((one) => one.moduleSpecifier?.text.startsWith('.') && !isForTypes(one))
		.map((one) => one.moduleSpecifier.text);
}

/** The TypeScript files that a file imports. */
function importsIn(file, text) {
	return relativeImports(file, text)
		.flatMap((name) => ts.resolveModuleName(name, file, OPTIONS, ts.sys).resolvedModule ?? [])
		.map(({ resolvedFileName }) => path.normalize(resolvedFileName))
		.filter((name) => /\.[cm]?ts$/.test(name) && !name.endsWith('.d.ts'));
}

function importsOf(file) {
	const imports = importsByFile.get(file) ?? importsIn(file, readFileSync(file, 'utf8'));
	importsByFile.set(file, imports);
	return imports;
}

/** From the file back to the file; undefined when no way leads there. */
function circleOf(file) {
	const cameFrom = new Map();
	const open = [file];
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		for (const next of importsOf(at)) {
			if (cameFrom.has(next)) continue;
			cameFrom.set(next, at);
			if (next === file) return wayTo(file, cameFrom);
			open.push(next);
		}
	}
	return undefined;
}

function wayTo(file, cameFrom) {
	const way = [file];
	do way.unshift(cameFrom.get(way[0]));
	while (way[0] !== file);
	return way;
}

export const noCycleRule = {
	meta: { type: 'problem', schema: [] },
	create: (context) => ({
		Program(node) {
			const file = path.normalize(context.filename);
			// As the lint has it, which may be newer than what is stored.
			importsByFile.set(file, importsIn(file, context.sourceCode.text));
			const circle = circleOf(file);
			if (circle === undefined) return;
			const names = circle.map((file) => path.relative(context.cwd, file));
			context.report({ node, message: `Files import each other: ${names.join(' → ')}` });
		},
	}),
};
