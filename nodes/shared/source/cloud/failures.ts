import type { Explanation } from '../../catalogue';
import { forUser, passing } from '../../catalogue';
import type { Failure } from '../../failure';
import { failureOf } from '../../failureOf';

/** What can be wrong with a file of a cloud that is to be read; nothing was stored in any of these cases. */
export const cloudProblems = {
	refused: forUser(
		"The source doesn't give out the content of this file",
		'Try to download the file in a browser to see why: it may be restricted, infected, watermarked, or not yours to download.',
	),
	cloud_document: forUser(
		'The source is a cloud document, which has no content to copy',
		'Open the document in its app, export it as a file such as PDF or DOCX, and copy that file.',
	),
	web_link: forUser(
		'The source is a web link, which has no content to copy',
		"Create the link again at the destination, or leave it out: its URL stays in Box under 'Bookmark'.",
	),
	hash_mismatch: passing(
		"What was read isn't the file that the source has: the hashes differ",
		'Run this again. If it happens again, download the file in a browser and compare it: something between n8n and the source changes it.',
	),
	other_size: forUser(
		'The source gives out other content than it lists: the sizes differ',
		'Try to download the file in a browser: if it shows a watermark, its vendor gives out nothing else. If the file was just changed, run this again. Nothing of it was stored.',
	),
	changed: passing(
		'The source file changed while it was read',
		'Run the workflow again when the file is complete. Nothing of it was stored.',
	),
	not_a_file: forUser(
		'The source is a folder, not a file',
		"Set 'Source' to the folder of this vendor, or name a file in it.",
	),
	not_a_folder: forUser(
		'The source is a file, not a folder',
		"Set 'Source' to the file of this vendor, or name the folder that it is in.",
	),
	not_found: forUser(
		'The source has nothing at this path, ID or link',
		"Check the path, the ID or the link and its password, and that the account of the source's credential has access to it.",
	),
} as const satisfies Readonly<Record<string, Explanation>>;

export type CloudProblem = keyof typeof cloudProblems;

export function cloudFailure(
	vendor: Failure['vendor'],
	problem: CloudProblem,
	place: string,
	details: Partial<Failure> = {},
): Failure {
	return failureOf(vendor, `source/${problem}`, cloudProblems[problem], {
		subject: place,
		...details,
	});
}

/** What the vendors' own texts say to check then is set for the files that are written. */
const NOT_THERE = new Set(['not_found', 'path/not_found']);

/** The node has two. */
const WHICH_CREDENTIAL = 'This is about the credential of the source.';

/** A failure of the cloud that is read, told apart from those of the one that is written to. */
export function asSource(failure: Failure, place: string): Failure {
	const { code, message, vendor } = failure;
	if (code === 'canceled') return failure;
	if (NOT_THERE.has(code)) {
		const { requestId, status } = failure;
		return cloudFailure(vendor, 'not_found', place, {
			...(requestId !== undefined && { requestId }),
			...(status !== undefined && { status }),
		});
	}
	const isOurs = code.startsWith('source/');
	return {
		...failure,
		...(failure.status === 401 && { remedy: `${failure.remedy} ${WHICH_CREDENTIAL}` }),
		...(!isOurs && { documentedAs: code }),
		code: isOurs ? code : `source/${code}`,
		message: isOurs ? message : `The source can't be read: ${message}`,
		stored: 'no',
		subject: place,
	};
}
