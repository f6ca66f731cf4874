/**
 * What each step of an upload by hand says of a status that refuses it: in JSON with the vendor's own reason, without a
 * body, or as a page of something else. All items of a run get one answer each.
 */
import type { FaultAction } from '../../cloud';
import type { ItemSpec } from '../../engine/types';
import type { NodeRun } from '../../support/rig';
import { beginsWithAction, pointsToNothing } from '../../support/actions';
import {
	COMMIT,
	fileItem,
	LIST_PARTS,
	openSession,
	partOf,
	PUT_PART,
	step,
	text,
	useBox,
} from '../box/steps';
import { answering, answeringHtml } from '../dropbox/replies';
import { append, finish, startedSession, startEmpty } from '../dropbox/sessionSteps';
import { checkJob, errorsOf, filesToCommit, finishBatch, type ErrorJson } from '../dropbox/uploads';
import { file } from '../upload/uploads';

const rig = useBox();

const STATUSES = [400, 402, 404, 405, 409, 410, 412, 416, 422] as const;
type Status = (typeof STATUSES)[number];
/** What the description begins with; in JSON and without a body where these differ. */
type Remedies = Readonly<Record<Status, RegExp | readonly [json: RegExp, bare: RegExp]>>;

interface Case {
	readonly vendor: 'box' | 'dropbox';
	readonly route: string | RegExp;
	readonly arrange: (count: number) => Promise<NodeRun> | NodeRun;
	readonly remedies: Remedies;
	/** The JSON of a status; the error's message has `told` in it. */
	readonly json: (status: Status) => FaultAction;
	/** Routes that would do the same, and are refused as well. */
	readonly alike?: readonly string[];
	/** Whether one answer is for all items of a run. */
	readonly isOneCall?: boolean;
	/** What a job that goes on may have done; default no. */
	readonly stored?: 'unknown';
}

const items = (count: number, item: (index: number) => ItemSpec): ItemSpec[] =>
	Array.from({ length: count }, (_, index) => item(index));

const generic: readonly [RegExp, RegExp] = [
	/^Check the fields of this node\. If they are right, report it with the text and the request ID below: /,
	/^Check the fields of this node\. If they are right, report it with the HTTP status \d+: /,
];

/** https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/; 402, 416 and 422 have none. */
const BOX_CODES: Partial<Record<Status, string>> = {
	400: 'bad_request',
	404: 'not_found',
	405: 'method_not_allowed',
	409: 'conflict',
	410: 'session_expired',
	412: 'precondition_failed',
};

function boxJson(status: Status): FaultAction {
	return answering(
		{
			type: 'error',
			status,
			...(BOX_CODES[status] && { code: BOX_CODES[status] }),
			message: 'told by Box',
			request_id: 'abcdef123456',
		},
		status,
	);
}

const plan = (vendor: string) =>
	new RegExp(`^Check the plan and the billing of the account in ${vendor}`);
const proxy = /^Check that the proxy of the n8n server passes requests to api/;
const anew = /^Send the file again in a new upload session/;
const update = /^Update this package: /;

const ofBox: Remedies = {
	400: [/^Correct the field that Box names below.*the folder ID and the dates/, generic[1]],
	402: plan('Box'),
	404: /^Check the ID, and that the account of the credential has access/,
	405: [/^Check the IDs in this node/, proxy],
	409: /^Choose another name\./,
	410: [anew, update],
	412: generic,
	416: generic,
	422: generic,
};
const onSession: Remedies = {
	...ofBox,
	400: [/^Correct the field that Box names below.*in a new upload session/, generic[1]],
	404: anew,
	405: [/^Check 'Session ID'\. If it is right, send the file again/, proxy],
	409: /^Run this again in a minute\./,
	410: anew,
};
const gone = /^Check 'Session ID'\. If it is right, there is nothing to abort/;

const box = { vendor: 'box', json: boxJson } as const;
const CREATE = 'POST /files/upload_sessions';
const GET = 'GET /files/upload_sessions/:id';

const withSession =
	(operation: string, more: Omit<NodeRun, 'resource' | 'operation'> = {}) =>
	async (count: number): Promise<NodeRun> => {
		const sessionId = await openSession(rig());
		const parameters = { sessionId, ...more.parameters };
		return step(operation, { items: items(count, () => ({ json: {} })), ...more, parameters });
	};

const boxCases: Record<string, Case> = {
	'Create Session': {
		...box,
		route: CREATE,
		remedies: ofBox,
		arrange: (count) =>
			step('create', { items: items(count, (index) => fileItem(text, { index })) }),
	},
	'Create Session for a new version': {
		...box,
		route: 'POST /files/:id/upload_sessions',
		remedies: {
			...ofBox,
			409: /^Run this again in a minute\..*'File Name'/,
			412: /^Run this again, or enter the current etag/,
		},
		arrange: (count) =>
			step('create', {
				items: items(count, () => fileItem(text)),
				parameters: { uploadAs: 'newVersion', fileId: '123' },
			}),
	},
	'Get Session': { ...box, route: GET, remedies: onSession, arrange: withSession('get') },
	'Upload Part': {
		...box,
		route: PUT_PART,
		remedies: {
			...onSession,
			409: /^Continue with the next part\. Uploaded parts/,
			412: anew,
			416: /^Correct the offset and the data/,
		},
		arrange: async (count) => ({
			...partOf(await openSession(rig())),
			items: items(count, () => fileItem(text)),
		}),
	},
	'List Parts': {
		...box,
		route: LIST_PARTS,
		remedies: onSession,
		arrange: withSession('listParts'),
	},
	'Commit Box Session': {
		...box,
		route: COMMIT,
		remedies: {
			...onSession,
			409: /^Rename or delete the item that is there and commit again/,
			412: /^Look at the file in Box\. Nothing was replaced\./,
		},
		arrange: async (count) => ({
			...(await withSession('commit')(count)),
			items: items(count, () => fileItem(text)),
		}),
	},
	'Abort Session': {
		...box,
		route: 'DELETE /files/upload_sessions/:id',
		remedies: {
			...onSession,
			404: gone,
			409: /^Run this again in a minute, or leave the session/,
			410: gone,
		},
		arrange: withSession('abort'),
	},
	'Abort Session, when it asks for the session': {
		...box,
		route: GET,
		remedies: {
			...onSession,
			404: gone,
			409: /^Run this again in a minute, or leave the session/,
			410: gone,
		},
		arrange: (count) => ({
			...step('abort', { parameters: { sessionId: '={{ $json.id }}' } }),
			items: items(count, (index) => ({ json: { id: `ABCDEF0${index}` } })),
		}),
	},
	'Upload File': {
		...box,
		route: 'POST /files/content',
		remedies: ofBox,
		arrange: (count) => ({
			resource: 'file',
			operation: 'upload',
			items: items(count, (index) => file(`${index}.txt`, `${index}`)),
		}),
	},
};

const tagged = (...tags: string[]): object =>
	tags.reduceRight<object>(
		(inner, tag, index) => ({
			'.tag': tag,
			...(index < tags.length - 1 && { [tag]: inner }),
		}),
		{},
	);

/** The error of a 409 where the route has one; a 400 is in plain text, and 422 is about the root. */
function dropboxJson(...tags: string[]): (status: Status) => FaultAction {
	const headers = { 'x-dropbox-request-id': 'abcdef123456' };
	return (status) => {
		if (status === 400) {
			const body = 'Error in call to API function: told by Dropbox';
			return { kind: 'reply', status, headers: { ...headers, 'content-type': 'text/plain' }, body };
		}
		const error = status === 422 ? tagged('no_permission') : tagged(...tags);
		const isUnion = status === 422 || (status === 409 && tags.length > 0);
		const json = { error_summary: 'told by Dropbox', ...(isUnion && { error }) };
		return {
			kind: 'reply',
			status,
			headers: { ...headers, 'content-type': 'application/json' },
			body: JSON.stringify(json),
		};
	};
}

const ofDropbox: Remedies = {
	400: [/^Correct the field that Dropbox names below/, generic[1]],
	402: plan('Dropbox'),
	404: proxy,
	405: proxy,
	409: generic,
	410: update,
	412: generic,
	416: generic,
	422: [
		/^Set 'App Access Type' to App Folder in the credential/,
		/^Set 'Paths Begin In' to My Folder in Options/,
	],
};
const with409 = (says: RegExp): Remedies => ({ ...ofDropbox, 409: [says, generic[1]] });
const dropbox = { vendor: 'dropbox' } as const;
const sharedFiles = (operation: string) => (count: number) => ({
	resource: 'sharedFile',
	operation,
	parameters: { file: '/a.txt' },
	items: items(count, () => ({ json: {} })),
});

const dropboxCases: Record<string, Case> = {
	'Start Session': {
		...dropbox,
		route: 'files/upload_session/start',
		json: dropboxJson('payload_too_large'),
		remedies: with409(/^Send at most 150 MiB in one request\./),
		arrange: (count) => ({ ...startEmpty, items: items(count, () => ({ json: {} })) }),
	},
	'Append to Session': {
		...dropbox,
		route: 'files/upload_session/append_v2',
		json: dropboxJson('not_found'),
		remedies: with409(/^Start a new session and send the file again\./),
		arrange: async (count) => {
			const session = { session_id: await startedSession(rig()), offset: 0 };
			return { ...append, items: items(count, () => fileItem(text, session)) };
		},
	},
	'Finish Session': {
		...dropbox,
		route: 'files/upload_session/finish',
		json: dropboxJson('path', 'conflict', 'file'),
		remedies: with409(/^Set 'If File Exists' to Overwrite or Rename.* use 'Mode' and 'Autorename'/),
		arrange: async (count) => ({
			...finish,
			parameters: { ...finish.parameters, binaryPropertyName: '' },
			items: await filesToCommit(
				rig(),
				items(count, () => ({ json: {} })).map((_, i) => `/${i}.txt`),
			),
		}),
	},
	'Finish Upload Batch': {
		...dropbox,
		route: 'files/upload_session/finish_batch_v2',
		alike: ['files/upload_session/finish_batch', 'files/upload_session/finish'],
		isOneCall: true,
		json: dropboxJson(),
		remedies: ofDropbox,
		arrange: async () => ({ ...finishBatch, items: await filesToCommit(rig(), ['/a.txt']) }),
	},
	'Check Batch Job': {
		...dropbox,
		route: 'files/upload_session/finish_batch/check',
		json: dropboxJson('invalid_async_job_id'),
		remedies: with409(/^Check the job ID\./),
		stored: 'unknown',
		arrange: (count) => ({
			...checkJob,
			parameters: { asyncJobId: 'a job' },
			items: items(count, () => ({ json: {} })),
		}),
	},
	'Get Shared File Metadata': {
		...dropbox,
		route: 'sharing/get_file_metadata',
		json: dropboxJson('access_error', 'invalid_file'),
		remedies: with409(/^Check the path \(\/Folder\/name\.ext\) or ID/),
		arrange: sharedFiles('get'),
	},
	'Get Many Shared Files': {
		...dropbox,
		route: 'sharing/get_file_metadata/batch',
		isOneCall: true,
		json: dropboxJson('email_unverified'),
		remedies: with409(/^Verify it at dropbox\.com/),
		arrange: () => sharedFiles('getMany')(1),
	},
	'Get Shared Link': {
		...dropbox,
		route: 'sharing/create_shared_link_with_settings',
		json: dropboxJson('access_denied'),
		remedies: with409(/^Ask the owner of the folder to allow links/),
		arrange: sharedFiles('getLink'),
	},
	'Upload Files': {
		...dropbox,
		route: 'files/upload_session/start_batch',
		alike: ['files/upload_session/start', 'files/upload'],
		isOneCall: true,
		json: dropboxJson(),
		remedies: ofDropbox,
		arrange: () => ({
			resource: 'file',
			operation: 'upload',
			items: [file('a.txt', 'a')],
		}),
	},
};

interface Answer {
	readonly status: Status;
	readonly form: 'json' | 'bare' | 'page';
	readonly action: FaultAction;
}

function answersTo({ json }: Case): Answer[] {
	return STATUSES.flatMap((status): Answer[] => [
		{ status, form: 'json', action: json(status) },
		{ status, form: 'bare', action: { kind: 'reply', status, body: '' } },
		{ status, form: 'page', action: answeringHtml(status, 'Web filter') },
	]);
}

async function runsOf(one: Case, answers: readonly Answer[]): Promise<ErrorJson[]> {
	const { alike = [], vendor, route, arrange } = one;
	rig().cloud.faults.clear();
	const node = await arrange(answers.length);
	for (const { action } of answers) {
		for (const refused of [route, ...alike]) rig().cloud.faults.add({ route: refused, action });
	}
	const result = await rig()[vendor]({
		...node,
		options: { maxRetries: 0, ...node.options },
		onError: 'continueRegularOutput',
	});
	const errors = errorsOf(result);
	expect(errors.filter((error) => error === undefined)).toEqual([]);
	return errors as ErrorJson[];
}

const formOf = ({ description, message }: ErrorJson): Answer['form'] => {
	if (message.startsWith('Something between n8n and')) return 'page';
	return / said: |Request ID: /.test(description) ? 'json' : 'bare';
};

function expectTold({ remedies, vendor, ...one }: Case, error: ErrorJson, answer: Answer): void {
	const { status, form } = answer;
	const remedy = remedies[status];
	const says = {
		page: /^Check the proxy, the firewall and the sign-in of the network.* Reason: Web filter/,
		json: remedy instanceof RegExp ? remedy : remedy[0],
		bare: remedy instanceof RegExp ? remedy : remedy[1],
	}[form];
	const { description } = error;
	expect([status, form, description]).toEqual([
		status,
		form,
		expect.stringMatching(says) as string,
	]);
	expect([description, beginsWithAction(description)]).toEqual([description, true]);
	expect([description, pointsToNothing(description)]).toEqual([description, false]);
	expect(description).not.toMatch(/undefined|<html|\[object/);
	expect({ status, form, stored: error.stored, retryable: error.retryable }).toEqual({
		status,
		form,
		stored: one.stored ?? 'no',
		retryable: false,
	});
	expect(error.vendor).toBe(vendor === 'box' ? 'Box' : 'Dropbox');
}

describe.each([
	['Box', boxCases],
	['Dropbox', dropboxCases],
])('%s', (_vendor, cases) => {
	test.each(Object.entries(cases))('%s', async (_name, one) => {
		const answers = answersTo(one);
		if (one.isOneCall) {
			for (const answer of answers) {
				const [error] = await runsOf(one, [answer]);
				expectTold(one, error!, answer);
			}
			return;
		}
		const errors = await runsOf(one, answers);
		// Which item got which answer depends on who was first; each answer was given once.
		for (const answer of answers) {
			const told = errors.filter(
				(error) => error.status === answer.status && formOf(error) === answer.form,
			);
			expect([answer.status, answer.form, told.length]).toEqual([answer.status, answer.form, 1]);
			expectTold(one, told[0]!, answer);
		}
	});
});
