import { generate } from 'selfsigned';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';

const algorithm = { algorithm: 'sha256', keyType: 'ec', curve: 'P-256' } as const;

interface KeyPair {
	privateKey: string;
	publicKey: string;
}

export interface LeafPems {
	readonly key: string;
	readonly cert: string;
}

/** A certificate authority of this process, with a leaf for any host name somebody asks for. */
export class CertificateAuthority {
	private readonly contexts = new Map<string, Promise<SecureContext>>();

	private constructor(
		readonly caPem: string,
		private readonly caKeyPem: string,
		/** One pair serves all leaves: making a key for each would only cost time. */
		private readonly leafKeys: KeyPair,
	) {}

	static async create(): Promise<CertificateAuthority> {
		const ca = await generate([{ name: 'commonName', value: 'Loopback Cloud CA' }], {
			...algorithm,
			...validity(),
			extensions: [
				{ name: 'basicConstraints', cA: true, critical: true },
				{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
			],
		});
		const leaf = await generate([{ name: 'commonName', value: 'leaf keys' }], algorithm);
		return new CertificateAuthority(ca.cert, ca.private, {
			privateKey: leaf.private,
			publicKey: leaf.public,
		});
	}

	/** One leaf with all these names, kept for each of them. */
	async serve(hosts: readonly string[]): Promise<LeafPems> {
		const leaf = await this.makeLeaf(hosts);
		const context = Promise.resolve(createSecureContext(leaf));
		for (const host of hosts) this.contexts.set(host, context);
		return leaf;
	}

	contextFor(host: string): Promise<SecureContext> {
		let context = this.contexts.get(host);
		if (!context) {
			context = this.makeLeaf([host]).then(createSecureContext);
			this.contexts.set(host, context);
		}
		return context;
	}

	private async makeLeaf(hosts: readonly string[]): Promise<LeafPems> {
		const leaf = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
			...algorithm,
			...validity(),
			keyPair: this.leafKeys,
			ca: { key: this.caKeyPem, cert: this.caPem },
			extensions: [
				{ name: 'basicConstraints', cA: false },
				{ name: 'keyUsage', digitalSignature: true, critical: true },
				{ name: 'extKeyUsage', serverAuth: true },
				{
					name: 'subjectAltName',
					altNames: hosts.map((host) =>
						isIP(host) ? { type: 7, ip: host } : { type: 2, value: host },
					),
				},
			],
		});
		return { key: leaf.private, cert: leaf.cert };
	}
}

/** Some clients refuse a certificate made this very second by a clock a little ahead of theirs. */
function validity(): { notBeforeDate: Date; notAfterDate: Date } {
	const dayMs = 24 * 60 * 60 * 1000;
	return {
		notBeforeDate: new Date(Date.now() - dayMs),
		notAfterDate: new Date(Date.now() + 30 * dayMs),
	};
}
