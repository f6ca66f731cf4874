import type { IExecuteFunctions } from 'n8n-workflow';

import { InputProblem } from '../../fields/inputProblem';
import { collectionOf, optionText, textOf } from '../../fields/parameters';
import { singleLine } from '../../fields/readers';
import { requiredText } from '../../fields/values';

/** What a source field holds: a path, an ID or a link. */
export interface GivenSource {
	readonly text: string;
	/** Of a shared link. */
	readonly password: string | undefined;
}

interface SourceField {
	readonly vendor: 'Box' | 'Dropbox';
	readonly isFolder: boolean;
	/** What to enter. */
	readonly remedy: string;
	readonly credentialType: string;
	/** As the editor calls it. */
	readonly credentialLabel: string;
}

/** The field of one item, and whether the node has the credential for it; throws InputProblem. */
export function givenSource(
	context: IExecuteFunctions,
	itemIndex: number,
	{ vendor, isFolder, remedy, credentialType, credentialLabel }: SourceField,
): GivenSource {
	const kind = isFolder ? 'Folder' : 'File';
	const [name, label] = [`${vendor.toLowerCase()}${kind}`, `${vendor} ${kind}`];
	const given = textOf(context, itemIndex, name, label);
	const text = requiredText(given, name, label, remedy);
	const options = collectionOf(context, itemIndex);
	const password = optionText(options, 'sourceLinkPassword', 'Source Link Password');
	singleLine(password, 'sourceLinkPassword', 'Source Link Password');
	if (vendor === 'Box') checkHeaderText(password);
	if (context.getNode().credentials?.[credentialType] === undefined) {
		throw new InputProblem(
			'source',
			'The source has no credential',
			`Choose one in the field 'Credential for ${credentialLabel}', below the credential of the destination.`,
		);
	}
	return { text, password: password === '' ? undefined : password };
}

/** Box takes the password in a header: https://developer.box.com/reference/get-files-id-content/ (BoxApi). */
function checkHeaderText(password: string): void {
	if (!/[^\x20-\xff]/.test(password)) return;
	throw new InputProblem(
		'sourceLinkPassword',
		"n8n can't send this password to Box",
		"In Box, set a password for the shared link that has only Latin letters, digits, and symbols. Then enter it in 'Source Link Password'.",
	);
}

/** An address at one of these domains, or below; undefined for what is no address. */
export function urlOf(text: string): URL | undefined {
	if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
	return new URL(text);
}

export function isAtDomain({ hostname, protocol }: URL, domain: string): boolean {
	return protocol === 'https:' && (hostname === domain || hostname.endsWith(`.${domain}`));
}
