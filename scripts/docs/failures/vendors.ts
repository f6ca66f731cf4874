/** What can be wrong at Dropbox, at Box and with a link, asked of the code that explains it. */
import { explained as mayNotLookUsersUp } from '../../../nodes/BoxUpload/api/asUser';
import { boxCodes, byStatus } from '../../../nodes/BoxUpload/api/failures/codes';
import { jwtReasons } from '../../../nodes/BoxUpload/api/failures/jwt';
import { afterLostCommit } from '../../../nodes/BoxUpload/api/failures/lostCommit';
import * as box from '../../../nodes/BoxUpload/api/failures/read';
import type { SignedIn } from '../../../nodes/BoxUpload/api/failures/signIn';
import { AS_USER } from '../../../nodes/BoxUpload/api/failures/signIn';
import type { Step } from '../../../nodes/BoxUpload/api/failures/steps';
import { stepTexts } from '../../../nodes/BoxUpload/api/failures/steps';
import { badRequestReasons } from '../../../nodes/DropboxUpload/api/failures/badRequest';
import { afterLostResponse } from '../../../nodes/DropboxUpload/api/failures/lostCommit';
import * as dropbox from '../../../nodes/DropboxUpload/api/failures/read';
import { atTeamRoot } from '../../../nodes/DropboxUpload/api/failures/root';
import type { CloudProblem } from '../../../nodes/shared/source/cloud/failures';
import { asSource, cloudFailure, cloudProblems } from '../../../nodes/shared/source/cloud/failures';
import type { Problem } from '../../../nodes/shared/source/url/failures';
import {
	sourceFailure,
	statusFailure,
	unreachedFailure,
} from '../../../nodes/shared/source/url/failures';
import type { Failure } from '../../../nodes/shared/failure';
import type { HttpReply, NoReply } from '../../../nodes/shared/http/types';
import { endlessList } from '../../../nodes/shared/http/pages';
import { readingFailure } from '../../../nodes/shared/source/reading';
import { internalFailure } from '../../../nodes/shared/net';
import { SizeMismatch } from '../../../nodes/shared/source/parts';
import { TooLate } from '../../../nodes/shared/source/timeouts';
import type { JsonObject } from '../../../nodes/shared/json';
import { isObject, isString } from '../../../nodes/shared/json';
import { failureUnions, leavesOf } from '../../../test/nodes/dropbox/unions';
import type { Row } from './row';
import { once, rowOf, sorted } from './row';
import { constantRows, parameterRows } from './written';

type Vendor = Failure['vendor'];

/** Repeated although another run, unchanged, would not help: Box may not know its last part yet. */
const REPEATED_ALL_THE_SAME = new Set(['parts_mismatch']);

const NO_REPLIES: readonly NoReply[] = [
	{ kind: 'canceled', inFlight: false },
	{ kind: 'unauthorized' },
	{ kind: 'notRenewed', reason: '' },
	{ kind: 'unsent', reason: '', passes: true },
	{ kind: 'unsent', reason: '', passes: false },
	{ kind: 'lost', reason: '' },
	{ kind: 'unacceptable', reason: 'redirect', status: 302 },
	{ kind: 'unacceptable', reason: 'too_long', status: 200 },
];

/** One status stands for its like. */
const STATUSES: Readonly<Record<number, string>> = {
	400: 'http/400',
	402: 'http/402',
	403: 'http/403',
	404: 'http/404',
	405: 'http/405',
	407: 'http/407',
	408: 'http/408',
	410: 'http/410',
	413: 'http/413',
	418: 'http/4xx',
	429: 'rate_limited',
	500: 'http/5xx',
};

/** Of something between n8n and the vendor. */
const STATUSES_OF_PAGES: Readonly<Record<number, string>> = { 418: 'http/4xx', 502: 'http/5xx' };

const BOX_STEPS = Object.keys(stepTexts) as Step[];

/** Those that mean another thing in each step. */
const STATUSES_OF_STEPS = ['409', '410', '412', '416'];
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
	conflict: 409,
	item_name_in_use: 409,
	method_not_allowed: 405,
	not_found: 404,
	precondition_failed: 412,
	session_expired: 410,
};

/** `error` of RFC 6749 with which a token endpoint refuses. */
const REFUSALS = ['invalid_client', 'invalid_grant', 'invalid_request', 'unauthorized_client'];

/** Of a union, so that a tag that we have forgotten here does not compile. */
const PROBLEMS_OF_LINKS: Readonly<Record<Problem, true>> = {
	broken: true,
	changed: true,
	no_size: true,
	not_there: true,
	redirects: true,
	sign_in: true,
	stalled: true,
	too_slow: true,
	web_page: true,
};

const LINK = 'https://example.com/';
const PAGE = '<html>Sign in to the network</html>';

const reply = (status: number, text = ''): HttpReply => ({ status, headers: {}, text });

/** Failures of a call, which is repeated when they pass by themselves. */
function ofCall(failure: Failure, path = failure.code): Row {
	const isRepeated = failure.retryable && failure.code !== 'canceled';
	return rowOf(failure, isRepeated || REPEATED_ALL_THE_SAME.has(failure.code), path);
}

export const dropboxRows = once(readDropboxRows);
export const boxRows = once(readBoxRows);
/** The same for both vendors. */
export const linkRows = once(readLinkRows);
export const inputRows = once(() => sorted(parameterRows()));

function readDropboxRows(): Row[] {
	const call = { errorUnion: undefined };
	const automatic = { ...call, root: 'teamSpace' } as const;
	const ofRoots = [automatic, { ...call, root: 'namespace' } as const];
	const { readErrorReply, readNoReply, readUnion, toFailure, unexpectedReplyFailure } = dropbox;
	const noPermission = {
		...readUnion('files.UploadSessionFinishError', {
			'.tag': 'path',
			path: 'no_write_permission',
		}),
		subject: '/report.pdf',
	};
	const usedUp = readUnion('files.UploadSessionFinishError', {
		'.tag': 'lookup_failed',
		lookup_failed: { '.tag': 'not_found' },
	});
	return sorted([
		...constantRows('DropboxUpload'),
		...failureUnions().flatMap((union) =>
			leavesOf(union).flatMap(({ value }) => [
				ofCall(readUnion(union, value)),
				...withoutDeepest(value).map((cut) => ofCall(readUnion(union, cut))),
			]),
		),
		ofCall(readUnion('files.WriteError', 'new'), 'anything else'),
		...Object.entries(STATUSES).map(([status, path]) =>
			ofCall(readErrorReply(reply(Number(status)), call), path),
		),
		...Object.entries(STATUSES_OF_PAGES).map(([status, path]) =>
			ofCall(readErrorReply(reply(Number(status), PAGE), call), path),
		),
		...badRequestReasons.map(({ code: path, explanation }) => ofCall(toFailure(path, explanation))),
		...leavesOf('common.PathRootError').map(({ value }) =>
			ofCall(readErrorReply(reply(422, JSON.stringify({ error: value })), automatic)),
		),
		...ofRoots.map((context) => ofCall(readErrorReply(reply(422), context))),
		ofCall(readUnion('files.WriteError', 'other'), 'anything else'),
		ofCall(readErrorReply(reply(400, 'mistake'), call)),
		ofCall(atTeamRoot(noPermission, 'teamSpace')),
		...NO_REPLIES.map((noReply) => ofCall(readNoReply(noReply))),
		...REFUSALS.map((error) => ofCall(readNoReply({ kind: 'unauthorized', error }))),
		ofCall(unexpectedReplyFailure(reply(200))),
		rowOf(afterLostResponse(usedUp, { responseLost: true, isVerdict: true }), false),
		rowOf(endlessList('Dropbox'), false),
		...ofReading('Dropbox'),
		rowOf(internalFailure('Dropbox', undefined), false),
	]);
}

function readBoxRows(): Row[] {
	const contexts = [{}, ...BOX_STEPS.map((step) => ({ step }))];
	const { readErrorReply, readNoReply, toFailure, unexpectedReplyFailure } = box;
	const apps: readonly SignedIn[] = [
		{ by: 'app', asUser: false },
		{ by: 'app', asUser: true },
	];
	const [call] = contexts;
	const withCode = (code: string, status = 400) =>
		reply(status, JSON.stringify({ code, message: code }));
	const notThere = { ...toFailure('not_found', boxCodes.not_found!), status: 404 };
	return sorted([
		...constantRows('BoxUpload'),
		...contexts.flatMap((context) => [
			...Object.keys(boxCodes).map((code) =>
				ofCall(readErrorReply(withCode(code, STATUS_OF_CODE[code]), context)),
			),
			...[...Object.keys(byStatus), ...STATUSES_OF_STEPS].map((status) =>
				ofCall(readErrorReply(reply(Number(status)), context)),
			),
		]),
		...Object.entries(STATUSES).map(([status, path]) =>
			ofCall(readErrorReply(reply(Number(status)), call!), path),
		),
		...Object.entries(STATUSES_OF_PAGES).map(([status, path]) =>
			ofCall(readErrorReply(reply(Number(status), PAGE), call!), path),
		),
		...apps.flatMap((signedIn) =>
			['insufficient_scope', 'unauthorized'].map((code) => {
				const status = code === 'unauthorized' ? 401 : 403;
				return ofCall(readErrorReply(withCode(code, status), { ...call!, signedIn }));
			}),
		),
		...NO_REPLIES.map((noReply) => ofCall(readNoReply(noReply))),
		...[AS_USER, ...apps].flatMap((signedIn) =>
			[undefined, ...REFUSALS].map((error) =>
				ofCall(readNoReply({ kind: 'unauthorized', error }, signedIn)),
			),
		),
		ofCall(
			mayNotLookUsersUp(
				readErrorReply(withCode('access_denied_insufficient_permissions', 403), call!),
			),
		),
		...Object.keys(jwtReasons).map((error) =>
			ofCall(readNoReply({ kind: 'unauthorized', error }, { by: 'jwt', asUser: false })),
		),
		ofCall(unexpectedReplyFailure(reply(200))),
		rowOf(afterLostCommit(notThere, true), false),
		rowOf(endlessList('Box'), false),
		rowOf(afterLostCommit(notThere, false, true), false),
		...ofReading('Box'),
		rowOf(internalFailure('Box', undefined), false),
	]);
}

function readLinkRows(): Row[] {
	const problems = Object.keys(PROBLEMS_OF_LINKS) as Problem[];
	return sorted([
		...problems.map((problem) => {
			const failure = sourceFailure('Box', problem, LINK);
			return rowOf(failure, failure.retryable);
		}),
		ofCall(statusFailure('Box', 500, LINK), 'source/http_5xx'),
		ofCall(statusFailure('Box', 418, LINK), 'source/http_4xx'),
		...NO_REPLIES.filter(({ kind }) => kind === 'unsent').map((noReply) =>
			ofCall(unreachedFailure('Box', noReply, LINK)),
		),
	]);
}

/** Of a file or folder of a vendor that is the source; one failure stands for those with the vendor's own codes. */
export function cloudRows(): Row[] {
	const problems = Object.keys(cloudProblems) as CloudProblem[];
	const restricted = dropbox.readUnion('files.GetMetadataError', {
		'.tag': 'path',
		path: { '.tag': 'restricted_content' },
	});
	return sorted([
		...problems.map((problem) => {
			const failure = cloudFailure('Box', problem, '');
			return rowOf(failure, problem === 'hash_mismatch');
		}),
		rowOf(asSource(restricted, ''), false),
	]);
}

/** Unions whose deeper tag is missing, as it is when Dropbox has a new one. */
function withoutDeepest(value: unknown): JsonObject[] {
	const tag = isObject(value) && isString(value['.tag']) ? value['.tag'] : undefined;
	if (!isObject(value) || tag === undefined || !(tag in value)) return [];
	const inner = withoutDeepest(value[tag]).map((cut) => ({ ...value, [tag]: cut }));
	return isTaggedTag(value[tag]) ? [{ '.tag': tag }, ...inner] : [];
}

function isTaggedTag(value: unknown): boolean {
	return isString(value) || (isObject(value) && isString(value['.tag']));
}

function ofReading(vendor: Vendor): Row[] {
	const errors = [new SizeMismatch(1, 0), new TooLate(120_000), new Error()];
	return errors.map((error) => rowOf(readingFailure(vendor, error), false));
}
