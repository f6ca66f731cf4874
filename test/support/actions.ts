/** Whether a text tells a person what to do before it tells anything else. */

const VERBS: ReadonlySet<string> = new Set(
	`add append ask change check choose close commit compare confirm continue convert copy correct create delete empty end
	enter free get give leave let list look make move name open put read remove rename repeat replace report restore resume
	run send set shorten sign split start try turn unlock update upload use verify wait write`.split(
		/\s+/,
	),
);

/** `In the Box Developer Console, open the app …` says where, then what. */
const PLACE = /^In (?:the [A-Z][^,]{3,40}|Options), /;

export function beginsWithAction(text: string): boolean {
	const [first = ''] = text.replace(PLACE, '').split(/[\s,.:;]/);
	return VERBS.has(first.toLowerCase());
}

/** Points to words of the service, or to its request ID, although the text has none. */
export function pointsToNothing(description: string): boolean {
	const isTold = / said: |Request ID: |Reason: /.test(description);
	return (
		/says why|says which field/.test(description) || (/\bbelow\b/.test(description) && !isTold)
	);
}
