/** What is kept of an upload of a JWT app that broke off or was refused: no key, passphrase, secret, assertion or token. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Fault, FaultAction } from '../../cloud';
import type { RunResult } from '../../engine/types';
import type { JwtApp } from '../../support/jwtApp';
import { linesOf } from '../../support/jwtApp';
import { COMMIT, errorsOf, file, MIB, openSessions, PUT_PART, useBox } from '../boxUpload/uploads';

const homeDir = mkdtempSync(join(tmpdir(), 'jwt-secrets-'));
const resumeFolder = join(homeDir, '.n8n-files', 'notes');
const rig = useBox({ engine: { homeDir } });
afterAll(() => rmSync(homeDir, { recursive: true, force: true, maxRetries: 5 }));

const WORKFLOW = 'nightly';
const TOKEN = 'oauth2/token';
const FILE = { sizeBytes: 24 * MIB, seed: 24 };

let app: JwtApp;
let credentialId: string;

beforeEach(async () => {
	rmSync(resumeFolder, { recursive: true, force: true });
	rig().cloud.box.settings.partSizeBytes = 2 * MIB;
	({ app, credentialId } = await rig().connectBoxJwt());
	const opened = createPrivateKey({ key: app.privateKey, passphrase: app.passphrase });
	const plain = opened.export({ type: 'pkcs8', format: 'pem' }).toString();
	for (const line of linesOf(plain)) rig().secrets.addText(line);
});

const upload = async (): Promise<RunResult> =>
	await rig().boxJwt({
		resource: 'file',
		operation: 'upload',
		items: [file('nightly.bak', FILE)],
		options: { resumeFolder, maxRetries: 0, parallel: 2 },
		workflowId: WORKFLOW,
		onError: 'continueRegularOutput',
	});

/** What outlives the run: the notes in the folder, as bytes, and what n8n keeps with the workflow. */
async function kept(): Promise<string> {
	const notes = readdirSync(resumeFolder).map((name) =>
		readFileSync(join(resumeFolder, name), 'latin1'),
	);
	expect(notes).toHaveLength(2);
	expect(await rig().engine.staticData(WORKFLOW)).toEqual({});
	return notes.join('\n');
}

/** What the app has signed in with so far, as a server may echo it. */
function everything(): string {
	const { clientSecret, passphrase, privateKey } = app;
	const assertion = rig().cloud.boxJwt.assertions.at(-1)!;
	const [line] = linesOf(privateKey);
	return [
		clientSecret,
		passphrase,
		assertion,
		`${assertion.slice(0, -9)} …`,
		line,
		privateKey,
	].join(' and ');
}

/** Its body is made when it goes out: by then there are assertions to echo. */
const refusal = (status: number, bodyOf: () => object): FaultAction => ({
	kind: 'reply',
	status,
	headers: { 'content-type': 'application/json' },
	get body() {
		return JSON.stringify(bodyOf());
	},
});
const ofApi = (status: number) =>
	refusal(status, () => ({
		type: 'error',
		status,
		code: 'forbidden',
		message: `Refused: ${everything()}`,
		request_id: app.clientSecret,
		context_info: { errors: [{ name: app.passphrase, message: everything() }] },
	}));
const ofTokens = refusal(401, () => ({
	error: 'invalid_client',
	error_description: `Refused: ${everything()}`,
}));

type Break = [what: string, faults: () => Fault[], code: string];
const BREAKS: Break[] = [
	[
		'cut off by the network',
		() => [{ route: PUT_PART, skip: 5, action: { kind: 'resetBefore' } }],
		'network/answer_lost',
	],
	['refused at its commit', () => [{ route: COMMIT, action: ofApi(403) }], 'forbidden'],
	[
		'refused in the middle, token and all',
		() => [{ route: PUT_PART, skip: 5, action: ofApi(401) }],
		'forbidden',
	],
	[
		'left without a new token',
		() => [
			{
				route: PUT_PART,
				skip: 5,
				times: 1,
				action: { kind: 'delay', delayMs: 0 },
				onStrike: () => rig().cloud.boxTokens.expireAll(),
			},
			{ route: TOKEN, skip: 1, action: ofTokens },
		],
		'auth/not_connected',
	],
];

test.each(BREAKS)('an upload that is %s leaves notes without them', async (_what, faults, code) => {
	for (const fault of faults()) rig().cloud.faults.add({ times: Infinity, ...fault });
	const result = await upload();
	const [error] = errorsOf(result);
	expect(error).toMatchObject({ path: code, stored: 'no' });
	if (code !== 'network/answer_lost') expect(error?.description).toMatch(/Refused: …/);
	const notes = await kept();
	expect(notes).toContain(openSessions(rig())[0]);
	rig().secrets.assertNoneIn('A resume note', notes);
});

test('the search finds each of them', async () => {
	rig().cloud.faults.add({ route: COMMIT, action: ofApi(403) });
	await upload();
	const notes = await kept();
	const { clientSecret, passphrase, privateKey } = app;
	const [assertion = ''] = rig().cloud.boxJwt.assertions.slice(-1);
	const { data } = await rig().engine.getCredential(credentialId);
	const planted = [clientSecret, passphrase, ...linesOf(privateKey), assertion];
	for (const secret of [...planted, assertion.slice(0, -20), data.accessToken as string]) {
		const search = () => rig().secrets.assertNoneIn('A note', `${notes}${secret}`);
		expect(search).toThrow('A note holds a secret');
	}
});
