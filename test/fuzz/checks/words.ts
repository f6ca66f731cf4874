/** What people read, and what may be in it. */
import type { RunResult } from '../../engine/types';

/** Texts of JavaScript, Node.js and HTTP clients that no one who builds a workflow understands. */
const RAW: readonly RegExp[] = [
	/\b(?:Type|Reference|Range|Syntax|Eval|URI)Error\b/,
	/\bis not a (?:function|constructor)\b/,
	/\bis not iterable\b/,
	/\bCannot (?:read|convert|set|access|destructure|mix)\b/,
	/\bundefined\b/,
	/\[object \w+\]/,
	/URI malformed/,
	/Invalid time value|Invalid array length|Invalid string length|Maximum call stack/,
	/Unexpected (?:token|end of JSON)|is not valid JSON\b.*position|in JSON at/,
	/circular structure/,
	/\bERR_[A-Z_]+\b/,
	/must be of type|Received (?:type|an instance|undefined|null)/,
	/\bat (?:\S+ \()?\S+\.[jt]s:\d+/,
	/node_modules/,
	/\bAxiosError\b|Request failed with status code/,
];

/** Sentences about texts that nobody should have to read. */
export function rawWords(where: string, text: string): string[] {
	const found = RAW.map((pattern) => pattern.exec(text)?.[0]).filter((word) => word !== undefined);
	return found.map((word) => `${where} holds raw text (${word}): ${excerpt(text, word)}`);
}

export function excerpt(text: string, word: string): string {
	const at = text.indexOf(word);
	return JSON.stringify(text.slice(Math.max(0, at - 80), at + 120));
}

/** Everything of a run that people or other systems get to see of it, beside what n8n keeps of the node and its input. */
export function shownTexts({ error, hints, logs, outputs, uiMessages }: RunResult): string[] {
	// What came in stands beside the error in what n8n sends to an error output.
	const items = outputs.flat().map(({ json: { v: _, ...own } }) => JSON.stringify(own));
	const stop = [error?.message, error?.description, ...(error?.messages ?? [])].filter(
		(text) => typeof text === 'string',
	);
	return [
		...items,
		...stop,
		...hints.map(({ message }) => message),
		...logs.map(({ message }) => message),
		...uiMessages.map((message) => JSON.stringify(message)),
	];
}

export function secretsIn(result: RunResult, secrets: readonly string[]): string[] {
	if (secrets.length === 0) return [];
	const texts = shownTexts(result);
	return secrets.flatMap((secret) => {
		const text = texts.find((candidate) => candidate.includes(secret));
		return text === undefined ? [] : [`a secret is shown: ${excerpt(text, secret)}`];
	});
}
