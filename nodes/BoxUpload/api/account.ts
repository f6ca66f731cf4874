import { isObject, isString, pastedObject } from '../../shared/json';

/**
 * Whose account an app's credential signs in to: a user of Box, or the app's own account in an enterprise. Two
 * credentials of one account give the same; undefined where the credential does not say.
 */
export function accountIn(credential: Readonly<Record<string, unknown>>): string | undefined {
	const isUser = credential.boxSubjectType === 'user';
	if (isUser) return textIn(credential, 'userId') ?? textIn(credential, 'boxSubjectId');
	const isFile = credential.appSettings === 'configFile';
	const inFile = (isFile ? pastedObject(credential.privateKeyFile) : undefined) ?? {};
	const settings = isObject(inFile.boxAppSettings) ? inFile.boxAppSettings : {};
	const app = textIn(settings, 'clientID') ?? textIn(credential, 'clientId');
	const enterprise =
		textIn(inFile, 'enterpriseID') ??
		textIn(credential, 'enterpriseId') ??
		textIn(credential, 'boxSubjectId');
	return app === undefined || enterprise === undefined ? undefined : `${enterprise}:${app}`;
}

function textIn(value: Readonly<Record<string, unknown>>, name: string): string | undefined {
	const given = value[name];
	const text = typeof given === 'number' ? String(given) : isString(given) ? given.trim() : '';
	return text === '' ? undefined : text;
}
