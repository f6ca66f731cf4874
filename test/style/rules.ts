/** The house's rules for what people read, as far as a program can see them. */

/** A text, and where it stands. */
export interface Text {
	readonly where: string;
	readonly text: string;
}

export interface Rule {
	readonly name: string;
	/** What breaks the rule, or nothing. */
	readonly breaches: (text: string) => readonly string[];
}

function words(name: string, pattern: RegExp): Rule {
	return { name, breaches: (text) => withoutCode(text).match(pattern) ?? [] };
}

/** `code`, addresses and placeholders are not prose. */
export function withoutCode(text: string): string {
	return text
		.replace(/```[\s\S]*?```/g, '')
		.replace(/`[^`\n]+`/g, 'code')
		.replace(/\]\([^)]*\)/g, ']')
		.replace(/https?:\/\/\S*/g, 'URL');
}

/** What a technical writer would not write. */
export const translated = words(
	'no words that read as translated',
	/\b(?:by (?:itself|themselves)|all the same|any ?more|meanwhile|nobody|somebody|anybody|whoever|goes on|go on|going on|went on|for ever|(?<!there )is no|(?<!there )are no|in spite of|in place of it|most probably|further on)\b/gi,
);

/** One term for each thing. */
export const terms = words(
	'the terms of the house',
	/\b(?:pieces?|rights|answers?|answered|(?<!email |IP |private |network )address(?:es)?|lanes?|ceiling|surroundings|administrators?)\b/gi,
);

export const spelling = words(
	'US spelling',
	/\b(?:e-mails?|\w+ise[sd]?|\w+isation|colou?rs?(?<!color|colors)|behaviour|favou?rite(?<!favorite)|cancelled|cancelling|labelled|modelled|travelled|licence|centre|whilst|towards|dialogue|grey|artefacts?|judgement)\b|\d %/gi,
);

const KEEPS_ISE =
	/^(?:otherwise|likewise|enterprise|raised?|promised?|promises|precise|exercise|advise|rise|arises?|wise|noise|premise|revise|surprised?|surprises|compromised?|disguise|concise|expertise|franchise|merchandise|improvise|supervise|devise|paradise|praise|clockwise|raises)$/i;

export const usSpelling: Rule = {
	name: spelling.name,
	breaches: (text) => spelling.breaches(text).filter((word) => !KEEPS_ISE.test(word)),
};

/** Of one who reads a sentence on a screen. */
export function sentences(most: number): Rule {
	return {
		name: `at most ${most} words a sentence`,
		breaches: (text) =>
			withoutCode(text)
				.replace(/\b(?:e\.g|i\.e|etc)\./g, 'such as')
				.split(/(?<=[.!?:;][*)"']*)\s+|\n{2,}| · /)
				.filter((sentence) => wordCount(sentence) > most),
	};
}

const wordCount = (sentence: string): number =>
	sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

export const noSemicolon = words('no semicolons in the editor', /;/g);

export const noArticles = words('no articles in actions', /\b(?:a|an|the)\b/gi);

/** Of an error: it says what happened. */
export const noCrying = words(
	'an error says what happened, without calling itself one',
	/\b(?:errors?|problems?|failures?|mistakes?)\b/gi,
);

/** Names of fields and operations stand in quotes, so that people find them. */
export function quoted(names: readonly string[]): Rule {
	const found = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	// The longest first: 'Max Wait (Minutes)' before 'Max Wait'.
	found.sort((one, other) => other.length - one.length);
	const pattern = new RegExp(`'(?:${found.join('|')})'|(?:${found.join('|')})(?![\\w'])`, 'g');
	return {
		name: 'names of fields in quotes',
		breaches: (text) =>
			(withoutCode(text).match(pattern) ?? []).filter((match) => !match.startsWith("'")),
	};
}

/** What the texts break, one line each. */
export function breachesOf(texts: readonly Text[], rules: readonly Rule[]): string[] {
	return texts.flatMap(({ where, text }) =>
		rules.flatMap(({ name, breaches }) =>
			breaches(text).map((breach) => `${where}: ${name}: ${breach.trim()}`),
		),
	);
}
