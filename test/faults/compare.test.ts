/** The campaign itself: it sees what is not as it is said to be. */
import type { IDataObject } from 'n8n-workflow';

import type { FailureClaim } from './campaign/claims';
import { claimsOf } from './campaign/claims';
import type { Situation } from './campaign/compare';
import { contradictions, missedEnds } from './campaign/compare';
import type { Scenario } from './campaign/scenario';
import { scenarioOf } from './campaign/scenario';
import type { RunResult } from '../engine/types';
import { withSection } from '../support/page';
import { box } from './vendors/box';
import { dropbox } from './vendors/dropbox';
import type { StoredFile } from './vendors/vendor';

const content = { sizeBytes: 100, seed: 7 };
const hash = dropbox.hashOf(content);
const there: StoredFile = { path: '/Campaign/a.bin', sizeBytes: 100, hash };
const json = { path_display: there.path, size: 100, content_hash: hash };
const notStored: FailureClaim = {
	path: 'network/answer_lost',
	message: 'The connection broke before the answer came',
	documentationUrl: 'https://example.com/',
	description: 'Try it again later.',
	class: 'transient',
	retryable: true,
	stored: 'no',
	vendor: 'Dropbox',
};

function stored(said: IDataObject) {
	return { kind: 'stored', json: said } as const;
}

function situation(changes: Partial<Situation>, scenario: Partial<Scenario> = {}): Situation {
	const files = [{ name: 'a.bin', content }];
	return {
		scenario: { ...scenarioOf(1, dropbox), files, ifExists: 'fail', strict: false, ...scenario },
		vendor: dropbox,
		before: [],
		after: [there],
		claims: [{ kind: 'stored', json }],
		allFiles: files,
		foreignPaths: new Set(),
		lostSessions: false,
		...changes,
	};
}

describe('what is there against what is said', () => {
	it('finds nothing where all is true', () => {
		expect(contradictions(situation({}))).toEqual([]);
		const unknown = { kind: 'failed', error: { ...notStored, stored: 'unknown' } } as const;
		expect(contradictions(situation({ claims: [unknown] }))).toEqual([]);
		expect(contradictions(situation({ claims: [unknown], after: [] }))).toEqual([]);
	});

	it.each<[string, Partial<Situation>, RegExp]>([
		['a file that is not there', { after: [] }, /is not there$/],
		['a file that is there twice', { after: [there, { ...there, path: '/b' }] }, /there 2 times/],
		['a file with other content', { after: [{ ...there, hash: 'other' }] }, /is not there/],
		[
			'other content in the answer',
			{ claims: [{ kind: 'stored', json: { ...json, content_hash: 'other' } }] },
			/stored with other content/,
		],
		[
			'a stored file that is said not to be',
			{ claims: [{ kind: 'failed', error: notStored }] },
			/says that it is not stored/,
		],
		[
			'a file that is said to be stored in an error, and is not',
			{ claims: [{ kind: 'failed', error: { ...notStored, stored: 'yes' } }], after: [] },
			/says that it is stored/,
		],
		[
			'a skipped file where nothing is',
			{ claims: [{ kind: 'skipped', json: { skipped: 'exists' } }], after: [] },
			/nothing is there/,
		],
		[
			'a file that nobody has sent',
			{ after: [there, { ...there, path: '/c', hash: 'c' }] },
			/nobody else has put it there/,
		],
		[
			'a file that has gone',
			{ before: [{ ...there, path: '/old', hash: 'old' }] },
			/was there before, and is gone/,
		],
	])('finds %s', (_, changes, expected) => {
		expect(contradictions(situation(changes)).join('\n')).toMatch(expected);
	});

	describe('what another item of the run has replaced', () => {
		const later = { sizeBytes: 200, seed: 8 };
		const files = [
			{ name: 'a.bin', content },
			{ name: 'a.bin', content: later, twinOf: 0 },
		];
		const sameTarget = { ...notStored, path: 'items/same_place' };

		it('is found at Dropbox, where it is gone', () => {
			const replacing = { path: there.path, sizeBytes: 200, hash: dropbox.hashOf(later) };
			const told = { path_display: there.path, size: 200, content_hash: replacing.hash };
			const replaced = situation(
				{ after: [replacing], claims: [json, told].map(stored), allFiles: files },
				{ files, ifExists: 'replace' },
			);
			expect(contradictions(replaced)).toEqual([expect.stringMatching(/^item 0 .* is not there$/)]);
			expect(missedEnds(replaced)).toEqual([expect.stringMatching(/^item 1 .* not as conflict$/)]);
		});

		it('is found at Box, where it is an earlier version', () => {
			const [first, second] = [content, later].map((each) => box.hashOf(each));
			const path = box.pathOf('a.bin');
			const saidOf = (sha1: unknown, size: number) =>
				stored({ name: 'a.bin', size, sha1 } as never);
			const replaced = (after: StoredFile[]) =>
				situation(
					{
						vendor: box,
						after,
						claims: [saidOf(first, 100), saidOf(second, 200)],
						allFiles: files,
					},
					{ files, ifExists: 'replace' },
				);
			const earlier = { path, sizeBytes: -1, hash: first ?? '', isReplaced: true };
			const present = { path, sizeBytes: 200, hash: second ?? '' };
			expect(contradictions(replaced([earlier, present]))).toEqual([
				expect.stringMatching(/^item 0 .* is not there$/),
			]);
		});

		it('is not asked for where the second one was told so', () => {
			const kept = situation(
				{ claims: [stored(json), { kind: 'failed', error: sameTarget }], allFiles: files },
				{ files, ifExists: 'replace' },
			);
			expect([...contradictions(kept), ...missedEnds(kept)]).toEqual([]);
		});
	});

	it('finds a file that failed although nothing lasted', () => {
		const claims = [{ kind: 'failed', error: notStored }] as const;
		expect(missedEnds(situation({ claims, after: [] }))).toHaveLength(1);
		expect(missedEnds(situation({}))).toEqual([]);
	});
});

describe('the form of a failed item', () => {
	const resultOf = (error: object, beside = {}) =>
		({
			outputs: [[{ json: { error, ...beside }, pairedItem: { item: 0 } }]],
		}) as unknown as RunResult;

	it('is the documented one', () => {
		expect(claimsOf(resultOf(notStored), 1).violations).toEqual([]);
	});

	it.each([
		['a field beside error', resultOf(notStored, { path: '/a' })],
		['a field that is not documented', resultOf({ ...notStored, inTheWay: 1 })],
		['no path', resultOf({ ...notStored, path: '' })],
		['an unknown class', resultOf({ ...notStored, class: 'other', retryable: false })],
		['retryable against its class', resultOf({ ...notStored, retryable: false })],
		['a resume that is no flat record', resultOf({ ...notStored, resume: { a: {} } })],
	])('is not that with %s', (_, result) => {
		expect(claimsOf(result, 1).violations).toHaveLength(1);
	});

	it('is asked of a run that stops, too: it tells of one item', () => {
		const stopped = (itemIndex?: number, told?: object) => {
			const error = { name: 'NodeApiError', itemIndex, errorResponse: { error: told } };
			const { claims, violations } = claimsOf({ outputs: [], error } as unknown as RunResult, 3);
			return { kinds: claims.map(({ kind }) => kind), violations };
		};
		const kinds = ['silent', 'failed', 'silent'];
		expect(stopped(1, notStored)).toEqual({ kinds, violations: [] });
		expect(stopped(1, { ...notStored, class: 'user' }).violations).toHaveLength(1);
		expect(stopped(3, notStored).violations).toEqual(['the run stopped at item 3 of 3']);
		expect(stopped().kinds).toEqual(Array(3).fill('silent'));
	});

	it('is what a run that stops is judged by', () => {
		const judged = (stored: FailureClaim['stored'], foreign: boolean) =>
			missedEnds(
				situation({
					after: [],
					claims: [{ kind: 'failed', error: { ...notStored, stored } }],
					foreignPaths: new Set(foreign ? [there.path.toLowerCase()] : []),
				}),
			).length;
		expect([judged('no', true), judged('unknown', false), judged('unknown', true)]).toEqual([
			1, 1, 0,
		]);
	});
});

it('a seed says all: the same seed makes the same run', () => {
	expect(scenarioOf(4711, dropbox)).toEqual(scenarioOf(4711, dropbox));
	expect(scenarioOf(4711, dropbox)).not.toEqual(scenarioOf(4713, dropbox));
});

it('writes its part of the page and leaves the rest', () => {
	const page = 'a\n<!-- kill: begin -->\nold\n<!-- kill: end -->\nz\n';
	expect(withSection(page, 'kill', 'new')).toBe(
		'a\n<!-- kill: begin -->\n\nnew\n\n<!-- kill: end -->\nz\n',
	);
	expect(() => withSection('a', 'kill', 'new')).toThrow('lost its marks');
});
