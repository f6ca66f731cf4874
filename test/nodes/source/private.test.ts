/** n8n's own rules on private addresses hold for the server of a link, at each redirect. */
import { useRig } from '../../support/rig';
import { pastTheProxy, useSourceServer } from '../../support/sourceServer';
import { errorsOf } from '../upload/uploads';
import { toBox, toDropbox } from './uploads';

const env = {
	...pastTheProxy,
	NO_PROXY: '*',
	no_proxy: '*',
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
};
const rig = useRig({ engine: { env } });
const source = useSourceServer();

describe.each([
	['Dropbox', toDropbox],
	['Box', toBox],
] as const)('%s, with SSRF protection', (_, send) => {
	it.each([
		'http://10.0.0.1/latest',
		'http://169.254.169.254/latest/meta-data',
		'http://[::1]/a.txt',
		'http://192.168.1.1:8080/a.txt',
	])('%s is refused', async (url) => {
		const [error] = errorsOf(await send(rig(), { urls: [url] }));
		expect(error).toMatchObject({ path: 'source/not_allowed', retryable: false, stored: 'no' });
		expect(error?.description).toContain('restricted');
	});

	it.each(['http://10.0.0.1/a.txt', 'http://127.0.0.2/a.txt', 'https://[fd00::1]/a.txt'])(
		'a redirect to %s is refused',
		async (location) => {
			const content = Buffer.alloc(0);
			const url = source().put('/a.txt', { content, status: 302, headers: { location } });
			const [error] = errorsOf(await send(rig(), { urls: [url] }));
			expect(error).toMatchObject({ path: 'source/not_allowed', retryable: false, stored: 'no' });
			expect(source().requests).toHaveLength(1);
		},
	);
});
