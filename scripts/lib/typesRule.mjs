// An ESLint rule: what the TypeScript compiler says of a file. The lint has made the compiler's program anyway, for the
// rules that need types; npm run typecheck says the same, and takes twice the time to make the program again.
import path from 'node:path';
import ts from 'typescript';

/** Programs whose diagnostics of no file have been reported. */
const seen = new WeakSet();

function diagnosticsOf(program, filename) {
	const file = program.getSourceFile(filename);
	const ofFile = [
		...program.getSyntacticDiagnostics(file),
		...program.getSemanticDiagnostics(file),
	];
	if (seen.has(program)) return ofFile;
	seen.add(program);
	return [
		...program.getConfigFileParsingDiagnostics(),
		...program.getOptionsDiagnostics(),
		...program.getGlobalDiagnostics(),
		...ofFile,
	];
}

export const typesRule = {
	meta: { type: 'problem', schema: [] },
	create: (context) => ({
		Program(node) {
			const { program } = context.sourceCode.parserServices;
			for (const { code, file, messageText, start } of diagnosticsOf(program, context.filename)) {
				const text = ts.flattenDiagnosticMessageText(messageText, '\n');
				const isHere = file && path.relative(file.fileName, context.filename) === '';
				const loc = isHere ? context.sourceCode.getLocFromIndex(start) : undefined;
				const message = `TS${code}: ${text.replaceAll('{{', '{ {')}`;
				context.report(loc ? { loc, message } : { node, message });
			}
		},
	}),
};
