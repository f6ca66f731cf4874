/** A package registry: n8n installs community packages from there. */
import { createHash } from 'node:crypto';
import type { CloudReply, CloudRequest, VendorService } from '../core/contract';

export interface Manifest {
	readonly name: string;
	readonly version: string;
}

interface Release {
	readonly manifest: Manifest & Record<string, unknown>;
	readonly tarball: Buffer;
}

const host = 'registry.npmjs.org';

export class NpmRegistry implements VendorService {
	readonly vendor = 'npm';
	readonly hosts = [host];
	private readonly releases = new Map<string, Release>();

	/** The last one published under a name is its only and its latest version. */
	publish(manifest: Manifest, tarball: Buffer): void {
		const { name, version } = manifest;
		const dist = {
			tarball: `https://${host}/${name}/-/${name}-${version}.tgz`,
			integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
			shasum: createHash('sha1').update(tarball).digest('hex'),
		};
		this.releases.set(name, { manifest: { ...manifest, dist }, tarball });
	}

	routeOf(method: string, _host: string, pathname: string): string | undefined {
		if (method !== 'GET') return undefined;
		const [, ...parts] = pathname.split('/');
		if (parts.length === 1) return 'GET /:package';
		if (parts.length === 2) return 'GET /:package/:version';
		return parts.length === 3 && parts[1] === '-' ? 'GET /:package/-/:file' : undefined;
	}

	async handle({ method, pathname }: CloudRequest): Promise<CloudReply> {
		const [, name = '', second, file] = pathname.split('/').map(decodeURIComponent);
		const release = this.releases.get(name);
		const route = this.routeOf(method, host, pathname);
		if (!release || !route) return notFound;
		const { manifest, tarball } = release;
		const { version } = manifest;
		switch (route) {
			case 'GET /:package':
				return {
					status: 200,
					json: { name, 'dist-tags': { latest: version }, versions: { [version]: manifest } },
				};
			case 'GET /:package/:version':
				return second === version || second === 'latest'
					? { status: 200, json: manifest }
					: notFound;
			default:
				return file === `${name}-${version}.tgz`
					? {
							status: 200,
							headers: { 'content-type': 'application/octet-stream' },
							text: tarball,
						}
					: notFound;
		}
	}

	/** A published version stays. */
	reset(): void {}
}

const notFound: CloudReply = { status: 404, json: { error: 'Not found' } };
