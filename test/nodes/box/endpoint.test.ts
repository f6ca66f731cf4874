import { checkedEndpoint } from '../../../nodes/BoxUpload/api/endpoint';

const path = '/api/2.0/files/upload_sessions/F971964745A5CD0C001BBE4E58196BFD';

describe('an address that a session names', () => {
	test.each([
		`https://upload.box.com${path}`,
		`https://upload-las.app.box.com${path}/commit`,
		`https://fupload-loop.app.box.com${path}?routing=east`,
		`https://box.com${path}`,
		`https://upload.box.com:443${path}`,
		`HTTPS://UPLOAD.BOX.COM${path}`,
	])('may get the token when it is of Box: %s', (address) => {
		expect(checkedEndpoint(address)).toEqual({ ok: true, value: new URL(address).href });
	});

	test.each([
		['another host', `https://evil.example${path}`],
		['no encryption', `http://upload.box.com${path}`],
		['a user name that looks like the host', `https://upload.box.com@evil.example${path}`],
		['a user name before a host of Box', `https://evil.example@upload.box.com${path}`],
		['a password', `https://user:secret@upload.box.com${path}`],
		['another port', `https://upload.box.com:8443${path}`],
		['the port of plain HTTP', `https://upload.box.com:80${path}`],
		['the host as the start of another', `https://www.box.com.evil.example${path}`],
		['the host as the end of another word', `https://evilbox.com${path}`],
		['a backslash before the at sign', `https://evil.example\\@upload.box.com${path}`],
		['a host hidden behind a tab', `https://upload.box.com\t.evil.example${path}`],
		['a host in the path', `https://evil.example/upload.box.com${path}`],
		['a host in the query', `https://evil.example/?upload.box.com${path}`],
		['a host in the fragment', `https://evil.example/#.box.com${path}`],
		['a letter that only looks like an o', `https://upload.b\u043ex.com${path}`],
		[
			'a full stop of another script before another name',
			`https://box.com\u3002evil.example${path}`,
		],
		['a full stop at the end of the host', `https://upload.box.com.${path}`],
		['an IP address', `https://127.0.0.1${path}`],
		['another scheme', `ftp://upload.box.com${path}`],
		['an address without a scheme', `//upload.box.com${path}`],
		['a path alone', path],
		['no text at all', ''],
	])('gets nothing with %s', (_what, address) => {
		const checked = checkedEndpoint(address);
		expect(checked).toMatchObject({
			ok: false,
			failure: { code: 'endpoint/refused', class: 'user', retryable: false, stored: 'no' },
		});
	});

	test('is what is really called, not what it was written as', () => {
		// A parser reads "\" as "/" and drops tabs and line ends; the text that was checked is sent.
		expect(checkedEndpoint('https:\\\\upload.box.com\n/api/\t2.0')).toEqual({
			ok: true,
			value: 'https://upload.box.com/api/2.0',
		});
	});
});
