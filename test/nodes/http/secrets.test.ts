/** What a server echoes, or somebody mistypes: no password, token or signed URL reaches an item, an error or the log. */
import { useRig } from '../../support/rig';
import * as box from '../boxUpload/uploads';
import { vendorNames, vendors } from '../source/uploads';
import { errorsOf, file, jsonOf, upload } from '../upload/uploads';

const rig = useRig();

const CREATE_LINK = 'sharing/create_shared_link_with_settings';
const PASSWORD = 'correct horse&battery';
const LINK = 'https://me:s3cret-pw@files.example/report.pdf?key=abcd1234&sig=Zm9vYmFy';
const SECRET_PARTS = ['correct horse', 's3cret', 'abcd1234', 'Zm9v'];

const carryOn = { onError: 'continueRegularOutput' } as const;
const items = [file('a.txt', 'aaa')];

/** In the text, in a query, in JSON. */
const echoesOf = (secret: string): string =>
	[secret, encodeURIComponent(secret), JSON.stringify(secret)].join(' or ');

function expectNoSecret(result: unknown): void {
	const text = JSON.stringify(result) + rig().engine.processOutput;
	for (const part of SECRET_PARTS) expect(text).not.toContain(part);
}

function answer(route: string, status: number, body: unknown): void {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const type = typeof body === 'string' ? 'text/plain' : 'application/json';
	rig().cloud.faults.add({
		route,
		times: Infinity,
		action: { kind: 'reply', status, headers: { 'content-type': type }, body: text },
	});
}

describe.each(vendorNames)('%s, a URL that is refused', (vendor) => {
	const { send } = vendors[vendor];

	it.each([
		['another scheme', LINK.replace('https', 'sftp')],
		['no scheme', LINK.replace('https://', '')],
		['quotes', `"${LINK}"`],
		['a slash in its password', LINK.replace('s3cret', 's3/cret')],
	])('because of %s is shown without what is secret', async (_, url) => {
		const result = await send(rig(), { urls: [url], ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/url' });
		expect(errorsOf(result)[0]?.description).toContain('files.example/report.pdf');
		expectNoSecret(result.outputs);
		expect(JSON.stringify(result.outputs)).not.toContain('cret-pw');
	});
});

describe('Dropbox', () => {
	it.each([
		[400, echoesOf(PASSWORD)],
		[400, `${'x'.repeat(480)} ${PASSWORD}`],
		[409, { error: { '.tag': 'settings_error', settings_error: { '.tag': PASSWORD } } }],
		[409, { error: { '.tag': 'other', password: PASSWORD } }],
	])('that echoes the password of a link in a %i', async (status, body) => {
		answer(CREATE_LINK, status, body);
		const options = { sharedLink: true, linkPassword: PASSWORD, linkAudience: 'public' };
		const result = await upload(rig(), { items, options, ...carryOn });
		expect(jsonOf(result)[0]).toMatchObject({ shared_link: null, shared_link_error: {} });
		expectNoSecret(result.outputs);
	});

	it.each([
		['files/save_url', 400, `Cannot fetch ${echoesOf(LINK)}`],
		['files/save_url', 409, { error: { '.tag': `new: ${LINK}` } }],
		[
			'files/save_url/check_job_status',
			200,
			{ '.tag': 'failed', failed: { '.tag': 'new', url: LINK } },
		],
	])('that echoes the URL in %s, %i', async (route, status, body) => {
		rig().cloud.dropbox.settings.jobPolls = 2;
		rig().cloud.dropbox.settings.fetchUrl = async () => await Promise.resolve(Buffer.from('x'));
		answer(route, status, body);
		const parameters = { letDropboxFetch: true };
		const result = await vendors.Dropbox.send(rig(), { urls: [LINK], parameters, ...carryOn });
		expect(errorsOf(result)[0]).toBeDefined();
		expectNoSecret(result.outputs);
	});
});

describe('Box', () => {
	it('that echoes the password of a link', async () => {
		answer('PUT /files/:id', 400, {
			type: 'error',
			code: 'bad_request',
			message: `No: ${echoesOf(PASSWORD)}`,
			context_info: { errors: [{ field: 'password', value: PASSWORD }] },
		});
		const options = { sharedLink: true, linkPassword: PASSWORD };
		const result = await box.upload(rig(), {
			items: [box.file('a.txt', 'aaa')],
			options,
			...carryOn,
		});
		expect(jsonOf(result)[0]).toMatchObject({ shared_link: null, shared_link_error: {} });
		expectNoSecret(result.outputs);
	});
});

describe('a token that is echoed', () => {
	const forms = (token: string): string[] => [
		`access_token=${token}`,
		`Bearer%20${token}`,
		`you sent ${token} to us`,
		JSON.stringify({ error: { '.tag': 'new', token } }),
	];

	it.each([0, 1, 2, 3])('is shown by no error and no item (form %i)', async (form) => {
		// Whatever a run of the rig gives is searched for each token that the cloud has given out.
		const { tokens } = await rig().connectDropbox();
		answer('sharing/get_file_metadata', form === 3 ? 409 : 400, forms(tokens.accessToken)[form]);
		const result = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'get',
			parameters: { file: '/a.txt' },
			items: [{ json: {} }],
			...carryOn,
		});
		expect(errorsOf(result)[0]?.description).toContain('…');
	});

	it('is in no item when the answer is fine', async () => {
		const { tokens } = await rig().connectBox();
		answer('GET /files/upload_sessions/:id', 200, {
			id: 'S1',
			part_size: 8,
			total_parts: 1,
			num_parts_processed: 0,
			session_expires_at: '2030-01-01T00:00:00Z',
			session_endpoints: Object.fromEntries(
				['upload_part', 'list_parts', 'commit', 'abort', 'status', 'log_event'].map((name) => [
					name,
					`https://upload.box.com/api/2.0/files/upload_sessions/S1/${name}`,
				]),
			),
			type: 'upload_session',
			echo: tokens.accessToken,
		});
		const result = await rig().box({
			resource: 'uploadSession',
			operation: 'get',
			parameters: { sessionId: 'S1' },
			options: { maxRetries: 0 },
			items: [{ json: {} }],
			...carryOn,
		});
		expect(JSON.stringify(jsonOf(result))).not.toContain(tokens.accessToken);
		expect(errorsOf(result)).toEqual([undefined]);
	});
});
