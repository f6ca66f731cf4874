import { ContentDigest, contentHashOf } from '../../../nodes/DropboxUpload/api/contentHash';
import { headerSafeJson } from '../../../nodes/DropboxUpload/api/headerSafeJson';
import { contentHash } from '../../cloud/dropbox';
import { generateBuffer } from '../../engine';
import { MIB } from './uploads';

describe('headerSafeJson', () => {
	it.each([
		['plain', { path: '/a b.txt' }, '{"path":"/a b.txt"}'],
		['accents', { path: '/é' }, '{"path":"/\\u00e9"}'],
		['an emoji, as a pair', { path: '/😀' }, '{"path":"/\\ud83d\\ude00"}'],
		['the delete character', { path: '\u007f' }, '{"path":"\\u007f"}'],
		['line breaks', { path: 'a\r\nb' }, '{"path":"a\\r\\nb"}'],
		['quotes and backslashes', { path: '"\\' }, '{"path":"\\"\\\\"}'],
	])('escapes %s', (_, value, expected) => {
		expect(headerSafeJson(value)).toBe(expected);
	});

	it('is printable ASCII and means the same, for every character', () => {
		const all = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).join('');
		const text = headerSafeJson({ all, pair: '𝄞', half: '\ud834' });
		expect(text).toMatch(/^[\x20-\x7e]*$/);
		expect(JSON.parse(text)).toEqual({ all, pair: '𝄞', half: '\ud834' });
	});
});

describe('ContentDigest', () => {
	it('hashes the file and each of its parts, however they are cut', () => {
		const parts = [8 * MIB, 8 * MIB, 5 * MIB + 3].map((size, seed) => Buffer.alloc(size, seed + 1));
		for (const pieceBytes of [64 * 1024 + 1, 3 * MIB, 9 * MIB]) {
			const digest = new ContentDigest();
			const hashes = parts.map((part) => {
				for (let at = 0; at < part.length; at += pieceBytes) {
					digest.update(part.subarray(at, at + pieceBytes));
				}
				return digest.endPart();
			});
			expect(hashes).toEqual(parts.map(contentHash));
			expect(digest.soFar()).toBe(contentHash(Buffer.concat(parts)));
		}
	});
});

describe('contentHashOf', () => {
	it('is the hash of nothing for an empty file, as Dropbox documents it', () => {
		expect(contentHashOf(Buffer.alloc(0))).toBe(
			'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
		);
	});

	it.each([1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 8 * MIB, 9 * MIB + 7])(
		"agrees with the cloud's own hash for %i bytes",
		(sizeBytes) => {
			const content = generateBuffer({ sizeBytes, seed: 3 });
			expect(contentHashOf(content)).toBe(contentHash(content));
		},
	);
});
