import type { Explanation } from '../../../shared/catalogue';
import { forUser, wrongInput } from '../../../shared/catalogue';
import {
	badRequestOfSession,
	changedSince,
	knownCode,
	nameInUse,
	noSession,
	outsideRange,
	partIsThere,
	partRefused,
} from './codes';

/** What a call does in an upload, as the same status is about other things in each. */
export type Step =
	| 'newFile'
	| 'newVersion'
	| 'getSession'
	| 'uploadPart'
	| 'listParts'
	| 'plan'
	| 'commit'
	| 'abort';

/**
 * Codes that say little more than their status:
 * https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/
 */
const LIKE_STATUS = new Set<string | undefined>([
	'bad_request',
	'conflict',
	'item_name_in_use',
	'method_not_allowed',
	'not_found',
	'precondition_failed',
]);

/** Statuses that mean nothing in a step for which the table has no text. */
const OF_STEPS = new Set([409, 410, 412, 416]);

const sessionRefusesCall = wrongInput(
	"Box doesn't allow this call on the upload session",
	"Check 'Session ID'. If it is right, send the file again in a new upload session.",
);
const sessionBusy = forUser(
	"Box can't do this with the upload session right now",
	'Run this again in a minute. If it happens again, send the file again in a new upload session.',
);

type Texts = Readonly<Record<number, Explanation>>;

const onSession: Texts = {
	400: badRequestOfSession,
	404: noSession,
	409: sessionBusy,
	410: noSession,
};

const noPlan = forUser(
	"Box can't say which parts of this upload session it has",
	"Check the 'Session ID'. If it is right, send all parts with 'Upload Part': this Box account may not have that call.",
);

const nothingToAbort = wrongInput(
	'Box no longer has this upload session',
	"Check 'Session ID'. If it is right, there is nothing to abort. A session ends with its commit, or after 7 days.",
);

export const stepTexts: Readonly<Record<Step, Texts>> = {
	newFile: { 409: nameInUse },
	newVersion: {
		409: forUser(
			"Box can't add the version to this file right now",
			"Run this again in a minute. If it happens again, check 'File Name': another item in the folder may have that name.",
		),
		412: changedSince,
	},
	getSession: onSession,
	// A part has no condition: https://developer.box.com/reference/put-files-upload-sessions-id/ (412).
	uploadPart: { ...onSession, 409: partIsThere, 412: partRefused, 416: outsideRange },
	listParts: onSession,
	plan: { ...onSession, 404: noPlan },
	commit: {
		...onSession,
		409: forUser(
			nameInUse.message,
			"Rename or delete the item that is there and commit again, or send the file in a new upload session with another 'File Name'.",
		),
		412: forUser(
			changedSince.message,
			"Look at the file in Box. Nothing was replaced. To replace the current version, enter its etag in 'Unchanged Since', or remove that option.",
		),
	},
	abort: {
		...onSession,
		404: nothingToAbort,
		409: forUser(
			"Box can't abort the upload session right now",
			'Run this again in a minute, or leave the session. Box deletes it after 7 days.',
		),
		410: nothingToAbort,
	},
};

/** What an answer means in a step. `status`: only its status can be told; undefined: the step makes no difference. */
export function ofStep(
	step: Step,
	code: string | undefined,
	status: number,
): Explanation | 'status' | undefined {
	const ofThis = stepTexts[step];
	const isOnSession = ofThis[404] !== undefined;
	if (isOnSession && isGone(code, status)) return ofThis[status];
	const isKnown = knownCode(code) !== undefined;
	if (isKnown && !LIKE_STATUS.has(code)) return undefined;
	if (status === 405) return isOnSession && isKnown ? sessionRefusesCall : undefined;
	if (!isKnown && saysLessThanStatus(code, status)) return 'status';
	return ofThis[status] ?? (OF_STEPS.has(status) ? 'status' : undefined);
}

function isGone(code: string | undefined, status: number): boolean {
	return status === 404 || (status === 410 && code !== 'upload_failed');
}

/** Of a bare 400 nobody knows which field it is about; a code that is new says something else than the status. */
function saysLessThanStatus(code: string | undefined, status: number): boolean {
	return status === 400 || (status === 409 && code !== undefined);
}
