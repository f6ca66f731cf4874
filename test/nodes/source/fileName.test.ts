import { fileNameOf } from '../../../nodes/shared/source/url/fileName';

const URL_WITH_NAME = 'https://example.com/a/from%20url.txt?x=y.pdf#z';

describe('fileNameOf', () => {
	it.each<[string | undefined, string | undefined]>([
		[undefined, 'from url.txt'],
		['attachment', 'from url.txt'],
		['inline; filename=plain.txt', 'plain.txt'],
		['attachment; filename="two words; and more.txt"', 'two words; and more.txt'],
		['attachment; filename="a \\"quoted\\" one.txt"', 'a "quoted" one.txt'],
		['attachment;FILENAME = "x.txt" ; size=3', 'x.txt'],
		[`attachment; filename*=UTF-8''na%C3%AFve%20file.txt`, 'naïve file.txt'],
		[`attachment; filename*=iso-8859-1'en'%A3%20rates.txt`, '£ rates.txt'],
		[`attachment; filename*=UTF-8''%E0%A4; filename="b.txt"`, 'b.txt'],
		[`attachment; filename*=shift_jis''a.txt`, 'from url.txt'],
		[`attachment; filename="${Buffer.from('grüße.txt').toString('latin1')}"`, 'grüße.txt'],
		['attachment; filename="caf\u00e9.txt"', 'café.txt'],
		['attachment; filename="C:\\\\folder\\\\x.txt"', 'x.txt'],
		['attachment; filename="../../x.txt"', 'x.txt'],
		['attachment; filename="a\tb\u0007.txt"', 'ab.txt'],
		['attachment; filename=".."', 'from url.txt'],
		['attachment; filename=""', 'from url.txt'],
	])('%j gives %s', (disposition, expected) => {
		expect(fileNameOf(disposition, URL_WITH_NAME)).toBe(expected);
	});

	it.each([
		['https://example.com', undefined],
		['https://example.com/a/', undefined],
		['https://example.com/100%25', '100%'],
		['https://example.com/100%', '100%'],
		['https://example.com/a%2Fb.txt', 'b.txt'],
	])('%s gives %s', (url, expected) => {
		expect(fileNameOf(undefined, url)).toBe(expected);
	});
});
