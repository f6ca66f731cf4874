/** What the catalogues tell a person to do. */
import { boxCodes, byStatus } from '../../nodes/BoxUpload/api/failures/codes';
import { jwtReasons } from '../../nodes/BoxUpload/api/failures/jwt';
import { readErrorReply as readBox } from '../../nodes/BoxUpload/api/failures/read';
import { AS_USER, scopeToTick, signInTexts } from '../../nodes/BoxUpload/api/failures/signIn';
import type { Step } from '../../nodes/BoxUpload/api/failures/steps';
import { stepTexts } from '../../nodes/BoxUpload/api/failures/steps';
import { badRequestReasons } from '../../nodes/DropboxUpload/api/failures/badRequest';
import {
	dropboxUnions,
	readErrorReply,
	readUnion,
} from '../../nodes/DropboxUpload/api/failures/read';
import { isBranch } from '../../nodes/DropboxUpload/api/failures/union';
import type { Explanation } from '../../nodes/shared/catalogue';
import { statusExplanation } from '../../nodes/shared/http/statuses';
import { beginsWithAction, pointsToNothing } from '../support/actions';
import { failureUnions, leavesOf } from '../nodes/dropbox/unions';
import { boxRows, cloudRows, dropboxRows, linkRows } from '../../scripts/docs/failures/vendors';

type Row = readonly [name: string, explanation: Pick<Explanation, 'remedy' | 'message'>];

const SIGN_INS = [AS_USER, { by: 'app', asUser: false }, { by: 'app', asUser: true }] as const;
const REFUSALS = ['invalid_client', 'invalid_grant', 'invalid_request', 'unauthorized_client', ''];
const STATUSES = [400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 413, 416, 418, 422, 429, 500];

const dropboxTags: Row[] = Object.entries(dropboxUnions).flatMap(([union, tags]) =>
	Object.entries(tags).map(([tag, meaning]): Row => [
		`${union}: ${tag}`,
		isBranch(meaning) ? meaning.otherwise : meaning,
	]),
);

const rows: Row[] = [
	...dropboxTags,
	...badRequestReasons.map(({ code: path, explanation }): Row => [path, explanation]),
	...['brand_new', 'other', ''].map((tag): Row => [tag, readUnion('files.WriteError', tag)]),
	...Object.entries(boxCodes),
	...Object.entries(byStatus),
	...(Object.keys(stepTexts) as Step[]).flatMap((step) =>
		Object.entries(stepTexts[step]).map(([status, text]): Row => [`${step} ${status}`, text]),
	),
	...SIGN_INS.flatMap((signedIn): Row[] => [
		['scope', scopeToTick(signedIn)],
		...REFUSALS.map((error): Row => [error, signInTexts(signedIn)(error, undefined)]),
	]),
	...Object.entries(jwtReasons),
	...STATUSES.flatMap((status): Row[] => [
		[`Dropbox ${status}`, statusExplanation('Dropbox', status)[1]],
		[`Box ${status}`, statusExplanation('Box', status)[1]],
	]),
];

/** Written where they happen, in rooms that this test does not ask otherwise. */
const OF_ROOMS = [...dropboxRows(), ...boxRows(), ...linkRows(), ...cloudRows()].map(
	({ path, message, remedy }): Row => [path, { message, remedy }],
);

test('every tag that Dropbox can give leads to one of these texts', () => {
	const known = new Set(dropboxTags.map(([, { remedy }]) => remedy));
	const remedies = failureUnions().flatMap((union) =>
		leavesOf(union).map(({ value }) => readUnion(union, value).remedy),
	);
	expect(remedies.length).toBeGreaterThan(100);
	const others = remedies.filter((remedy) => !known.has(remedy));
	// A permission that Dropbox names stands in its remedy.
	expect(others.filter((remedy) => !remedy.includes('select text'))).toEqual([]);
});

test('each begins with something to do, and says it in whole sentences', () => {
	const odd = [...rows, ...OF_ROOMS].filter(
		([, { remedy }]) => !beginsWithAction(remedy) || !/[.!]$/.test(remedy),
	);
	expect(odd.map(([name, { remedy }]) => `${name}: ${remedy}`)).toEqual([]);
});

test('each is for somebody who has n8n, the node and a browser', () => {
	const jargon =
		/\b(?:HTTP header|payload|endpoint|cursor|stack|JSON body|status code|namespace_id)\b/;
	const odd = rows.filter(
		([, { remedy }]) => jargon.test(remedy) || /_/.test(remedy.replace('HTTPS_PROXY', '')),
	);
	expect(odd.map(([name, { remedy }]) => `${name}: ${remedy}`)).toEqual([]);
});

test.each(STATUSES.map((status) => [status]))(
	'no remedy for a bare %i points to words that nobody has said',
	(status) => {
		const reply = { status, headers: {}, text: '' };
		const steps = [undefined, ...(Object.keys(stepTexts) as Step[])];
		const failures = [
			...steps.map((step) => readBox(reply, { step })),
			...([undefined, 'home', 'teamSpace', 'namespace'] as const).map((root) =>
				readErrorReply(reply, {
					errorUnion: 'files.UploadSessionFinishError',
					...(root && { root }),
				}),
			),
		];
		for (const { remedy } of failures) {
			expect([remedy, pointsToNothing(remedy)]).toEqual([remedy, false]);
		}
	},
);
