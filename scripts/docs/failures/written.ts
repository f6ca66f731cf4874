/** Failures that stand where they happen: constants, and problems with a parameter. */
import ts from 'typescript';

import * as catalogue from '../../../nodes/shared/catalogue';
import type { Row } from './row';
import { once } from './row';
import { envsAround, everyNode, sourceFiles, textsOf, UNKNOWN, valueOf } from './sources';

type Known = Partial<Record<'path' | 'message' | 'remedy' | 'class' | 'stored', string>>;

const CLASSES: Readonly<Record<string, Row['class']>> = Object.fromEntries(
	Object.entries(catalogue).map(([name, explain]) => [name, explain('', '').class]),
);

/** The failures that are written out in a vendor's folder. */
export function constantRows(vendorDir: string): Row[] {
	const inDir = (node: ts.Node): boolean =>
		node.getSourceFile().fileName.startsWith(`${vendorDir}/`);
	return [
		...everyNode(ts.isObjectLiteralExpression),
		...everyNode(ts.isCallExpression).filter(isToFailure),
	]
		.filter(inDir)
		.map(knownOf)
		.filter(isComplete)
		.map((known) => ({ ...known, isRepeated: false, stored: storedOf(known) }));
}

/**
 * What a parameter can be told, with `…` for what only a run knows. A caller is known by its name alone: what
 * comes from a function that only has the same name does not even say which parameter it is about.
 */
export function parameterRows(): Row[] {
	return everyNode(ts.isNewExpression)
		.filter(({ expression }) => expression.getText() === 'InputProblem')
		.flatMap((problem) => {
			const [parameter, message, remedy] = problem.arguments ?? [];
			return envsAround(problem).flatMap((env) =>
				textsOf(parameter, env).flatMap((name) =>
					textsOf(message, env).flatMap((said) =>
						textsOf(remedy, env).map((advice) => ({
							path: `input/${name}`,
							message: said,
							remedy: advice,
							class: 'input' as const,
							isRepeated: false,
							stored: 'no' as const,
						})),
					),
				),
			);
		})
		.filter(({ message }) => !message.startsWith(UNKNOWN) && !message.startsWith(`'${UNKNOWN}`));
}

/** Every path that the sources write out, for the check that none is missing on the page. */
export function writtenPaths(): string[] {
	const texts = sourceFiles.map(({ text }) => text).join('\n');
	const paths = texts.matchAll(/(?:\bcode: |toFailure\(\s*)'([a-z_]+(?:\/[a-z_0-9]+)?)'/g);
	return [...new Set([...paths].map(([, path]) => path!))].sort();
}

function knownOf(expression: ts.Expression): Known {
	if (ts.isIdentifier(expression)) {
		const value = valueOf(expression);
		return value ? knownOf(value) : {};
	}
	if (ts.isCallExpression(expression)) return ofCall(expression);
	if (!ts.isObjectLiteralExpression(expression)) return {};
	return expression.properties.reduce<Known>((known, property) => {
		if (ts.isSpreadAssignment(property)) return { ...known, ...knownOf(property.expression) };
		if (!ts.isPropertyAssignment(property)) return known;
		const { initializer, name } = property;
		return ts.isStringLiteralLike(initializer)
			? { ...known, [name.getText() === 'code' ? 'path' : name.getText()]: initializer.text }
			: known;
	}, {});
}

function ofCall(expression: ts.CallExpression): Known {
	const [first, second, third] = expression.arguments;
	if (isToFailure(expression)) {
		const path = first && ts.isStringLiteralLike(first) ? first.text : undefined;
		return { ...(second && knownOf(second)), ...(path !== undefined && { path }) };
	}
	const failureClass = CLASSES[expression.expression.getText()];
	if (failureClass === undefined) return {};
	const [[message], [remedy]] = [textsOf(first, new Map()), textsOf(second, new Map())];
	const stored = third && ts.isStringLiteralLike(third) ? third.text : undefined;
	return { message, remedy, class: failureClass, ...(stored !== undefined && { stored }) };
}

function isToFailure({ expression }: ts.CallExpression): boolean {
	return expression.getText() === 'toFailure';
}

/** Of what does not say it the file is not stored. */
function storedOf({ stored }: Known): Row['stored'] {
	return stored === 'yes' || stored === 'unknown' ? stored : 'no';
}

function isComplete(known: Known): known is Pick<Row, 'path' | 'message' | 'remedy' | 'class'> {
	const { path, message, remedy, class: failureClass } = known;
	return [path, message, remedy, failureClass].every((text) => text !== undefined);
}

/**
 * Every remedy and message in the sources, with `…` for what only a run knows. A text that is put together
 * from others is left out, as those are looked at where they stand.
 */
export const writtenTexts = once((): Array<Record<'file' | 'text', string>> => {
	const explained = everyNode(ts.isCallExpression)
		.filter(({ expression }) => Object.hasOwn(CLASSES, expression.getText()))
		.flatMap(({ arguments: [message, remedy] }) => [message, remedy]);
	const assigned = everyNode(ts.isPropertyAssignment)
		.filter(({ name }) => ['message', 'remedy'].includes(name.getText()))
		.map(({ initializer }) => initializer);
	return [...explained, ...assigned].flatMap((expression) =>
		expression === undefined
			? []
			: envsAround(expression)
					.flatMap((env) => textsOf(expression, env))
					.filter((text) => /^\p{Lu}.*\p{L}{2} \p{L}/u.test(text))
					.map((text) => ({ file: expression.getSourceFile().fileName, text })),
	);
});
