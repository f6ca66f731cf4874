/** n8n's own rules on private addresses hold for the server of a link, at each redirect. */
import { useRig } from '../../support/rig';
import { useSourceServer } from '../../support/sourceServer';
import { errorsOf } from '../upload/uploads';
import { vendorNames, vendors } from './uploads';

const env = { NO_PROXY: '*', no_proxy: '*', N8N_SSRF_PROTECTION_ENABLED: 'true' };
const REFUSED = { path: 'source/not_allowed', retryable: false, stored: 'no' };
const source = useSourceServer();

describe('with SSRF protection, a server on this machine', () => {
	const rig = useRig({ engine: { env } });

	describe.each(vendorNames)('%s', (vendor) => {
		it.each(['127.0.0.1', 'localhost'])('is not asked as %s', async (host) => {
			const url = new URL(source().put('/a.txt', { content: Buffer.from('private') }));
			url.hostname = host;
			const [error] = errorsOf(await vendors[vendor].send(rig(), { urls: [url.href] }));
			expect(error).toMatchObject(REFUSED);
			expect(source().requests).toEqual([]);
		});
	});
});

describe.each(vendorNames)(
	'%s, with SSRF protection and an exception for one address',
	(vendor) => {
		const rig = useRig({ engine: { env: { ...env, N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32' } } });
		const { send } = vendors[vendor];

		it('that address is asked', async () => {
			const url = source().put('/a.txt', { content: Buffer.alloc(0), status: 404 });
			const [error] = errorsOf(await send(rig(), { urls: [url] }));
			expect(error).toMatchObject({ path: 'source/not_there' });
			expect(source().requests).toHaveLength(1);
		});

		it.each([
			'http://10.0.0.1/latest',
			'http://169.254.169.254/latest/meta-data',
			'http://[::1]/a.txt',
			'http://192.168.1.1:8080/a.txt',
		])('%s is refused', async (url) => {
			const [error] = errorsOf(await send(rig(), { urls: [url] }));
			expect(error).toMatchObject(REFUSED);
			expect(error?.description).toContain('restricted');
		});

		it.each(['http://10.0.0.1/a.txt', 'http://127.0.0.2/a.txt', 'https://[fd00::1]/a.txt'])(
			'a redirect to %s is refused',
			async (location) => {
				const content = Buffer.alloc(0);
				const url = source().put('/a.txt', { content, status: 302, headers: { location } });
				const [error] = errorsOf(await send(rig(), { urls: [url] }));
				expect(error).toMatchObject(REFUSED);
				expect(source().requests).toHaveLength(1);
			},
		);
	},
);
