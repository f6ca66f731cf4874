import { dropboxUnions, readUnion } from '../../../nodes/DropboxUpload/api/failures/read';
import { calledRoutes, failureUnions, leavesOf, tagsOf } from './unions';

const UNKNOWN = readUnion('files.WriteError', { '.tag': 'brand_new' }).message;

describe("the catalogue of Dropbox's reasons", () => {
	it('is about the routes that the node calls', () => {
		expect(calledRoutes()).toEqual(
			expect.arrayContaining([
				'files/upload_session/start',
				'files/upload_session/append_v2',
				'files/upload_session/finish',
				'files/upload_session/finish_batch',
				'files/upload_session/finish_batch_v2',
				'files/upload_session/finish_batch/check',
				'sharing/get_file_metadata',
				'sharing/get_file_metadata/batch',
			]),
		);
		expect(failureUnions()).toEqual(
			expect.arrayContaining([
				'files.UploadSessionFinishError',
				'sharing.SharingFileAccessError',
				'async.PollError',
			]),
		);
	});

	it('has an entry for every tag of every error union, and follows those that nest', () => {
		const missing: string[] = [];
		const check = (union: string, seen: ReadonlySet<string>): void => {
			for (const { name, union: inner } of tagsOf(union)) {
				const entry = dropboxUnions[union]?.[name];
				if (entry === undefined) missing.push(`${union}: ${name}`);
				else if (inner !== undefined && (!('union' in entry) || entry.union !== inner))
					missing.push(`${union}: ${name} does not lead to ${inner}`);
				if (inner !== undefined && !seen.has(inner)) check(inner, new Set([...seen, inner]));
			}
		};
		for (const union of failureUnions()) check(union, new Set([union]));
		expect([...new Set(missing)]).toEqual([]);
	});

	it('explains every reason down to its deepest tag, in words that say what to do', () => {
		for (const union of failureUnions()) {
			for (const { path, value } of leavesOf(union)) {
				const failure = readUnion(union, value);
				expect(failure).toMatchObject({ vendor: 'Dropbox', code: path });
				expect(failure.message).not.toBe(UNKNOWN);
				expect(failure.message).toMatch(/^[A-Z].{10,}[^.]$/);
				expect(failure.remedy).toMatch(/^[A-Z].{5,}\.$/);
				expect(failure.retryable).toBe(failure.class === 'transient');
			}
		}
	});

	it('says that the file is stored for every reason of property groups', () => {
		for (const { path, value } of leavesOf('files.UploadSessionFinishError')) {
			const { stored } = readUnion('files.UploadSessionFinishError', value);
			expect([path, stored]).toEqual([path, path.startsWith('properties_error/') ? 'yes' : 'no']);
		}
	});
});

describe('readUnion', () => {
	const read = (value: unknown) => readUnion('files.UploadSessionFinishError', value);

	it('keeps the raw name of a tag that is new, and quotes what Dropbox said', () => {
		const value = { '.tag': 'path', path: { '.tag': 'quantum_locked', until: 'tomorrow' } };
		expect(read(value)).toMatchObject({
			code: 'path/quantum_locked',
			class: 'user',
			retryable: false,
			vendorText: JSON.stringify(value),
		});
	});

	it('uses what the outer tag means where the inner one is missing or new', () => {
		const value = { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'star' } } };
		expect(read(value).code).toBe('path/conflict/star');
		expect(read(value).message).toBe(
			read({ '.tag': 'path', path: { '.tag': 'conflict' } }).message,
		);
		expect(read({ '.tag': 'lookup_failed' }).code).toBe('lookup_failed');
	});

	it('takes tags without values, as Dropbox may write them', () => {
		expect(read('too_many_write_operations').code).toBe('too_many_write_operations');
	});

	it('keeps the offset and the permission that Dropbox names', () => {
		expect(
			read({
				'.tag': 'lookup_failed',
				lookup_failed: { '.tag': 'incorrect_offset', correct_offset: 7 },
			}).detail,
		).toEqual({ kind: 'offset', correctOffset: 7 });
		expect(
			readUnion('auth.AuthError', { '.tag': 'missing_scope', required_scope: 'sharing.read' })
				.vendorText,
		).toContain('sharing.read');
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['empty text', ''],
		['a number', 7],
		['a list', []],
		['no tag', {}],
		['a number as tag', { '.tag': 7 }],
		['an empty tag', { '.tag': '' }],
		['__proto__', { '.tag': '__proto__' }],
		['constructor', { '.tag': 'constructor' }],
		['a number as inner value', { '.tag': 'path', path: 7 }],
		['a list as inner tag', { '.tag': 'path', path: { '.tag': ['conflict'] } }],
		['a very long tag', { '.tag': 'x'.repeat(10_000) }],
	])('makes a short, readable failure of %s', (_, value) => {
		const failure = read(value);
		expect(failure.message).toMatch(/^[A-Z]/);
		expect(failure.code.length).toBeLessThanOrEqual(70);
		expect((failure.vendorText ?? '').length).toBeLessThanOrEqual(501);
		expect(failure.stored).toBe('no');
	});
});
