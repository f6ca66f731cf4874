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

/** Box takes the password in a header: https://developer.box.com/reference/get-files-id-content/ (BoxApi). */
const NO_HEADER = [
	'sourceLinkPassword',
	"This password of a shared link can't be sent to Box",
	'Give the link in Box a password of Latin letters, digits and signs, or name the file by its ID.',
] as const;

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
	if (vendor === 'Box' && /[^\x20-\xff]/.test(password)) throw new InputProblem(...NO_HEADER);
	if (context.getNode().credentials?.[credentialType] === undefined) {
		throw new InputProblem(
			'source',
			'The source has no credential',
			`Choose one in the field 'Credential for ${credentialLabel}', below the credential of the destination.`,
		);
	}
	return { text, password: password === '' ? undefined : password };
}

/** An address at one of these domains, or below; undefined for what is no address. */
export function urlOf(text: string): URL | undefined {
	if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
	return new URL(text);
}

export function isAtDomain({ hostname, protocol }: URL, domain: string): boolean {
	return protocol === 'https:' && (hostname === domain || hostname.endsWith(`.${domain}`));
}
