import type { IDataObject } from 'n8n-workflow';

import type { Failure } from '../failure';
import { ERRORS_PAGE } from '../issues';

/** The documented shape of `error` in a failed item. */
export interface ErrorJson {
	message: string;
	description: string;
	path: string;
	class: Failure['class'];
	retryable: boolean;
	stored: Failure['stored'];
	vendor: Failure['vendor'];
	/** Where the documentation explains the code. */
	documentationUrl: string;
	status?: number;
	requestId?: string;
	resume?: Readonly<Record<string, string | number>>;
}

/** What to do first, then what it was about and what the vendor said, in one text. */
export function descriptionOf(failure: Failure): string {
	const storedNote = {
		yes: 'The file is stored.',
		unknown: 'The file may be stored.',
		no: '',
	}[failure.stored];
	return [
		failure.remedy,
		triedNote(failure),
		storedNote,
		failure.subject && `${failure.subject}: ${failure.code}.`,
		failure.vendorText && `${failure.vendor} said: ${sentence(failure.vendorText)}`,
		failure.reason && `Reason: ${sentence(failure.reason)}`,
		failure.requestId && `Request ID: ${failure.requestId}`,
	]
		.filter((part) => part !== undefined && part !== '')
		.join(' ');
}

function sentence(text: string): string {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Of what does not pass by itself the tries say nothing. */
function triedNote({ retries = 0, retryable }: Failure): string {
	return retryable && retries > 0 ? `The node has tried ${retries + 1} times.` : '';
}

export function errorJson(failure: Failure): ErrorJson {
	return {
		message: failure.message,
		description: descriptionOf(failure),
		path: failure.code,
		class: failure.class,
		retryable: failure.retryable,
		stored: failure.stored,
		vendor: failure.vendor,
		documentationUrl: documentationUrl(failure),
		...(failure.status !== undefined && { status: failure.status }),
		...(failure.requestId !== undefined && { requestId: failure.requestId }),
		...resumeOf(failure),
	};
}

/** What the vendor has said of the session or job is also what a later run needs. */
function resumeOf({ detail, resume }: Failure): Pick<ErrorJson, 'resume'> {
	switch (detail?.kind) {
		case 'offset':
			return { resume: { ...resume, correctOffset: detail.correctOffset } };
		case 'job':
			return { resume: { ...resume, asyncJobId: detail.asyncJobId } };
		default:
			return resume === undefined ? {} : { resume };
	}
}

/**
 * The anchor of a code in docs/errors.md, e.g. `box-item_name_in_use`. One for all HTTP statuses, of which the page
 * names only some.
 */
export function errorAnchor(vendor: Failure['vendor'], code: string): string {
	const name = code.toLowerCase().replace(/\b(http)[/_][0-9x]{3}$/, '$1');
	const slug = name.replace(/[^a-z0-9_]+/g, '-');
	return /^(?:input|source)\//.test(code) ? slug : `${vendor.toLowerCase()}-${slug}`;
}

export function documentationUrl({ vendor, code, documentedAs = code }: Failure): string {
	return `${ERRORS_PAGE}#${errorAnchor(vendor, documentedAs)}`;
}

export function errorItemJson(failure: Failure): IDataObject {
	return { error: { ...errorJson(failure) } };
}
