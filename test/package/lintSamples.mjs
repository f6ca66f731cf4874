// Lints the samples that come as JSON on stdin, with the project's own configuration: ESLint's
// configuration is an ES module, which jest cannot load into its sandbox.
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

// The samples are not part of the TypeScript project, so the rules that need types are off.
const eslint = new ESLint({
	overrideConfig: [tseslint.configs.disableTypeChecked, { rules: { 'house/types': 'off' } }],
});

const found = [];
for (const { filePath, code } of JSON.parse(await text(process.stdin))) {
	const [result] = await eslint.lintText(code, { filePath });
	found.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
}
console.log(JSON.stringify(found));
