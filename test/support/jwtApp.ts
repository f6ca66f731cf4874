/** A Box app that signs in with a key, as its owner has it. */
import { generateKeyPairSync } from 'node:crypto';

import type { LoopbackCloud } from '../cloud';
import { boxEnterpriseId } from '../cloud/box/accounts';

export interface JwtApp {
	readonly clientId: string;
	readonly clientSecret: string;
	readonly keyId: string;
	/** Encrypted, as PEM. */
	readonly privateKey: string;
	readonly passphrase: string;
	/** The file that the Developer Console gives. */
	readonly configFile: string;
}

export const PASSPHRASE = 'a passphrase of 32 characters ...';

const pairs = new Map<string, ReturnType<typeof makePair>>();

/** Registers a key under a new ID; the pair itself takes long to make and is made once. */
export function newJwtApp(cloud: LoopbackCloud): JwtApp {
	const pair = pairs.get('rsa') ?? makePair();
	pairs.set('rsa', pair);
	const { clientId, clientSecret } = cloud.boxOAuth.clients[0]!;
	const keyId = cloud.boxJwt.addKey(clientId, pair.publicKey);
	const { privateKey } = pair;
	const passphrase = PASSPHRASE;
	const configFile = JSON.stringify(
		{
			boxAppSettings: {
				clientID: clientId,
				clientSecret,
				appAuth: { publicKeyID: keyId, privateKey, passphrase },
			},
			enterpriseID: boxEnterpriseId,
		},
		undefined,
		2,
	);
	return { clientId, clientSecret, keyId, privateKey, passphrase, configFile };
}

/** The lines of a PEM that are its content. */
export function linesOf(pem: string): string[] {
	return pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line));
}

function makePair() {
	return generateKeyPairSync('rsa', {
		modulusLength: 2048,
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: {
			type: 'pkcs8',
			format: 'pem',
			cipher: 'aes-256-cbc',
			passphrase: PASSPHRASE,
		},
	});
}
