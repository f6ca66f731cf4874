import type { Explanation } from '../../../shared/catalogue';
import { forUser } from '../../../shared/catalogue';

/** https://www.dropbox.com/developers/documentation/http/documentation#oauth2-token */
const invalidClient = forUser(
	"Dropbox doesn't recognize the app key or the app secret in the credential",
	'In the Dropbox App Console, open the app > Settings, copy both into the credential as client ID and client secret, then connect it again.',
);
const signInFails = forUser(
	"The sign-in to Dropbox doesn't work",
	'Open the credential and connect it again.',
);

/** What to do about a refusal of the token endpoint. */
export function signInTexts(error: string | undefined): Explanation {
	return error === 'invalid_client' ? invalidClient : signInFails;
}
