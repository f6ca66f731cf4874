/** Every text that people read is in the house's style, in the package as it is built. */
import {
	breachesOf,
	noArticles,
	noCrying,
	noSemicolon,
	quoted,
	sentences,
	terms,
	translated,
	usSpelling,
} from './rules';
import {
	actionTexts,
	builtEditor,
	editorTexts,
	errorTexts,
	exampleTexts,
	namesInTexts,
	pageTexts,
	sourceTexts,
	type Editor,
} from './texts';

const WORDS = [translated, terms, usSpelling];

let editor: Editor;
beforeAll(() => {
	editor = builtEditor();
});

describe('texts in the editor', () => {
	test('are short, in the words of the house, and quote the names of fields', () => {
		const texts = editorTexts(editor);
		expect(texts.length).toBeGreaterThan(200);
		const rules = [...WORDS, sentences(20), noSemicolon, quoted(namesInTexts(editor))];
		expect(breachesOf(texts, rules)).toEqual([]);
	});

	test('say what to do without articles in the list of actions', () => {
		const texts = actionTexts(editor);
		expect(texts.length).toBeGreaterThan(14);
		expect(breachesOf(texts, [...WORDS, noArticles])).toEqual([]);
	});

	test('ask with "Whether to" for what is on or off, and for nothing else', () => {
		const odd = editor.fields.filter(
			({ type, description = '' }) =>
				type !== 'notice' && /^Whether\b/.test(description) !== (type === 'boolean'),
		);
		expect(odd.map(({ where }) => where)).toEqual([]);
	});
});

describe('texts of errors', () => {
	test('say what happened', () => {
		const texts = errorTexts().map(({ where, message: text }) => ({ where, text }));
		expect(texts.length).toBeGreaterThan(300);
		const rules = [...WORDS, sentences(20), noSemicolon, noCrying, quoted(namesInTexts(editor))];
		expect(breachesOf(texts, rules)).toEqual([]);
	});

	test('say what to do, and name the fields as the editor does', () => {
		const texts = errorTexts().map(({ where, remedy: text }) => ({ where, text }));
		const rules = [...WORDS, sentences(25), noSemicolon, quoted(namesInTexts(editor))];
		expect(breachesOf(texts, rules)).toEqual([]);
	});
});

test('every text in the sources is in the words of the house', () => {
	const names = new Set(namesInTexts(editor));
	const texts = sourceTexts().filter(({ text }) => !names.has(text));
	expect(texts.length).toBeGreaterThan(800);
	expect(breachesOf(texts, [...WORDS, quoted([...names])])).toEqual([]);
});

describe('pages, example workflows and the changelog', () => {
	test('are in short sentences, in the words of the house', () => {
		const texts = pageTexts();
		expect(texts.length).toBeGreaterThan(500);
		expect(breachesOf(texts, [...WORDS, sentences(25)])).toEqual([]);
	});

	test('name nodes and write notes the same way', () => {
		const texts = exampleTexts();
		expect(texts.length).toBeGreaterThan(200);
		expect(breachesOf(texts, [...WORDS, sentences(25)])).toEqual([]);
	});
});
