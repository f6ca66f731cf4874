import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';

import { codeOf } from '../../../shared/http/rejection';
import type { JwtReason } from '../failures/jwt';
import type { JwtOutcome } from './jwtOutcome';
import { reached, unusable } from './jwtOutcome';

const LINE_CHARACTERS = 64;

/**
 * An RSA key from a PEM as people paste it: password fields lose line breaks, and JSON writes them as `\n`.
 * A failure never repeats a part of the key.
 */
export function readPrivateKey(pasted: string, passphrase: string): JwtOutcome<KeyObject> {
	const pem = withLines(pasted);
	if (pem === undefined) return unusable('jwt/no_private_key');
	if (isCutOff(pem)) return unusable('jwt/bad_private_key');
	const opened = open(pem, passphrase);
	// Blanks around it may be part of it, or have come along when it was copied.
	const trimmed = passphrase.trim();
	return opened.ok || trimmed === passphrase ? opened : open(pem, trimmed);
}

function open(pem: string, passphrase: string): JwtOutcome<KeyObject> {
	try {
		const key = createPrivateKey({ key: pem, passphrase });
		return key.asymmetricKeyType === 'rsa' ? reached(key) : unusable('jwt/no_rsa_key');
	} catch (error) {
		return unusable(reasonOf(error, pem, passphrase));
	}
}

function reasonOf(error: unknown, pem: string, passphrase: string): JwtReason {
	if (!pem.includes('ENCRYPTED')) return 'jwt/bad_private_key';
	// OpenSSL 3 has put the ciphers of old keys away.
	if (codeOf(error) === 'ERR_OSSL_EVP_UNSUPPORTED') return 'jwt/old_encryption';
	return passphrase === '' ? 'jwt/passphrase_missing' : 'jwt/wrong_passphrase';
}

/** With the line breaks that OpenSSL needs; undefined for what is no private key. */
function withLines(pasted: string): string | undefined {
	const text = pasted.replace(/\\r|\r/g, '').replace(/\\n/g, '\n');
	const found = /-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----([\s\S]*?)-----END \1-----/.exec(text);
	if (found === null) return undefined;
	const [, label = '', content = ''] = found;
	const { head, body } = splitHead(content);
	const lines = body.replace(/\s+/g, '').match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
	return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Keys encrypted the old way say how in front: `DEK-Info: AES-256-CBC,` and as many digits as the cipher's block has. */
function splitHead(content: string): { readonly head: readonly string[]; readonly body: string } {
	const found =
		/^\s*Proc-Type:\s*4,ENCRYPTED\s*DEK-Info:\s*(AES-\d+-CBC),([0-9A-Fa-f]{32})([\s\S]*)$/.exec(
			content,
		) ??
		/^\s*Proc-Type:\s*4,ENCRYPTED\s*DEK-Info:\s*([A-Z0-9-]+),([0-9A-Fa-f]{16})([\s\S]*)$/.exec(
			content,
		);
	if (found === null) return { head: [], body: content };
	const [, cipher = '', iv = '', body = ''] = found;
	return { head: ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${cipher},${iv}`, ''], body };
}

/** Whether less is there than the DER says; it begins with its own length. */
function isCutOff(pem: string): boolean {
	if (pem.includes('Proc-Type')) return false;
	const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
	const [tag, first = 0] = der;
	const lengthBytes = first & 0x7f;
	if (tag !== 0x30 || first < 0x80 || lengthBytes < 1 || lengthBytes > 4) return true;
	if (der.length < 2 + lengthBytes) return true;
	return der.length !== 2 + lengthBytes + der.readUIntBE(2, lengthBytes);
}
