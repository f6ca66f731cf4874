import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { readDate } from './dates';
import { added, optionChoice, optionFlag, optionText } from './parameters';

/** What a link to a stored file is to be like; undefined where the vendor decides. */
export interface LinkRequest {
	readonly audience: string | undefined;
	/** `2026-05-12T15:50:38Z` */
	readonly expires: string | undefined;
	readonly password: string | undefined;
}

const BY_DEFAULT = 'default';
const whenWanted = { show: { sharedLink: [true] } };

/** Options for a link to each stored file, with the vendor's own audiences. */
export function linkOptions(
	audiences: readonly INodePropertyOptions[],
	plan: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Shared Link',
			name: 'sharedLink',
			type: 'boolean',
			default: false,
			description: `Whether to add a link to the file to each item: link, or shared_link if 'Simplify' is off. An existing link stays unchanged. ${plan}`,
		},
		...linkSettings(audiences).map((setting) => ({ ...setting, displayOptions: whenWanted })),
	];
}

/** What a new link is to be like. */
export function linkSettings(audiences: readonly INodePropertyOptions[]): INodeProperties[] {
	return [
		{
			displayName: 'Shared Link Audience',
			name: 'linkAudience',
			type: 'options',
			options: [
				{
					name: 'Default',
					value: BY_DEFAULT,
					description: 'Use the default of the account or folder',
				},
				...audiences,
			],
			default: BY_DEFAULT,
			description: 'Who can open the link',
		},
		{
			displayName: 'Shared Link Expires',
			name: 'linkExpires',
			type: 'dateTime',
			default: '',
			description:
				'When the link stops working. Empty means never. A date without a time zone is read as UTC. Not in every plan.',
		},
		{
			displayName: 'Shared Link Password',
			name: 'linkPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'What people must enter to open the link. Not in every plan.',
		},
	];
}

/** Undefined when no link is wanted. Throws InputProblem. */
export function readLinkRequest(
	options: IDataObject,
	audiences: readonly INodePropertyOptions[],
): LinkRequest | undefined {
	const isWanted = optionFlag(options, 'sharedLink', 'Shared Link');
	return isWanted ? readLinkSettings(options, audiences) : undefined;
}

/** Throws InputProblem. */
export function readLinkSettings(
	options: IDataObject,
	audiences: readonly INodePropertyOptions[],
): LinkRequest {
	const expires = added(options, 'linkExpires', '');
	const password = optionText(options, 'linkPassword', 'Shared Link Password');
	const audience = optionChoice(options, 'linkAudience', 'Shared Link Audience', [
		BY_DEFAULT,
		...audiences.map(({ value }) => String(value)),
	]);
	return {
		audience: audience === BY_DEFAULT ? undefined : audience,
		expires: readDate(expires, 'linkExpires', 'Shared Link Expires'),
		password: password === '' ? undefined : password,
	};
}
