import type { Failure } from '../../../nodes/shared/failure';
import { quotable } from '../../../nodes/shared/json';
import { printableUrl, redacted, withoutSecrets } from '../../../nodes/shared/redact';

const LINK =
	'https://me:s3cret-pw@files.example.com/a b.pdf?key=abcd1234&sig=Zm9v%2Fbar==#part-of-it';

describe('redacted', () => {
	it.each([
		['a header', 'Authorization: Bearer sl.u.abc-DEF_1=', 'Authorization: Bearer …'],
		['an encoded header', 'Bearer%20sl.abcdef12', 'Bearer …'],
		['Basic', 'Basic Y2xpZW50OnNlY3JldA==', 'Basic …'],
		['a query', 'x?access_token=abc123&b=1', 'x?access_token=…&b=1'],
		['an encoded query', 'access_token%3Dabc123', 'access_token%3D…'],
		['JSON', '{"refresh_token": "abc", "x": 1}', '{"refresh_token": "…", "x": 1}'],
		['JSON in JSON', '{\\"client_secret\\":\\"abc\\"}', '{\\"client_secret\\":\\"…\\"}'],
		['a form', 'client_id=7&client_secret=abc', 'client_id=7&client_secret=…'],
		['a sentence with one', 'client_secret: abc is wrong', 'client_secret: … is wrong'],
		['a sign-in with a key', 'no: eyJhbGciOiJ.eyJpc3MiOiJ.c2ln-_bmF0!', 'no: …!'],
		['half of one', 'no: eyJhbGciOiJ.eyJpc3MiOiJ …', 'no: … …'],
		['a URL', 'got https://u:p@h.example/a?sig=1#2, sorry', 'got https://h.example/a sorry'],
		['another scheme', '(sftp://u:p/q@h/a)', '(sftp://h/a)'],
		['an escaped URL', '"https:\\/\\/u:p@h\\/a?b=1"', '"https://h//a"'],
		[
			'words that only look like it',
			'token: expired, password: too short',
			'token: expired, password: too short',
		],
	])('takes what looks secret out of %s', (_, text, expected) => {
		expect(redacted(text)).toBe(expected);
	});

	it.each([
		['as it is', 'correct horse', 'no: correct horse!', 'no: …!'],
		['in a query', 'p&w d', 'pw=p%26w%20d', 'pw=…'],
		['in JSON', 'a"b\\c', '"a\\"b\\\\c"', '"…"'],
		['in HTML', 'a&bcd', 'a&amp;bcd', '…'],
		['alone, when it is short', 'it', 'it is with it.', '… is with ….'],
		['never, when it is empty', '', 'abc', 'abc'],
		['in part: a query', LINK, 'q=key=abcd1234&sig=Zm9v%2Fbar==', 'q=…'],
		['in part: a password', LINK, 'user s3cret-pw', 'user …'],
	])('takes what is known out %s', (_, secret, text, expected) => {
		expect(redacted(text, [secret])).toBe(expected);
	});
});

describe('printableUrl', () => {
	it.each([
		[LINK, 'https://files.example.com/a%20b.pdf'],
		['https://h.example/@user/a.pdf', 'https://h.example/@user/a.pdf'],
		['sftp://user:pass@h.example/a?b=c', 'sftp://h.example/a'],
		['user:pass@h.example/a?sig=1', 'h.example/a'],
		['h.example/a?sig=1#x', 'h.example/a'],
		['"https://user:p/ss@h.example/a?sig=1"', '"https://h.example/a'],
		["'https://h.example/a?sig=1'", "'https://h.example/a"],
		['https://user:p/ss@h.example/a?sig=1', 'https://h.example/a'],
		['javascript:alert(1)', 'javascript:alert(1)'],
	])('makes of %s', (url, expected) => {
		expect(printableUrl(url)).toBe(expected);
	});

	it('is short', () => {
		expect(printableUrl(`https://h.example/${'x'.repeat(10_000)}`).length).toBeLessThan(202);
	});
});

describe('quotable', () => {
	it('knows no half of a token where the text was cut', () => {
		const html = `<${'b'.repeat(19_970)}> access_token=abcdefghijklmnopqrstuvwxyz`;
		expect(quotable(html) ?? '').not.toContain('abcdefg');
	});

	it.each(['a.', 'password" ', 'http:/', 'Bearer ', '<script>', 'x=%3D', 'http://@', ' x'])(
		'is short and comes to an end for a hostile text of %j',
		(piece) => {
			expect(quotable(piece.repeat(100_000), ['secret'])?.length ?? 0).toBeLessThan(502);
		},
	);
});

describe('withoutSecrets', () => {
	const failure: Failure = {
		vendor: 'Dropbox',
		code: 'download_failed',
		message: 'It failed',
		remedy: 'Try again.',
		class: 'user',
		retryable: false,
		stored: 'no',
	};

	it('cleans each text that a server may have written', () => {
		const texts = {
			code: 'x/hunter22',
			reason: 'hunter22',
			requestId: 'hunter22',
			vendorText: 'it was hunter22',
		};
		const cleaned = withoutSecrets({ ...failure, ...texts }, ['hunter22']);
		expect(JSON.stringify(cleaned)).not.toContain('hunter22');
		expect(cleaned).toMatchObject({ code: 'x/…', vendorText: 'it was …' });
	});

	it('leaves no start of a secret at the end of a text that was cut', () => {
		const vendorText = 'the password was hunt…';
		expect(withoutSecrets({ ...failure, vendorText }, ['hunter22']).vendorText).toBe(
			'the password was …',
		);
	});
});
